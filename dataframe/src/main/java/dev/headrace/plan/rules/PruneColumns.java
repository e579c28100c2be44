package dev.headrace.plan.rules;

import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.SortKey;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Leaves out columns, and fields of struct columns, that nothing above uses, down to the scans.
///
/// From the root down each node is told how much of each of its columns is used. It gives back a plan that has at least
/// that, and where each old column is in it; expressions above are rewritten to that. Before operators that copy rows
/// (joins, sorts …), columns that only a filter below has needed are dropped.
final class PruneColumns implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        List<Use> all = Collections.nCopies(plan.schema().size(), Use.EVERYTHING);
        Pruned pruned = prune(plan, all);
        for (int i = 0; i < all.size(); i++) {
            if (pruned.columns.get(i).ordinal != i) {
                throw new IllegalStateException("column " + i + " has moved at the root of " + plan);
            }
        }
        return pruned.plan;
    }

    /// Where an old column is now, and how much of it; -1 if it is gone.
    private record Kept(int ordinal, Use use) {
        private static final Kept NOWHERE = new Kept(-1, Use.NOTHING);
    }

    /// A plan with fewer columns.
    ///
    /// @param columns for each old column
    private record Pruned(LogicalPlan plan, List<Kept> columns) {
        static Pruned unchanged(LogicalPlan plan) {
            List<Kept> columns = new ArrayList<>();
            for (int i = 0; i < plan.schema().size(); i++) {
                columns.add(new Kept(i, Use.EVERYTHING));
            }
            return new Pruned(plan, columns);
        }

        /// The expression over the new columns.
        BoundExpr rewrite(BoundExpr expr) {
            return rewrite(expr, plan.schema());
        }

        private BoundExpr rewrite(BoundExpr expr, StructType schema) {
            Optional<Use.Path> path = Use.Path.of(expr);
            if (path.isEmpty()) {
                return expr.mapOperands(operand -> rewrite(operand, schema));
            }
            Kept kept = columns.get(path.get().column());
            BoundExpr moved = Columns.of(schema, kept.ordinal);
            Use use = kept.use;
            for (int field : path.get().fields()) {
                if (use instanceof Use.Fields(var fields)) {
                    moved = new BoundExpr.GetField(moved, fields.headMap(field).size());
                    use = fields.getOrDefault(field, Use.NOTHING);
                } else {
                    moved = new BoundExpr.GetField(moved, field);
                }
            }
            return moved;
        }

        int ordinal(int old) {
            return columns.get(old).ordinal;
        }

        /// This without columns of which nothing is used any more.
        Pruned narrowed(List<Use> uses) {
            StructType schema = plan.schema();
            List<OutputColumn> columns = new ArrayList<>();
            List<Kept> kept = new ArrayList<>();
            for (int i = 0; i < uses.size(); i++) {
                if (uses.get(i) instanceof Use.Nothing) {
                    kept.add(Kept.NOWHERE);
                } else {
                    kept.add(new Kept(columns.size(), this.columns.get(i).use));
                    columns.add(Columns.keep(schema, ordinal(i)));
                }
            }
            return columns.size() == schema.size() ? this : new Pruned(new LogicalPlan.Project(plan, columns), kept);
        }

        Pruned with(LogicalPlan above) {
            return new Pruned(above, columns);
        }
    }

    private static Pruned prune(LogicalPlan plan, List<Use> uses) {
        return switch (plan) {
            case LogicalPlan.Scan scan -> scan(scan, uses);
            case LogicalPlan.LocalRelation relation -> localRelation(relation, uses);
            case LogicalPlan.Range range -> Pruned.unchanged(range);
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) -> {
                Pruned below = prune(input, more(uses, List.of(predicate)));
                yield below.with(new LogicalPlan.Filter(below.plan, below.rewrite(predicate)));
            }
            case LogicalPlan.Shed(LogicalPlan input, BoundExpr key, long mostWaiting, double kept) -> {
                Pruned below = prune(input, more(uses, List.of(key)));
                yield below.with(new LogicalPlan.Shed(below.plan, below.rewrite(key), mostWaiting, kept));
            }
            case LogicalPlan.Observe observe -> {
                List<BoundExpr> used = new ArrayList<>();
                for (LogicalPlan.Aggregate.Aggregation aggregation : observe.aggregates()) {
                    used.addAll(aggregation.call().arguments());
                    aggregation.call().filter().ifPresent(used::add);
                }
                Pruned below = prune(observe.input(), more(uses, used));
                LogicalPlan.Observe moved = (LogicalPlan.Observe) Expressions.map(observe, below::rewrite);
                yield below.with(moved.mapInputs(_ -> below.plan));
            }
            case LogicalPlan.Project project -> project(project, uses);
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate, uses);
            case LogicalPlan.Join join -> join(join, uses);
            case LogicalPlan.AsOfJoin join -> asOfJoin(join, uses);
            case LogicalPlan.LookupJoin join -> lookupJoin(join, uses);
            case LogicalPlan.Sort(LogicalPlan input, List<SortKey> keys) -> {
                List<Use> needed = more(uses, keys.stream().map(SortKey::expr).toList());
                Pruned below = prune(input, needed).narrowed(needed);
                List<SortKey> rewritten = keys.stream()
                        .map(key -> new SortKey(below.rewrite(key.expr()), key.direction(), key.nulls()))
                        .toList();
                yield below.with(new LogicalPlan.Sort(below.plan, rewritten));
            }
            case LogicalPlan.Limit(LogicalPlan input, long count, long offset) -> {
                Pruned below = prune(input, uses);
                yield below.with(new LogicalPlan.Limit(below.plan, count, offset));
            }
            case LogicalPlan.Union union -> union(union, uses);
            case LogicalPlan.Explode explode -> explode(explode, uses);
            case LogicalPlan.Deduplicate(LogicalPlan input, List<Integer> keys, boolean within) -> {
                List<Use> needed = new ArrayList<>(uses);
                keys.forEach(key -> needed.set(key, Use.EVERYTHING));
                Pruned below = prune(input, needed).narrowed(needed);
                List<Integer> moved = keys.stream().map(below::ordinal).toList();
                yield below.with(new LogicalPlan.Deduplicate(below.plan, moved, within));
            }
            case LogicalPlan.Window window -> window(window, uses);
            // A function of the program sees its inputs' rows as they are.
            case LogicalPlan.MapGroups groups ->
                Pruned.unchanged(groups.mapInputs(input -> prune(input, everything(input)).plan));
            case LogicalPlan.Watermark(LogicalPlan input, int column, long delay) -> {
                List<Use> needed = new ArrayList<>(uses);
                needed.set(column, Use.EVERYTHING);
                Pruned below = prune(input, needed);
                yield below.with(new LogicalPlan.Watermark(below.plan, below.ordinal(column), delay));
            }
        };
    }

    private static List<Use> everything(LogicalPlan plan) {
        return Collections.nCopies(plan.schema().size(), Use.EVERYTHING);
    }

    /// What is used above, and by these expressions.
    private static List<Use> more(List<Use> uses, List<BoundExpr> exprs) {
        List<Use> all = new ArrayList<>(uses);
        exprs.forEach(expr -> collect(expr, all));
        return all;
    }

    private static List<Use> usesOf(int width, List<BoundExpr> exprs) {
        return more(Collections.nCopies(width, Use.NOTHING), exprs);
    }

    private static void collect(BoundExpr expr, List<Use> uses) {
        Use.Path.of(expr)
                .ifPresentOrElse(
                        path -> add(path, Use.EVERYTHING, uses),
                        () -> expr.operands().forEach(operand -> collect(operand, uses)));
    }

    private static void add(Use.Path path, Use use, List<Use> uses) {
        uses.set(path.column(), uses.get(path.column()).and(path.of(use)));
    }

    private static Pruned scan(LogicalPlan.Scan scan, List<Use> uses) {
        ScanRequest request = scan.request();
        List<ScanColumn> columns = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            ScanColumn column = request.columns().get(i);
            Use use = prunable(column, uses.get(i)).simplified(column.field().dataType());
            if (use instanceof Use.Nothing) {
                kept.add(Kept.NOWHERE);
            } else {
                kept.add(new Kept(columns.size(), use));
                columns.add(narrow(column, use));
            }
        }
        ScanRequest narrowed = new ScanRequest(columns, request.filters(), request.limit());
        return new Pruned(new LogicalPlan.Scan(scan.table(), narrowed), kept);
    }

    /// Everything or nothing of a payload whose fields depend on each other.
    private static Use prunable(ScanColumn column, Use use) {
        if (!(column instanceof ScanColumn.Decoded(int _, PayloadDecoder decoder, StructField _))
                || !(use instanceof Use.Fields)) {
            return use;
        }
        return decoder.reading((StructType) use.narrow(decoder.schema())).isPresent() ? use : Use.EVERYTHING;
    }

    private static ScanColumn narrow(ScanColumn column, Use use) {
        StructField field =
                column.field().withDataType(use.narrow(column.field().dataType()));
        return switch (column) {
            case ScanColumn.Stored(int ordinal, StructField _) -> new ScanColumn.Stored(ordinal, field);
            case ScanColumn.Decoded(int ordinal, PayloadDecoder decoder, StructField _) ->
                new ScanColumn.Decoded(
                        ordinal, decoder.reading((StructType) field.dataType()).orElse(decoder), field);
        };
    }

    private static Pruned localRelation(LogicalPlan.LocalRelation relation, List<Use> uses) {
        if (uses.stream().noneMatch(Use.Nothing.class::isInstance)) {
            return Pruned.unchanged(relation);
        }
        List<StructField> fields = new ArrayList<>();
        List<Integer> ordinals = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            if (uses.get(i) instanceof Use.Nothing) {
                kept.add(Kept.NOWHERE);
            } else {
                kept.add(new Kept(fields.size(), Use.EVERYTHING));
                fields.add(relation.schema().field(i));
                ordinals.add(i);
            }
        }
        List<List<@Nullable Object>> rows = new ArrayList<>(relation.rows().size());
        for (List<@Nullable Object> row : relation.rows()) {
            List<@Nullable Object> cells = new ArrayList<>(ordinals.size());
            ordinals.forEach(ordinal -> cells.add(row.get(ordinal)));
            rows.add(cells);
        }
        return new Pruned(new LogicalPlan.LocalRelation(new StructType(fields), rows), kept);
    }

    private static Pruned project(LogicalPlan.Project project, List<Use> uses) {
        List<Use> needed = usesOf(project.input().schema().size(), List.of());
        for (int i = 0; i < uses.size(); i++) {
            BoundExpr expr = project.columns().get(i).expr();
            Optional<Use.Path> path = Use.Path.of(expr);
            if (path.isPresent()) {
                add(path.get(), uses.get(i), needed);
            } else if (!(uses.get(i) instanceof Use.Nothing)) {
                collect(expr, needed);
            }
        }
        Pruned below = prune(project.input(), needed);
        List<OutputColumn> columns = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            if (uses.get(i) instanceof Use.Nothing) {
                kept.add(Kept.NOWHERE);
                continue;
            }
            OutputColumn column = project.columns().get(i);
            Use use = Use.Path.of(column.expr())
                    .map(path -> path.within(below.columns.get(path.column()).use))
                    .orElse(Use.EVERYTHING);
            kept.add(new Kept(columns.size(), use));
            columns.add(new OutputColumn(column.name(), below.rewrite(column.expr()), column.metadata()));
        }
        return new Pruned(new LogicalPlan.Project(below.plan, columns), kept);
    }

    private static Pruned aggregate(LogicalPlan.Aggregate aggregate, List<Use> uses) {
        List<LogicalPlan.Aggregate.Aggregation> used = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        List<BoundExpr> exprs = new ArrayList<>();
        for (OutputColumn key : aggregate.keys()) {
            kept.add(new Kept(kept.size(), Use.EVERYTHING));
            exprs.add(key.expr());
        }
        for (LogicalPlan.Aggregate.Aggregation aggregation : aggregate.aggregates()) {
            if (uses.get(kept.size()) instanceof Use.Nothing) {
                kept.add(Kept.NOWHERE);
            } else {
                kept.add(new Kept(aggregate.keys().size() + used.size(), Use.EVERYTHING));
                used.add(aggregation);
                exprs.addAll(aggregation.call().arguments());
                aggregation.call().filter().ifPresent(exprs::add);
            }
        }
        Pruned below =
                prune(aggregate.input(), usesOf(aggregate.input().schema().size(), exprs));
        List<LogicalPlan.Aggregate.Aggregation> rewritten = used.stream()
                .map(a -> new LogicalPlan.Aggregate.Aggregation(a.name(), Expressions.call(a.call(), below::rewrite)))
                .toList();
        LogicalPlan plan = new LogicalPlan.Aggregate(
                below.plan, Expressions.columns(aggregate.keys(), below::rewrite), rewritten, aggregate.firing());
        return new Pruned(plan, kept);
    }

    private static Pruned join(LogicalPlan.Join join, List<Use> uses) {
        Sides sides = Sides.of(join, uses, join.condition().stream().toList());
        LogicalPlan plan = new LogicalPlan.Join(
                sides.left.plan, sides.right.plan, join.type(), join.condition().map(sides.both::rewrite));
        return new Pruned(plan, join.type().leftOnly() ? sides.left.columns : sides.both.columns);
    }

    private static Pruned asOfJoin(LogicalPlan.AsOfJoin join, List<Use> uses) {
        List<BoundExpr> exprs = new ArrayList<>(join.condition().stream().toList());
        exprs.addAll(join.asOf().expressions());
        Sides sides = Sides.of(join.pairs(), withTieBreakers(join, uses), exprs);
        LogicalPlan plan = new LogicalPlan.AsOfJoin(
                sides.left.plan,
                sides.right.plan,
                join.type(),
                join.condition().map(sides.both::rewrite),
                join.asOf().map(sides.both::rewrite));
        return new Pruned(plan, sides.both.columns);
    }

    /// Right rows of the same time are told apart by their columns in turn, so those before one that is used count.
    /// Those behind it don't: rows that differ in them alone give the same.
    private static List<Use> withTieBreakers(LogicalPlan.AsOfJoin join, List<Use> uses) {
        int firstRight = join.left().schema().size();
        int last = uses.size() - 1;
        while (last >= firstRight && uses.get(last) instanceof Use.Nothing) {
            last--;
        }
        List<Use> all = new ArrayList<>(uses);
        for (int i = firstRight; i <= last; i++) {
            all.set(i, Use.EVERYTHING);
        }
        return all;
    }

    /// What the lookup gives stays: it has been asked for.
    private static Pruned lookupJoin(LogicalPlan.LookupJoin join, List<Use> uses) {
        int width = join.input().schema().size();
        List<Use> needed = more(uses.subList(0, width), join.keys());
        Pruned below = prune(join.input(), needed).narrowed(needed);
        List<Kept> columns = new ArrayList<>(below.columns);
        int newWidth = below.plan.schema().size();
        for (int i = width; i < uses.size(); i++) {
            columns.add(new Kept(newWidth + i - width, Use.EVERYTHING));
        }
        return new Pruned(
                new LogicalPlan.LookupJoin(
                        below.plan, join.keys().stream().map(below::rewrite).toList(), join.lookup(), join.type()),
                columns);
    }

    /// The inputs of a join, pruned.
    ///
    /// @param both their columns, one side's behind the other's, whatever comes out of the join
    private record Sides(Pruned left, Pruned right, Pruned both) {
        /// @param exprs what the join looks at, over both
        static Sides of(LogicalPlan.Join join, List<Use> uses, List<BoundExpr> exprs) {
            int leftWidth = join.left().schema().size();
            int rightWidth = join.right().schema().size();
            List<Use> padded = new ArrayList<>(uses);
            padded.addAll(Collections.nCopies(leftWidth + rightWidth - uses.size(), Use.NOTHING));
            List<Use> needed = more(padded, exprs);
            List<Use> neededLeft = needed.subList(0, leftWidth);
            List<Use> neededRight = needed.subList(leftWidth, leftWidth + rightWidth);
            Pruned left = prune(join.left(), neededLeft).narrowed(neededLeft);
            Pruned right = prune(join.right(), neededRight).narrowed(neededRight);
            List<Kept> both = new ArrayList<>(left.columns);
            int newLeftWidth = left.plan.schema().size();
            right.columns.forEach(
                    kept -> both.add(kept.ordinal < 0 ? kept : new Kept(newLeftWidth + kept.ordinal, kept.use)));
            LogicalPlan pairs = new LogicalPlan.Join(left.plan, right.plan, JoinType.INNER, Optional.empty());
            return new Sides(left, right, new Pruned(pairs, both));
        }
    }

    /// All inputs keep the same columns, whole.
    private static Pruned union(LogicalPlan.Union union, List<Use> uses) {
        List<Use> whole = uses.stream()
                .map(use -> use instanceof Use.Nothing ? use : Use.EVERYTHING)
                .toList();
        List<LogicalPlan> inputs = new ArrayList<>();
        List<Kept> columns = List.of();
        for (LogicalPlan input : union.inputs()) {
            Pruned below = prune(input, whole).narrowed(whole);
            inputs.add(below.plan);
            columns = below.columns;
        }
        return new Pruned(new LogicalPlan.Union(inputs), columns);
    }

    private static Pruned explode(LogicalPlan.Explode explode, List<Use> uses) {
        int width = explode.input().schema().size();
        List<Use> needed = more(uses.subList(0, width), List.of(explode.collection()));
        Pruned below = prune(explode.input(), needed).narrowed(needed);
        LogicalPlan plan = new LogicalPlan.Explode(
                below.plan,
                below.rewrite(explode.collection()),
                explode.outer(),
                explode.withPosition(),
                explode.names());
        List<Kept> columns = new ArrayList<>(below.columns);
        int newWidth = below.plan.schema().size();
        for (int i = width; i < uses.size(); i++) {
            columns.add(new Kept(newWidth + i - width, Use.EVERYTHING));
        }
        return new Pruned(plan, columns);
    }

    private static Pruned window(LogicalPlan.Window window, List<Use> uses) {
        int width = window.input().schema().size();
        List<BoundExpr> exprs = new ArrayList<>(window.partition());
        window.order().forEach(key -> exprs.add(key.expr()));
        List<LogicalPlan.Window.Column> used = new ArrayList<>();
        for (int i = 0; i < window.columns().size(); i++) {
            if (!(uses.get(width + i) instanceof Use.Nothing)) {
                LogicalPlan.Window.Column column = window.columns().get(i);
                used.add(column);
                exprs.addAll(column.call().function().expressions());
                exprs.addAll(column.call().frame().distances());
            }
        }
        List<Use> needed = more(uses.subList(0, width), exprs);
        Pruned below = prune(window.input(), needed).narrowed(needed);
        if (used.isEmpty()) {
            List<Kept> columns = new ArrayList<>(below.columns);
            window.columns().forEach(_ -> columns.add(Kept.NOWHERE));
            return new Pruned(below.plan, columns);
        }
        LogicalPlan plan = new LogicalPlan.Window(
                below.plan,
                window.partition().stream().map(below::rewrite).toList(),
                window.order().stream()
                        .map(key -> new SortKey(below.rewrite(key.expr()), key.direction(), key.nulls()))
                        .toList(),
                used.stream()
                        .map(column -> new LogicalPlan.Window.Column(
                                column.name(), Expressions.call(column.call(), below::rewrite)))
                        .toList());
        List<Kept> columns = new ArrayList<>(below.columns);
        int next = below.plan.schema().size();
        for (int i = 0; i < window.columns().size(); i++) {
            boolean kept = !(uses.get(width + i) instanceof Use.Nothing);
            columns.add(kept ? new Kept(next++, Use.EVERYTHING) : Kept.NOWHERE);
        }
        return new Pruned(plan, columns);
    }
}
