package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Takes out of a subquery's plan the conditions that use columns of the query around it, so that they can become the
/// condition of a join.
///
/// A condition passes through filters, projections and joins as it is. Through an aggregation it passes as an equality:
/// what is compared with the outer value becomes one more grouping expression. An aggregation without grouping gives a
/// row even over nothing; that row goes along, for outer rows without a partner.
final class Decorrelation {
    private static final String UNSUPPORTED = "UNSUPPORTED_CORRELATED_SUBQUERY";
    private static final EmptyGroups EMPTY = new EmptyGroups();

    /// What a subquery is asked for.
    enum Use {
        /// Its rows.
        ROWS,
        /// Its rows, but not how often each of them comes, nor in which order.
        SET,
        /// Whether it has a row, not how many.
        EXISTENCE
    }

    private final Use use;

    private Decorrelation(Use use) {
        this.use = use;
    }

    /// A plan without outer columns.
    ///
    /// @param outputs the subquery's columns over the plan's; outer columns may be in them
    /// @param predicates over the plan's columns and outer ones
    /// @param emptyRow what comes out if no row of the plan fulfils the predicates, if anything: then there is never
    ///     more than one row per outer row
    record Pulled(
            LogicalPlan plan, List<BoundExpr> outputs, List<BoundExpr> predicates, Optional<List<BoundExpr>> emptyRow) {

        /// The predicates over the columns of the outer plan followed by this plan's.
        List<BoundExpr> conditions(int outerWidth, UnaryOperator<BoundExpr> toOuter) {
            return predicates.stream()
                    .map(predicate -> joined(predicate, outerWidth, toOuter))
                    .toList();
        }

        private static BoundExpr joined(BoundExpr expr, int outerWidth, UnaryOperator<BoundExpr> toOuter) {
            if (!(expr instanceof BoundExpr.Column column)) {
                return expr.mapOperands(operand -> joined(operand, outerWidth, toOuter));
            }
            if (!Slots.isOuter(column)) {
                return moved(column, outerWidth);
            }
            BoundExpr.Column inward = Slots.inward(column);
            return Slots.isOuter(inward) ? inward : toOuter.apply(inward);
        }

        /// An output column over the columns of the outer plan followed by this plan's.
        BoundExpr joined(int index, int outerWidth) {
            return joined(outputs.get(index), outerWidth, UnaryOperator.identity());
        }

        /// An output column behind the outer plan's; outer columns in it stay.
        BoundExpr output(int index, int outerWidth) {
            return shift(outputs.get(index), outerWidth);
        }

        private static BoundExpr shift(BoundExpr expr, int by) {
            if (expr instanceof BoundExpr.Column column) {
                return Slots.isOuter(column) ? column : moved(column, by);
            }
            return expr.mapOperands(operand -> shift(operand, by));
        }

        private static BoundExpr moved(BoundExpr.Column column, int by) {
            return new BoundExpr.Column(column.ordinal() + by, column.name(), column.type(), column.nullable());
        }

        /// This with at most one row per outer row, or an error when it runs.
        Pulled asSingleRow() {
            if (emptyRow.isPresent()) {
                return this;
            }
            BoundExpr value = outputs.getFirst();
            if (Slots.hasOuter(value)) {
                throw unsupported("a value made of inner and outer columns, unless an aggregation is around it");
            }
            List<LogicalPlan.Aggregate.Aggregation> aggregates =
                    List.of(aggregation("_value", "first", value), aggregation("_rows", "count"));
            Pulled grouped = grouped(aggregates);
            BoundExpr rows = grouped.outputs.get(1);
            BoundExpr first = grouped.outputs.get(0);
            BoundExpr checked = new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(
                            FunctionRegistry.bindScalar(">", List.of(rows, new BoundExpr.Literal(Scalar.of(1L)))),
                            FunctionRegistry.tooManyRows(value.type()))),
                    Optional.of(first),
                    value.type());
            List<BoundExpr> none = List.of(new BoundExpr.Literal(new Scalar(null, value.type())));
            return new Pulled(grouped.plan, List.of(checked), grouped.predicates, Optional.of(none));
        }

        private static LogicalPlan.Aggregate.Aggregation aggregation(
                String name, String function, BoundExpr... arguments) {
            return new LogicalPlan.Aggregate.Aggregation(
                    name, FunctionRegistry.bindAggregate(function, List.of(arguments), false));
        }

        /// How many rows, and how many of them with a value, per outer row.
        Pulled counted() {
            Pulled grouped = grouped(
                    List.of(aggregation("_rows", "count"), aggregation("_present", "count", outputs.getFirst())));
            BoundExpr zero = new BoundExpr.Literal(Scalar.of(0L));
            return new Pulled(grouped.plan, grouped.outputs, grouped.predicates, Optional.of(List.of(zero, zero)));
        }

        /// Grouped by what the predicates compare.
        private Pulled grouped(List<LogicalPlan.Aggregate.Aggregation> aggregates) {
            Keys keys = Keys.of(predicates);
            LogicalPlan aggregate = new LogicalPlan.Aggregate(plan, keys.columns(), aggregates);
            List<BoundExpr> results = new ArrayList<>();
            for (int i = 0; i < aggregates.size(); i++) {
                results.add(column(aggregate, keys.columns().size() + i));
            }
            return new Pulled(aggregate, results, keys.over(aggregate), Optional.empty());
        }

        /// With the outputs compared with values of the outer plan, as predicates: these are over the outer plan
        /// already, which is why they are marked as outer columns.
        Pulled comparedWith(List<BoundExpr> values) {
            List<BoundExpr> all = new ArrayList<>(predicates);
            for (int i = 0; i < values.size(); i++) {
                all.add(FunctionRegistry.bindScalar("=", List.of(asOuter(values.get(i)), outputs.get(i))));
            }
            return new Pulled(plan, outputs, all, emptyRow);
        }

        /// One row for each combination of what the predicates compare, and nothing else.
        Pulled distinctKeys() {
            Keys keys = Keys.of(predicates);
            LogicalPlan aggregate = new LogicalPlan.Aggregate(
                    plan,
                    keys.columns(),
                    keys.columns().isEmpty() ? List.of(aggregation("_rows", "count")) : List.of());
            LogicalPlan some = aggregate;
            if (keys.columns().isEmpty()) {
                BoundExpr rows = column(aggregate, 0);
                some = new LogicalPlan.Filter(
                        aggregate,
                        FunctionRegistry.bindScalar(">", List.of(rows, new BoundExpr.Literal(Scalar.of(0L)))));
            }
            return new Pulled(some, List.of(), keys.over(aggregate), Optional.empty());
        }

        /// With a column that is never null, to see whether a row has found a partner.
        Marked marked() {
            List<OutputColumn> columns = new ArrayList<>(identity(plan));
            columns.add(new OutputColumn("_found", new BoundExpr.Literal(Scalar.TRUE)));
            LogicalPlan project = new LogicalPlan.Project(plan, columns);
            return new Marked(new Pulled(project, outputs, predicates, emptyRow), columns.size() - 1);
        }
    }

    /// @param ordinal of the marker in the plan
    record Marked(Pulled pulled, int ordinal) {}

    /// Equalities between something of the plan and something outer.
    ///
    /// @param columns the plan's sides, to group by
    /// @param outer the other sides
    private record Keys(List<OutputColumn> columns, List<BoundExpr> outer, List<CompareOp> ops) {
        static Keys of(List<BoundExpr> predicates) {
            Keys keys = new Keys(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (BoundExpr predicate : predicates) {
                keys.add(predicate);
            }
            return keys;
        }

        private void add(BoundExpr predicate) {
            if (Slots.onlyOuter(predicate)) {
                // Holds for all rows of a group or for none.
                columns.add(new OutputColumn("_key" + columns.size(), new BoundExpr.Literal(Scalar.TRUE)));
                outer.add(predicate);
                ops.add(CompareOp.EQUAL);
                return;
            }
            if (predicate instanceof BoundExpr.Compare(CompareOp op, BoundExpr a, BoundExpr b)
                    && (op == CompareOp.EQUAL || op == CompareOp.NULL_SAFE_EQUAL)) {
                if (Slots.onlyOuter(a) && !Slots.hasOuter(b)) {
                    add(b, a, op);
                    return;
                }
                if (Slots.onlyOuter(b) && !Slots.hasOuter(a)) {
                    add(a, b, op);
                    return;
                }
            }
            throw unsupported("a comparison with an outer column other than =, beneath an aggregation or DISTINCT, or"
                    + " where the result is not a whole condition of WHERE");
        }

        private void add(BoundExpr inner, BoundExpr outside, CompareOp op) {
            columns.add(new OutputColumn("_key" + columns.size(), inner));
            outer.add(outside);
            ops.add(op);
        }

        /// The equalities with the keys as a plan's first columns.
        List<BoundExpr> over(LogicalPlan plan) {
            List<BoundExpr> predicates = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                predicates.add(new BoundExpr.Compare(ops.get(i), outer.get(i), column(plan, i)));
            }
            return predicates;
        }
    }

    /// A subquery without outer columns: its conditions are taken out, or if that can't be, its rows are computed for
    /// all values that it takes from the query around it.
    ///
    /// @param around the plan of that query
    /// @param toAround puts a column of that query over the columns of `around`
    /// @param step what is to be done with it, which may be what can't be
    /// @throws QueryException `UNSUPPORTED_CORRELATED_SUBQUERY` if the outer columns stand where they can't be taken
    ///     out, and the rows around can't be computed twice
    static Pulled pull(
            Use use,
            LogicalPlan subquery,
            LogicalPlan around,
            UnaryOperator<BoundExpr> toAround,
            UnaryOperator<Pulled> step) {
        try {
            return step.apply(new Decorrelation(use).of(subquery));
        } catch (QueryException cannot) {
            if (!cannot.code().equals(UNSUPPORTED)) {
                throw cannot;
            }
            return DependentRows.of(subquery, around, toAround).map(step).orElseThrow(() -> cannot);
        }
    }

    static QueryException unsupported(String what) {
        return new QueryException(
                UNSUPPORTED,
                "This subquery can't be turned into a join: " + what + " is not supported. Write it as a join.");
    }

    static QueryException unsupportedBeneath(LogicalPlan plan) {
        return unsupported("a column of the query around it beneath "
                + plan.getClass().getSimpleName().toUpperCase(Locale.ROOT));
    }

    private Pulled of(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) ->
                filter(choosing().of(input), predicate);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) -> project(of(input), columns);
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate);
            case LogicalPlan.Sort sort when isCorrelated(sort) || use != Use.ROWS -> of(sort.input());
            case LogicalPlan.Limit limit
                    when use == Use.EXISTENCE && limit.count() > 0 && limit.offset() == 0 -> of(limit.input());
            case LogicalPlan.Limit limit when isCorrelated(limit) -> limit(RowNumbers.Range.of(limit));
            case LogicalPlan.Window window when isCorrelated(window) -> window(window);
            case LogicalPlan.Join join when isCorrelated(join) -> join(join);
            case LogicalPlan.Deduplicate deduplicate when isCorrelated(deduplicate) -> deduplicate(deduplicate);
            case LogicalPlan.Explode explode when isCorrelated(explode) -> explode(explode);
            case LogicalPlan other -> {
                if (isCorrelated(other)) {
                    throw unsupportedBeneath(other);
                }
                yield asIs(other, List.of(), Optional.empty());
            }
        };
    }

    /// For what is beneath a step that takes some of the rows: which ones it has matters, also where none is asked for.
    private Decorrelation choosing() {
        return use == Use.EXISTENCE ? new Decorrelation(Use.SET) : this;
    }

    private static Pulled asIs(LogicalPlan plan, List<BoundExpr> predicates, Optional<List<BoundExpr>> emptyRow) {
        List<BoundExpr> outputs =
                identity(plan).stream().map(OutputColumn::expr).toList();
        return new Pulled(plan, outputs, predicates, emptyRow);
    }

    static boolean isCorrelated(LogicalPlan plan) {
        return PlanExpressions.of(plan).stream().anyMatch(Slots::hasOuter)
                || plan.inputs().stream().anyMatch(Decorrelation::isCorrelated);
    }

    private Pulled filter(Pulled input, BoundExpr predicate) {
        List<BoundExpr> predicates = new ArrayList<>(input.predicates());
        LogicalPlan plan = input.plan();
        List<BoundExpr> conjuncts = conjuncts(SharedConditions.takenOut(predicate));
        boolean noRowOverNothing = input.emptyRow()
                .map(row -> conjuncts.stream().anyMatch(conjunct -> EMPTY.isNeverTrue(substitute(conjunct, row))))
                .orElse(true);
        for (BoundExpr conjunct : conjuncts) {
            BoundExpr over = substitute(conjunct, input.outputs());
            if (input.emptyRow().isPresent()) {
                // The one row of an aggregation without grouping: the condition decides whether it comes out.
                if (Slots.hasOuter(over)) {
                    throw unsupported("HAVING with an outer column over an aggregation without GROUP BY");
                }
                if (!noRowOverNothing) {
                    requireEmptyWithoutRows(input, "HAVING");
                }
                plan = new LogicalPlan.Filter(plan, over);
            } else if (Slots.hasOuter(over)) {
                predicates.add(over);
            } else {
                plan = new LogicalPlan.Filter(plan, over);
            }
        }
        return new Pulled(plan, input.outputs(), predicates, Optional.empty());
    }

    /// What is computed of the rows is not computed of the row that goes along with them for outer rows without any.
    private static void requireEmptyWithoutRows(Pulled input, String above) {
        if (input.emptyRow().isPresent() && !input.predicates().isEmpty()) {
            throw unsupported(above + " over a correlated aggregation without GROUP BY");
        }
    }

    private static Pulled project(Pulled input, List<OutputColumn> columns) {
        List<BoundExpr> outputs = columns.stream()
                .map(column -> substitute(column.expr(), input.outputs()))
                .toList();
        Optional<List<BoundExpr>> emptyRow = input.emptyRow()
                .map(row -> columns.stream()
                        .map(column -> substitute(column.expr(), row))
                        .toList());
        return new Pulled(input.plan(), outputs, input.predicates(), emptyRow);
    }

    private Pulled aggregate(LogicalPlan.Aggregate aggregate) {
        boolean total = aggregate.keys().isEmpty();
        if (!isCorrelated(aggregate)) {
            Optional<List<BoundExpr>> emptyRow =
                    total ? Optional.of(emptyRow(aggregate.aggregates())) : Optional.empty();
            return asIs(aggregate, List.of(), emptyRow);
        }
        Pulled input = new Decorrelation(Use.ROWS).of(aggregate.input());
        requireEmptyWithoutRows(input, "an aggregation");
        Keys keys = Keys.of(input.predicates());
        List<OutputColumn> allKeys = new ArrayList<>(keys.columns());
        for (OutputColumn key : aggregate.keys()) {
            allKeys.add(new OutputColumn(key.name(), inner(substitute(key.expr(), input.outputs()))));
        }
        List<LogicalPlan.Aggregate.Aggregation> aggregates = aggregate.aggregates().stream()
                .map(a -> new LogicalPlan.Aggregate.Aggregation(
                        a.name(), PlanExpressions.call(a.call(), e -> inner(substitute(e, input.outputs())))))
                .toList();
        LogicalPlan plan = new LogicalPlan.Aggregate(input.plan(), allKeys, aggregates);
        List<BoundExpr> outputs = IntStream.range(
                        keys.columns().size(), plan.schema().size())
                .<BoundExpr>mapToObj(i -> column(plan, i))
                .toList();
        return new Pulled(plan, outputs, keys.over(plan), total ? Optional.of(emptyRow(aggregates)) : Optional.empty());
    }

    private static BoundExpr inner(BoundExpr expr) {
        if (Slots.hasOuter(expr)) {
            throw unsupported("a column of the query around it within an aggregation, a window function or an order");
        }
        return expr;
    }

    static List<BoundExpr> emptyRow(List<LogicalPlan.Aggregate.Aggregation> aggregates) {
        return aggregates.stream()
                .<BoundExpr>map(a -> {
                    AggregateFunction function = a.call().function();
                    return new BoundExpr.Literal(EMPTY.resultOf(function));
                })
                .toList();
    }

    private Pulled join(LogicalPlan.Join join) {
        boolean inner = join.type() == JoinType.INNER || join.type() == JoinType.CROSS;
        boolean rightCorrelated = isCorrelated(join.right());
        boolean conditionCorrelated = join.condition().filter(Slots::hasOuter).isPresent();
        boolean fromLeft =
                inner || join.type() == JoinType.LEFT_OUTER || join.type().leftOnly();
        if (!inner && (rightCorrelated || conditionCorrelated) || !fromLeft) {
            throw unsupported("a column of the query around it in an outer, semi or anti join");
        }
        Pulled left = choosing().of(join.left());
        Pulled right = inner ? choosing().of(join.right()) : asIs(join.right(), List.of(), Optional.empty());
        if (left.emptyRow().isPresent() && !left.predicates().isEmpty()
                || right.emptyRow().isPresent() && !right.predicates().isEmpty()) {
            throw unsupported("a join with a correlated aggregation without GROUP BY");
        }
        int width = left.plan().schema().size();
        List<BoundExpr> outputs = new ArrayList<>(left.outputs());
        List<BoundExpr> rightOutputs = IntStream.range(0, right.outputs().size())
                .mapToObj(i -> right.output(i, width))
                .toList();
        List<BoundExpr> both = new ArrayList<>(left.outputs());
        both.addAll(rightOutputs);
        if (!join.type().leftOnly()) {
            // A row of the left side without a partner has nulls there.
            outputs.addAll(inner ? rightOutputs : nullable(rightOutputs));
        }
        List<BoundExpr> predicates = new ArrayList<>(left.predicates());
        right.predicates().forEach(predicate -> predicates.add(Pulled.shift(predicate, width)));
        List<BoundExpr> conditions = new ArrayList<>();
        for (BoundExpr conjunct : join.condition().map(Decorrelation::conjuncts).orElse(List.of())) {
            BoundExpr over = substitute(conjunct, both);
            (Slots.hasOuter(over) ? predicates : conditions).add(over);
        }
        LogicalPlan plan = new LogicalPlan.Join(
                left.plan(), right.plan(), join.type(), conditions.stream().reduce(BoundExpr.And::new));
        return new Pulled(plan, outputs, predicates, Optional.empty());
    }

    /// @param outputs columns
    private static List<BoundExpr> nullable(List<BoundExpr> outputs) {
        return outputs.stream()
                .map(BoundExpr.Column.class::cast)
                .<BoundExpr>map(column -> new BoundExpr.Column(column.ordinal(), column.name(), column.type(), true))
                .toList();
    }

    private Pulled deduplicate(LogicalPlan.Deduplicate deduplicate) {
        Pulled input = of(deduplicate.input());
        if (use == Use.EXISTENCE
                || use == Use.SET
                        && deduplicate.keys().size() == deduplicate.schema().size()) {
            return input;
        }
        Keys keys = Keys.of(input.predicates());
        List<OutputColumn> columns = new ArrayList<>(keys.columns());
        List<Integer> distinct =
                new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
        for (int i = 0; i < input.outputs().size(); i++) {
            if (deduplicate.keys().contains(i)) {
                distinct.add(columns.size());
            }
            columns.add(new OutputColumn(
                    deduplicate.schema().field(i).name(), inner(input.outputs().get(i))));
        }
        LogicalPlan plan = new LogicalPlan.Deduplicate(new LogicalPlan.Project(input.plan(), columns), distinct, false);
        List<BoundExpr> outputs = IntStream.range(keys.columns().size(), columns.size())
                .<BoundExpr>mapToObj(i -> column(plan, i))
                .toList();
        return new Pulled(plan, outputs, keys.over(plan), input.emptyRow());
    }

    /// Rows and the order in which a limit above them counts.
    private record Ordered(Pulled rows, List<SortKey> order) {}

    private Ordered ordered(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Sort(LogicalPlan input, List<SortKey> keys) -> {
                Pulled rows = of(input);
                yield new Ordered(rows, inner(keys, rows.outputs()));
            }
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) -> {
                Ordered below = ordered(input);
                yield new Ordered(project(below.rows, columns), below.order);
            }
            default -> new Ordered(of(plan), List.of());
        };
    }

    /// So many rows for each of the outer rows: by their numbers within what the predicates compare.
    private Pulled limit(RowNumbers.Range range) {
        Ordered input = new Decorrelation(Use.ROWS).ordered(range.input());
        Pulled rows = input.rows;
        if (rows.emptyRow().isPresent()) {
            if (range.offset() == 0 && range.count() > 0) {
                return rows;
            }
            throw unsupported("LIMIT or OFFSET of a correlated aggregation without GROUP BY");
        }
        LogicalPlan numbered = RowNumbers.numbered(rows.plan(), partition(rows), input.order);
        return new Pulled(RowNumbers.within(range, numbered), rows.outputs(), rows.predicates(), Optional.empty());
    }

    /// What the predicates compare.
    private static List<BoundExpr> partition(Pulled rows) {
        return Keys.of(rows.predicates()).columns().stream()
                .map(OutputColumn::expr)
                .filter(expr -> !(expr instanceof BoundExpr.Literal))
                .toList();
    }

    private Pulled window(LogicalPlan.Window window) {
        Pulled input = new Decorrelation(Use.ROWS).of(window.input());
        if (input.emptyRow().isPresent()) {
            throw unsupported("a window function over a correlated aggregation without GROUP BY");
        }
        List<BoundExpr> outputs = input.outputs();
        List<BoundExpr> partition = new ArrayList<>(partition(input));
        window.partition().forEach(expr -> partition.add(inner(substitute(expr, outputs))));
        List<LogicalPlan.Window.Column> columns = window.columns().stream()
                .map(column -> new LogicalPlan.Window.Column(
                        column.name(), column.call().map(expr -> inner(substitute(expr, outputs)))))
                .toList();
        LogicalPlan plan = new LogicalPlan.Window(input.plan(), partition, inner(window.order(), outputs), columns);
        List<BoundExpr> all = new ArrayList<>(outputs);
        for (int i = input.plan().schema().size(); i < plan.schema().size(); i++) {
            all.add(column(plan, i));
        }
        return new Pulled(plan, all, input.predicates(), Optional.empty());
    }

    private static List<SortKey> inner(List<SortKey> keys, List<BoundExpr> outputs) {
        return keys.stream()
                .map(key -> new SortKey(inner(substitute(key.expr(), outputs)), key.direction(), key.nulls()))
                .toList();
    }

    private Pulled explode(LogicalPlan.Explode explode) {
        Pulled input = choosing().of(explode.input());
        requireEmptyWithoutRows(input, "a generator function");
        BoundExpr collection = substitute(explode.collection(), input.outputs());
        if (Slots.hasOuter(collection)) {
            throw unsupported("a generator function of a column of the query around it");
        }
        LogicalPlan plan = new LogicalPlan.Explode(
                input.plan(), collection, explode.outer(), explode.withPosition(), explode.names());
        List<BoundExpr> outputs = new ArrayList<>(input.outputs());
        for (int i = input.plan().schema().size(); i < plan.schema().size(); i++) {
            outputs.add(column(plan, i));
        }
        return new Pulled(plan, outputs, input.predicates(), Optional.empty());
    }

    // ---- Expressions

    static List<BoundExpr> conjuncts(BoundExpr expr) {
        if (expr instanceof BoundExpr.And(BoundExpr left, BoundExpr right)) {
            List<BoundExpr> both = new ArrayList<>(conjuncts(left));
            both.addAll(conjuncts(right));
            return both;
        }
        return List.of(expr);
    }

    /// The expression with each column that is not an outer one replaced by what it is.
    private static BoundExpr substitute(BoundExpr expr, List<BoundExpr> columns) {
        if (expr instanceof BoundExpr.Column column) {
            return Slots.isOuter(column) ? column : columns.get(column.ordinal());
        }
        return expr.mapOperands(operand -> substitute(operand, columns));
    }

    /// An expression of the query around a subquery, as the subquery sees it.
    static BoundExpr asOuter(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column
                ? Slots.outward(column)
                : expr.mapOperands(Decorrelation::asOuter);
    }

    static BoundExpr.Column column(LogicalPlan plan, int ordinal) {
        StructField field = plan.schema().field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    static List<OutputColumn> identity(LogicalPlan plan) {
        StructType schema = plan.schema();
        return IntStream.range(0, schema.size())
                .mapToObj(i -> new OutputColumn(
                        schema.field(i).name(), column(plan, i), schema.field(i).metadata()))
                .toList();
    }
}
