package dev.headrace.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The rows of a correlated subquery for every combination of the values that it takes from the query around it.
///
/// The combinations are computed first, by a grouping of that query's rows; then each step of the subquery works for
/// all of them at once, with their columns before its own. So every correlation becomes a join, also where
/// [Decorrelation] finds no condition to take out. It costs a second computation of the query around the subquery, so
/// it comes second.
final class DependentRows {
    private final LogicalPlan combinations;
    private final List<BoundExpr.Column> outer;
    private final int width;

    private DependentRows(LogicalPlan combinations, List<BoundExpr.Column> outer) {
        this.combinations = combinations;
        this.outer = outer;
        this.width = outer.size();
    }

    /// The subquery joined to the plan around it by the values that it takes from there.
    ///
    /// @param toAround puts a column of the query around the subquery over the columns of `around`
    /// @return nothing if the rows around can't be computed twice, or the values not be compared
    static Optional<Decorrelation.Pulled> of(
            LogicalPlan subquery, LogicalPlan around, UnaryOperator<BoundExpr> toAround) {
        List<BoundExpr.Column> outer = new ArrayList<>();
        for (BoundExpr.Column column : Subqueries.outerColumns(subquery)) {
            if (!Slots.isOuter(column) && outer.stream().noneMatch(known -> known.ordinal() == column.ordinal())) {
                outer.add(column);
            }
        }
        if (around.isStreaming()
                || subquery.isStreaming()
                || !around.deterministic()
                || outer.stream().anyMatch(column -> !Sorts.isOrderable(column.type()))) {
            return Optional.empty();
        }
        List<OutputColumn> values = new ArrayList<>();
        outer.forEach(column -> values.add(new OutputColumn("_outer" + values.size(), toAround.apply(column))));
        DependentRows rows = new DependentRows(new LogicalPlan.Aggregate(around, values, List.of()), outer);
        return Optional.of(rows.pulled(subquery));
    }

    private Decorrelation.Pulled pulled(LogicalPlan subquery) {
        LogicalPlan plan = of(subquery);
        List<BoundExpr> outputs = IntStream.range(width, plan.schema().size())
                .<BoundExpr>mapToObj(i -> Decorrelation.column(plan, i))
                .toList();
        List<BoundExpr> predicates = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            predicates.add(equal(Slots.outer(outer.get(i), 1), Decorrelation.column(plan, i)));
        }
        return new Decorrelation.Pulled(plan, outputs, predicates, Optional.empty());
    }

    private static BoundExpr equal(BoundExpr left, BoundExpr right) {
        return new BoundExpr.Compare(CompareOp.NULL_SAFE_EQUAL, left, right);
    }

    /// The columns of the combinations, followed by those of the plan.
    private LogicalPlan of(LogicalPlan plan) {
        if (!Decorrelation.isCorrelated(plan)) {
            return width == 0 ? plan : new LogicalPlan.Join(combinations, plan, JoinType.INNER, Optional.empty());
        }
        return switch (plan) {
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) ->
                new LogicalPlan.Filter(of(input), own(predicate));
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) -> project(of(input), columns);
            case LogicalPlan.Aggregate aggregate when aggregate.firing().isEmpty() -> aggregate(aggregate);
            case LogicalPlan.Join join -> join(join);
            case LogicalPlan.Sort(LogicalPlan input, List<SortKey> _) -> of(input);
            case LogicalPlan.Limit limit -> limit(RowNumbers.Range.of(limit));
            case LogicalPlan.Union(List<LogicalPlan> inputs) ->
                new LogicalPlan.Union(inputs.stream().map(this::of).toList());
            case LogicalPlan.Explode explode ->
                new LogicalPlan.Explode(
                        of(explode.input()),
                        own(explode.collection()),
                        explode.outer(),
                        explode.withPosition(),
                        explode.names());
            case LogicalPlan.Deduplicate(LogicalPlan input, List<Integer> keys, boolean within) when !within -> {
                List<Integer> all =
                        new ArrayList<>(IntStream.range(0, width).boxed().toList());
                keys.forEach(key -> all.add(width + key));
                yield new LogicalPlan.Deduplicate(of(input), all, false);
            }
            case LogicalPlan.Window window -> window(window);
            default -> throw Decorrelation.unsupportedBeneath(plan);
        };
    }

    private LogicalPlan project(LogicalPlan input, List<OutputColumn> columns) {
        List<OutputColumn> all = combinations(input, 0);
        columns.forEach(column -> all.add(new OutputColumn(column.name(), own(column.expr()), column.metadata())));
        return new LogicalPlan.Project(input, all);
    }

    /// The columns of the combinations in a plan.
    private List<OutputColumn> combinations(LogicalPlan plan, int first) {
        return new ArrayList<>(Decorrelation.identity(plan).subList(first, first + width));
    }

    private List<BoundExpr> values(LogicalPlan plan) {
        return IntStream.range(0, width)
                .<BoundExpr>mapToObj(i -> Decorrelation.column(plan, i))
                .toList();
    }

    private LogicalPlan aggregate(LogicalPlan.Aggregate aggregate) {
        LogicalPlan input = of(aggregate.input());
        List<OutputColumn> keys = combinations(input, 0);
        aggregate.keys().forEach(key -> keys.add(new OutputColumn(key.name(), own(key.expr()), key.metadata())));
        List<LogicalPlan.Aggregate.Aggregation> aggregates = aggregate.aggregates().stream()
                .map(a -> new LogicalPlan.Aggregate.Aggregation(a.name(), PlanExpressions.call(a.call(), this::own)))
                .toList();
        LogicalPlan groups = new LogicalPlan.Aggregate(input, keys, aggregates);
        return width == 0 || !aggregate.keys().isEmpty() ? groups : withEmpty(groups, aggregates);
    }

    /// Beside the groups, a row for each combination without rows: an aggregation without keys gives one over nothing.
    private LogicalPlan withEmpty(LogicalPlan groups, List<LogicalPlan.Aggregate.Aggregation> aggregates) {
        List<OutputColumn> marked = new ArrayList<>(Decorrelation.identity(groups));
        marked.add(new OutputColumn("_found", new BoundExpr.Literal(Scalar.TRUE)));
        LogicalPlan some = new LogicalPlan.Project(groups, marked);
        LogicalPlan all = new LogicalPlan.Join(
                combinations, some, JoinType.LEFT_OUTER, sameCombination(combinations, 0, some, width));
        BoundExpr missing =
                new BoundExpr.IsNull(Decorrelation.column(all, all.schema().size() - 1));
        List<BoundExpr> empty = Decorrelation.emptyRow(aggregates);
        List<OutputColumn> columns = combinations(all, 0);
        for (int i = 0; i < aggregates.size(); i++) {
            BoundExpr value = Decorrelation.column(all, 2 * width + i);
            columns.add(new OutputColumn(
                    aggregates.get(i).name(),
                    new BoundExpr.Case(
                            List.of(new BoundExpr.Case.Branch(missing, empty.get(i))),
                            Optional.of(value),
                            value.type())));
        }
        return new LogicalPlan.Project(all, columns);
    }

    /// @param first where the right plan's columns begin behind the left one's
    private Optional<BoundExpr> sameCombination(LogicalPlan left, int shift, LogicalPlan right, int first) {
        return IntStream.range(0, width)
                .mapToObj(i ->
                        equal(Decorrelation.column(left, shift + i), moved(Decorrelation.column(right, i), first + i)))
                .reduce(BoundExpr.And::new);
    }

    private static BoundExpr moved(BoundExpr.Column column, int to) {
        return new BoundExpr.Column(to, column.name(), column.type(), column.nullable());
    }

    private LogicalPlan join(LogicalPlan.Join join) {
        JoinType type = join.type() == JoinType.CROSS ? JoinType.INNER : join.type();
        boolean ofLeft = Decorrelation.isCorrelated(join.left());
        boolean ofRight = Decorrelation.isCorrelated(join.right());
        if (!ofRight && type != JoinType.RIGHT_OUTER && type != JoinType.FULL_OUTER) {
            return new LogicalPlan.Join(
                    of(join.left()), join.right(), type, join.condition().map(this::own));
        }
        if (!ofLeft && (type == JoinType.INNER || type == JoinType.RIGHT_OUTER)) {
            return ofRight(join, type);
        }
        return ofBoth(join, type);
    }

    /// The combinations come with the right side only.
    private LogicalPlan ofRight(LogicalPlan.Join join, JoinType type) {
        int left = join.left().schema().size();
        LogicalPlan joined = new LogicalPlan.Join(
                join.left(),
                of(join.right()),
                type,
                join.condition().map(condition -> over(condition, i -> i < left ? i : i + width, left)));
        List<OutputColumn> columns = combinations(joined, left);
        List<OutputColumn> all = Decorrelation.identity(joined);
        columns.addAll(all.subList(0, left));
        columns.addAll(all.subList(left + width, all.size()));
        return new LogicalPlan.Project(joined, columns);
    }

    private LogicalPlan ofBoth(LogicalPlan.Join join, JoinType type) {
        int left = join.left().schema().size();
        int first = width + left;
        LogicalPlan leftRows = of(join.left());
        LogicalPlan rightRows = of(join.right());
        List<BoundExpr> conditions = new ArrayList<>();
        sameCombination(leftRows, 0, rightRows, first).ifPresent(conditions::add);
        join.condition()
                .ifPresent(condition -> conditions.add(over(condition, i -> i < left ? i + width : i + 2 * width, 0)));
        LogicalPlan joined = new LogicalPlan.Join(
                leftRows, rightRows, type, conditions.stream().reduce(BoundExpr.And::new));
        if (type.leftOnly()) {
            return joined;
        }
        List<OutputColumn> all = Decorrelation.identity(joined);
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            BoundExpr ofLeft = all.get(i).expr();
            BoundExpr ofRight = all.get(first + i).expr();
            BoundExpr value = switch (type) {
                case RIGHT_OUTER -> ofRight;
                case FULL_OUTER -> new BoundExpr.Coalesce(List.of(ofLeft, ofRight));
                default -> ofLeft;
            };
            columns.add(new OutputColumn(all.get(i).name(), value));
        }
        columns.addAll(all.subList(width, first));
        columns.addAll(all.subList(first + width, all.size()));
        return new LogicalPlan.Project(joined, columns);
    }

    private LogicalPlan limit(RowNumbers.Range range) {
        LogicalPlan numbered = numbered(range.input());
        LogicalPlan rows = RowNumbers.within(range, numbered);
        return new LogicalPlan.Project(
                rows,
                Decorrelation.identity(rows)
                        .subList(0, width + range.input().schema().size()));
    }

    /// With the number of each row among those of its combination behind the columns: in the order of the sort below
    /// projections, if there is one.
    private LogicalPlan numbered(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Sort(LogicalPlan input, List<SortKey> keys) -> numbered(of(input), keys);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) -> {
                LogicalPlan below = numbered(input);
                LogicalPlan.Project project = (LogicalPlan.Project) project(below, columns);
                List<OutputColumn> all = new ArrayList<>(project.columns());
                all.add(Decorrelation.identity(below).getLast());
                yield new LogicalPlan.Project(below, all);
            }
            default -> numbered(of(plan), List.of());
        };
    }

    private LogicalPlan numbered(LogicalPlan rows, List<SortKey> keys) {
        return RowNumbers.numbered(rows, values(rows), own(keys));
    }

    private LogicalPlan window(LogicalPlan.Window window) {
        LogicalPlan input = of(window.input());
        List<BoundExpr> partition = new ArrayList<>(values(input));
        window.partition().forEach(expr -> partition.add(own(expr)));
        List<LogicalPlan.Window.Column> columns = window.columns().stream()
                .map(column -> new LogicalPlan.Window.Column(
                        column.name(), column.call().map(this::own)))
                .toList();
        return new LogicalPlan.Window(input, partition, own(window.order()), columns);
    }

    private List<SortKey> own(List<SortKey> keys) {
        return keys.stream()
                .map(key -> new SortKey(own(key.expr()), key.direction(), key.nulls()))
                .toList();
    }

    /// An expression over the combinations' columns followed by the plan's.
    private BoundExpr own(BoundExpr expr) {
        return over(expr, i -> i + width, 0);
    }

    /// @param inner where the plan's own columns are
    /// @param first where the combinations' columns are
    private BoundExpr over(BoundExpr expr, IntUnaryOperator inner, int first) {
        if (!(expr instanceof BoundExpr.Column column)) {
            return expr.mapOperands(operand -> over(operand, inner, first));
        }
        if (!Slots.isOuter(column)) {
            return moved(column, inner.applyAsInt(column.ordinal()));
        }
        BoundExpr.Column inward = Slots.inward(column);
        if (Slots.isOuter(inward)) {
            return inward;
        }
        int value = 0;
        while (outer.get(value).ordinal() != inward.ordinal()) {
            value++;
        }
        return moved(inward, first + value);
    }
}
