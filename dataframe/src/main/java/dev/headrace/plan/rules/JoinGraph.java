package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.RowEstimate;
import dev.headrace.plan.Totality;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tables and what joins them. Columns of all tables are numbered through, in the order in which tables are added.
final class JoinGraph {
    /// What it costs to put a row into a join's table, in rows that pass.
    private static final double BUILD = 2;

    /// How much dearer a join that nothing restricts is taken to be.
    private static final double CROSS = 10;

    /// What part of the rows of several tables conditions leave that are not of columns that are equal.
    private static final double EQUAL = 0.01;

    private static final double OTHER = 0.3;

    private final List<LogicalPlan> tables = new ArrayList<>();
    private final List<Integer> firstColumns = new ArrayList<>();
    private final List<BoundExpr.Column> columns = new ArrayList<>();
    private final List<BoundExpr> conditions = new ArrayList<>();

    /// Columns that are equal to each other.
    private final List<BitSet> classes = new ArrayList<>();

    /// The tables of each condition and of each class, as bits: asked for each way to divide tables in two.
    private int[] tablesOfConditions = new int[0];

    private int[] tablesOfClasses = new int[0];

    /// The rows of each table, and those before conditions.
    private double[] rows = new double[0];

    private double[] allRows = new double[0];

    /// A way to join some of the tables.
    private record Way(int left, int right, double cost) {}

    /// The joined tables.
    ///
    /// @param places for each column of the graph its place in the plan; -1 for those that are not there
    record Ordered(LogicalPlan plan, int[] places) {
        /// An expression over the graph's columns, over the plan's.
        BoundExpr place(BoundExpr expr) {
            return Columns.move(expr, plan, i -> places[i]);
        }
    }

    List<LogicalPlan> tables() {
        return tables;
    }

    /// Adds a table.
    ///
    /// @return its columns
    List<BoundExpr> add(LogicalPlan table) {
        List<BoundExpr> added = new ArrayList<>();
        tables.add(table);
        firstColumns.add(columns.size());
        for (StructField field : table.schema()) {
            BoundExpr.Column column =
                    new BoundExpr.Column(columns.size(), field.name(), field.dataType(), field.nullable());
            columns.add(column);
            added.add(column);
        }
        return added;
    }

    /// Adds what must hold of the joined rows.
    void addCondition(BoundExpr condition) {
        if (condition instanceof BoundExpr.Compare(CompareOp op, BoundExpr.Column left, BoundExpr.Column right)
                && op == CompareOp.EQUAL
                && left.type().equals(right.type())
                && left.ordinal() != right.ordinal()) {
            equate(left.ordinal(), right.ordinal());
        } else {
            conditions.add(condition);
            for (int table = 0; table < tables.size(); table++) {
                restrictionBy(condition, table).ifPresent(conditions::add);
            }
        }
    }

    /// What `a.x AND b.x OR a.y AND b.y` says about the table `a` alone: `a.x OR a.y`. Only of parts that never fail:
    /// it is also asked about rows that other parts leave out, and those without partners.
    private Optional<BoundExpr> restrictionBy(BoundExpr condition, int table) {
        if (!(condition instanceof BoundExpr.Or(BoundExpr left, BoundExpr right))
                || Integer.bitCount(tablesOf(condition)) < 2) {
            return Optional.empty();
        }
        Optional<BoundExpr> a = partOf(left, table);
        Optional<BoundExpr> b = partOf(right, table);
        return a.isPresent() && b.isPresent() ? Optional.of(new BoundExpr.Or(a.get(), b.get())) : Optional.empty();
    }

    private Optional<BoundExpr> partOf(BoundExpr condition, int table) {
        if (condition instanceof BoundExpr.Or(BoundExpr left, BoundExpr right)) {
            Optional<BoundExpr> a = partOf(left, table);
            Optional<BoundExpr> b = partOf(right, table);
            return a.isPresent() && b.isPresent() ? Optional.of(new BoundExpr.Or(a.get(), b.get())) : Optional.empty();
        }
        return Conjuncts.and(Conjuncts.of(condition).stream()
                .filter(part -> tablesOf(part) == 1 << table && Totality.neverFails(part))
                .toList());
    }

    private void equate(int a, int b) {
        BitSet merged = new BitSet();
        merged.set(a);
        merged.set(b);
        classes.removeIf(known -> {
            if (known.get(a) || known.get(b)) {
                merged.or(known);
                return true;
            }
            return false;
        });
        classes.add(merged);
    }

    private int tableOf(int column) {
        int table = tables.size() - 1;
        while (firstColumns.get(table) > column) {
            table--;
        }
        return table;
    }

    private int tablesOf(BoundExpr expr) {
        int set = 0;
        BitSet used = Columns.usedBy(expr);
        for (int i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
            set |= 1 << tableOf(i);
        }
        return set;
    }

    /// Estimates the rows of each table, after the conditions that concern it alone.
    ///
    /// @return whether all are known
    boolean estimate() {
        tablesOfConditions = conditions.stream().mapToInt(this::tablesOf).toArray();
        tablesOfClasses = classes.stream().mapToInt(this::tablesOf).toArray();
        rows = new double[tables.size()];
        allRows = new double[tables.size()];
        for (int t = 0; t < rows.length; t++) {
            LogicalPlan filtered = filtered(t);
            OptionalDouble known = RowEstimate.rows(filtered);
            if (known.isEmpty()) {
                return false;
            }
            rows[t] = Math.max(1, known.getAsDouble());
            allRows[t] = Math.max(
                    rows[t], RowEstimate.rowsBeforeFilters(tables.get(t)).orElse(0));
        }
        return true;
    }

    double largest() {
        return Arrays.stream(rows).max().orElse(0);
    }

    /// How many values the columns that are equal to each other may have: those of the one with the fewest.
    private double domain(BitSet equal) {
        double fewest = Double.MAX_VALUE;
        double most = 1;
        for (int column = equal.nextSetBit(0); column >= 0; column = equal.nextSetBit(column + 1)) {
            OptionalDouble distinct = distinct(column);
            if (distinct.isPresent()) {
                fewest = Math.min(fewest, distinct.getAsDouble());
            }
            most = Math.max(most, rows[tableOf(column)]);
        }
        return Math.max(1, fewest == Double.MAX_VALUE ? most : fewest);
    }

    /// The tables of which a column may be the key: it has as many values as there are rows. If it may be that of a
    /// smaller table too, it is that one's, and just widely spread in the others.
    private int keyedTables(BitSet equal) {
        double smallest = Double.MAX_VALUE;
        int keyed = 0;
        for (int column = equal.nextSetBit(0); column >= 0; column = equal.nextSetBit(column + 1)) {
            int table = tableOf(column);
            if (allRows[table] <= smallest && distinct(column).orElse(0) >= allRows[table]) {
                keyed = (allRows[table] < smallest ? 0 : keyed) | 1 << table;
                smallest = allRows[table];
            }
        }
        return keyed;
    }

    private OptionalDouble distinct(int column) {
        int table = tableOf(column);
        return RowEstimate.distinct(tables.get(table), column - firstColumns.get(table));
    }

    /// A table with the conditions that concern it alone.
    private LogicalPlan filtered(int table) {
        List<BoundExpr> own = new ArrayList<>();
        int first = firstColumns.get(table);
        for (int c = 0; c < conditions.size(); c++) {
            int used = tablesOfConditions[c];
            if (used == 1 << table || used == 0 && table == 0) {
                own.add(Columns.move(conditions.get(c), tables.get(table), i -> i - first));
            }
        }
        for (BitSet equal : classes) {
            BoundExpr.@Nullable Column before = null;
            for (int i = equal.nextSetBit(0); i >= 0; i = equal.nextSetBit(i + 1)) {
                if (tableOf(i) == table) {
                    BoundExpr.Column here = Columns.of(tables.get(table).schema(), i - first);
                    if (before != null) {
                        own.add(new BoundExpr.Compare(CompareOp.EQUAL, before, here));
                    }
                    before = here;
                }
            }
        }
        return Conjuncts.filter(tables.get(table), own);
    }

    /// About how many rows each set of tables has when they are joined.
    private double[] cardinalities() {
        List<JoinedRows.Table> sizes = IntStream.range(0, tables.size())
                .mapToObj(t -> new JoinedRows.Table(rows[t], allRows[t]))
                .toList();
        List<JoinedRows.Shared> shared = IntStream.range(0, classes.size())
                .mapToObj(c ->
                        new JoinedRows.Shared(tablesOfClasses[c], keyedTables(classes.get(c)), domain(classes.get(c))))
                .toList();
        List<JoinedRows.Restriction> restrictions = IntStream.range(0, conditions.size())
                .filter(c -> Integer.bitCount(tablesOfConditions[c]) > 1)
                .mapToObj(c -> new JoinedRows.Restriction(
                        tablesOfConditions[c], isEquality(conditions.get(c)) ? EQUAL : OTHER))
                .toList();
        return JoinedRows.ofSets(sizes, shared, restrictions);
    }

    private int tablesOf(BitSet equal) {
        int set = 0;
        for (int i = equal.nextSetBit(0); i >= 0; i = equal.nextSetBit(i + 1)) {
            set |= 1 << tableOf(i);
        }
        return set;
    }

    private static boolean isEquality(BoundExpr condition) {
        return condition instanceof BoundExpr.Compare compare && compare.op() == CompareOp.EQUAL;
    }

    /// Joins all tables in the cheapest order: of all ways to divide a set of tables in two, the cheapest is kept, for
    /// larger and larger sets.
    Ordered order() {
        int all = (1 << tables.size()) - 1;
        double[] cardinalities = cardinalities();
        @Nullable Way[] ways = new @Nullable Way[all + 1];
        for (int set = 1; set <= all; set++) {
            if (Integer.bitCount(set) == 1) {
                ways[set] = new Way(0, 0, 0);
                continue;
            }
            for (int left = set - 1 & set; left > 0; left = left - 1 & set) {
                int right = set & ~left;
                if (left < right) {
                    continue;
                }
                consider(set, left, right, cardinalities, ways);
            }
        }
        return plan(all, ways, cardinalities);
    }

    private void consider(int set, int a, int b, double[] cardinalities, @Nullable Way[] ways) {
        boolean aIsLarger = cardinalities[a] >= cardinalities[b];
        int left = aIsLarger ? a : b;
        int right = aIsLarger ? b : a;
        Way leftWay = ways[left];
        Way rightWay = ways[right];
        if (leftWay == null || rightWay == null) {
            return;
        }
        double join = cardinalities[left] + BUILD * cardinalities[right] + cardinalities[set];
        double before = leftWay.cost() + rightWay.cost();
        Way best = ways[set];
        if (best != null && before + join >= best.cost()) {
            return;
        }
        double cost = before + (areJoined(a, b) ? join : CROSS * join);
        if (best == null || cost < best.cost()) {
            ways[set] = new Way(left, right, cost);
        }
    }

    private boolean areJoined(int a, int b) {
        for (int members : tablesOfClasses) {
            if ((members & a) != 0 && (members & b) != 0) {
                return true;
            }
        }
        for (int c = 0; c < tablesOfConditions.length; c++) {
            int used = tablesOfConditions[c];
            if ((used & a) != 0 && (used & b) != 0 && (used & ~(a | b)) == 0 && isEquality(conditions.get(c))) {
                return true;
            }
        }
        return false;
    }

    private Ordered plan(int set, @Nullable Way[] ways, double[] cardinalities) {
        if (Integer.bitCount(set) == 1) {
            return table(Integer.numberOfTrailingZeros(set));
        }
        Way way = java.util.Objects.requireNonNull(ways[set]);
        Ordered left = plan(way.left(), ways, cardinalities);
        Ordered right = plan(way.right(), ways, cardinalities);
        int leftWidth = left.plan().schema().size();
        int[] places = left.places().clone();
        for (int i = 0; i < places.length; i++) {
            if (right.places()[i] >= 0) {
                places[i] = right.places()[i] + leftWidth;
            }
        }
        LogicalPlan pairs = new LogicalPlan.Join(left.plan(), right.plan(), JoinType.CROSS, Optional.empty());
        Ordered both = new Ordered(pairs, places);
        Optional<BoundExpr> condition = Conjuncts.and(
                between(way.left(), way.right()).stream().map(both::place).toList());
        return condition.isEmpty()
                ? both
                : new Ordered(new LogicalPlan.Join(left.plan(), right.plan(), JoinType.INNER, condition), places);
    }

    private Ordered table(int table) {
        int[] places = new int[columns.size()];
        Arrays.fill(places, -1);
        int first = firstColumns.get(table);
        for (int i = 0; i < tables.get(table).schema().size(); i++) {
            places[first + i] = i;
        }
        return new Ordered(filtered(table), places);
    }

    /// What joins two sets of tables, over the graph's columns.
    private List<BoundExpr> between(int left, int right) {
        List<BoundExpr> joining = new ArrayList<>();
        for (BitSet equal : classes) {
            Map<Boolean, BoundExpr.Column> sides = new HashMap<>();
            for (int i = equal.nextSetBit(0); i >= 0; i = equal.nextSetBit(i + 1)) {
                int table = 1 << tableOf(i);
                if ((table & (left | right)) != 0) {
                    sides.putIfAbsent((table & left) != 0, columns.get(i));
                }
            }
            BoundExpr.Column a = sides.get(true);
            BoundExpr.Column b = sides.get(false);
            if (a != null && b != null) {
                joining.add(new BoundExpr.Compare(CompareOp.EQUAL, a, b));
            }
        }
        for (int c = 0; c < conditions.size(); c++) {
            int used = tablesOfConditions[c];
            boolean isNew = (used & ~(left | right)) == 0 && (used & ~left) != 0 && (used & ~right) != 0;
            if (isNew && Integer.bitCount(used) > 1) {
                joining.add(conditions.get(c));
            }
        }
        return joining;
    }
}
