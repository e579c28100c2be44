package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Turns subqueries into joins, so that none is ever run once per row.
///
/// A scalar subquery becomes a left outer join with at most one partner per row. EXISTS and IN become left outer joins
/// with a marker; where they are a whole condition of a filter, semi and anti joins. What a subquery takes from its
/// surroundings becomes the join's condition: see [Decorrelation].
final class Subqueries {
    private Subqueries() {}

    /// A subquery that has been analyzed; outer columns in it are [Slots].
    sealed interface Bound {
        DataType type();

        boolean nullable();
    }

    record BoundScalar(LogicalPlan plan) implements Bound {
        @Override
        public DataType type() {
            return plan.schema().field(0).dataType();
        }

        @Override
        public boolean nullable() {
            return true;
        }
    }

    record BoundExists(LogicalPlan plan) implements Bound {
        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return false;
        }
    }

    /// @param values of the types of the plan's columns
    record BoundIn(List<BoundExpr> values, LogicalPlan plan) implements Bound {
        /// The values, with columns in the place of those that are computed: what rows are grouped by is found as a
        /// whole only.
        List<BoundExpr> named() {
            return IntStream.range(0, values.size()).mapToObj(this::nameOf).toList();
        }

        private BoundExpr nameOf(int index) {
            BoundExpr value = values.get(index);
            return value instanceof BoundExpr.Column || Slots.onlyOuter(value) || hasSlots(value)
                    ? value
                    : new BoundExpr.Column(
                            Slots.of(Slots.Kind.COMPARED, index), "_value" + index, value.type(), value.nullable());
        }

        /// What a column of [#named] stands for; any other expression itself.
        BoundExpr meant(BoundExpr expr) {
            return expr instanceof BoundExpr.Column column && Slots.kind(column.ordinal()) == Slots.Kind.COMPARED
                    ? values.get(Slots.index(column.ordinal()))
                    : expr;
        }

        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return true;
        }
    }

    /// A plan with the subqueries joined to it.
    ///
    /// @param plan has the columns of the plan before, and more behind them
    /// @param values of the subqueries
    record Attached(LogicalPlan plan, List<BoundExpr> values) {}

    static Bound bind(NamedExpr subquery, ExprBinder binder, Function<NamedPlan, Resolved> analyze) {
        return switch (subquery) {
            case NamedExpr.ScalarSubquery(NamedPlan plan) -> {
                LogicalPlan analyzed = analyze.apply(plan).plan();
                if (analyzed.schema().size() != 1) {
                    throw new QueryException(
                                    "INVALID_SUBQUERY",
                                    "A subquery that stands for a value gives one column, not "
                                            + analyzed.schema().size() + ": "
                                            + String.join(
                                                    ", ", analyzed.schema().names()) + ".")
                            .within(subquery);
                }
                yield new BoundScalar(analyzed);
            }
            case NamedExpr.Exists(NamedPlan plan) ->
                new BoundExists(analyze.apply(plan).plan());
            case NamedExpr.InSubquery(List<NamedExpr> values, NamedPlan plan) ->
                in(
                        values.stream().map(binder::bind).toList(),
                        analyze.apply(plan).plan(),
                        subquery);
            default -> throw new IllegalArgumentException("no subquery: " + subquery);
        };
    }

    /// The columns of the query around it that a subquery uses.
    static List<BoundExpr> outerColumns(Bound subquery) {
        List<BoundExpr> columns = new ArrayList<>();
        switch (subquery) {
            case BoundScalar(LogicalPlan plan) -> collectOuter(plan, columns);
            case BoundExists(LogicalPlan plan) -> collectOuter(plan, columns);
            case BoundIn(List<BoundExpr> values, LogicalPlan plan) -> {
                columns.addAll(values);
                collectOuter(plan, columns);
            }
        }
        return columns;
    }

    /// The columns of the queries around it that a plan uses, as the nearest of these sees them.
    static List<BoundExpr.Column> outerColumns(LogicalPlan plan) {
        List<BoundExpr.Column> columns = new ArrayList<>();
        collectOuter(plan, columns);
        return columns;
    }

    private static void collectOuter(LogicalPlan plan, List<? super BoundExpr.Column> into) {
        PlanExpressions.of(plan).forEach(expr -> collectOuter(expr, into));
        plan.inputs().forEach(input -> collectOuter(input, into));
    }

    private static void collectOuter(BoundExpr expr, List<? super BoundExpr.Column> into) {
        if (expr instanceof BoundExpr.Column column && Slots.isOuter(column)) {
            into.add(Slots.inward(column));
        } else {
            expr.operands().forEach(operand -> collectOuter(operand, into));
        }
    }

    private static BoundIn in(List<BoundExpr> values, LogicalPlan plan, NamedExpr subquery) {
        if (values.size() != plan.schema().size()) {
            throw new QueryException(
                            "IN_SUBQUERY_LENGTH_MISMATCH",
                            "'" + subquery.text() + "': there "
                                    + (values.size() == 1 ? "is 1 value" : "are " + values.size() + " values")
                                    + " before IN, but the subquery gives "
                                    + plan.schema().size() + " columns.")
                    .within(subquery);
        }
        List<BoundExpr> cast = new ArrayList<>();
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            BoundExpr value = values.get(i);
            BoundExpr column = Coercion.calledAs(value.type(), Decorrelation.column(plan, i));
            DataType common = Coercion.commonType(value.type(), column.type())
                    .orElseThrow(() -> new QueryException(
                                    "DATATYPE_MISMATCH",
                                    "'" + subquery.text() + "': the value is "
                                            + value.type().simpleString() + ", the subquery's column "
                                            + column.type().simpleString() + ". Cast one of them.")
                            .within(subquery));
            cast.add(Coercion.cast(value, common, CastFailure.ERROR));
            columns.add(
                    new OutputColumn(plan.schema().field(i).name(), Coercion.cast(column, common, CastFailure.ERROR)));
        }
        boolean same = columns.stream().allMatch(column -> column.expr() instanceof BoundExpr.Column);
        return new BoundIn(cast, same ? plan : new LogicalPlan.Project(plan, columns));
    }

    /// @param toBase puts an expression of the query around the subqueries over the columns of `base`
    static Attached attach(LogicalPlan base, List<Bound> subqueries, UnaryOperator<BoundExpr> toBase) {
        Map<Integer, Bound> bySlot = new TreeMap<>();
        subqueries.forEach(subquery -> bySlot.put(bySlot.size(), subquery));
        Map<Integer, BoundExpr> values = new TreeMap<>();
        return new Attached(attach(base, bySlot, values, toBase), List.copyOf(values.values()));
    }

    /// The plan with the subqueries joined to it.
    ///
    /// @param subqueries by the index of their slots
    /// @param values of subqueries by the index of their slots; these ones' are put there
    static LogicalPlan attach(
            LogicalPlan base,
            Map<Integer, Bound> subqueries,
            Map<Integer, BoundExpr> values,
            UnaryOperator<BoundExpr> toBase) {
        LogicalPlan plan = base;
        for (Map.Entry<Integer, Bound> subquery : subqueries.entrySet()) {
            // A subquery within what another one is compared with is a column by now.
            UnaryOperator<BoundExpr> place = expr -> placed(toBase.apply(expr), values);
            Attaching attaching = subquery.getValue() instanceof BoundIn in
                    ? new Attaching(
                            base, expr -> toBase.apply(in.meant(expr)), plan, expr -> place.apply(in.meant(expr)))
                    : new Attaching(base, toBase, plan, place);
            values.put(
                    subquery.getKey(),
                    switch (subquery.getValue()) {
                        case BoundScalar(LogicalPlan inner) -> attaching.scalar(inner);
                        case BoundExists(LogicalPlan inner) -> attaching.exists(inner);
                        case BoundIn in -> attaching.in(in.named(), in.plan());
                    });
            plan = attaching.plan;
        }
        return plan;
    }

    private static BoundExpr placed(BoundExpr expr, Map<Integer, BoundExpr> values) {
        return expr instanceof BoundExpr.Column column && Slots.kind(column.ordinal()) == Slots.Kind.SUBQUERY
                ? Objects.requireNonNull(values.get(Slots.index(column.ordinal())))
                : expr.mapOperands(operand -> placed(operand, values));
    }

    /// A condition of a filter that is a subquery, as a semi or anti join; empty if it is none.
    static Optional<LogicalPlan> asFilter(
            LogicalPlan base, NamedExpr condition, ExprBinder binder, Function<NamedPlan, Resolved> analyze) {
        boolean negated =
                condition instanceof NamedExpr.Call call && call.function().equals("not");
        NamedExpr inner = condition instanceof NamedExpr.Call call && negated
                ? call.arguments().getFirst()
                : condition;
        return switch (inner) {
            case NamedExpr.Exists _, NamedExpr.InSubquery _ ->
                filtered(base, bind(inner, binder, analyze), negated ? JoinType.LEFT_ANTI : JoinType.LEFT_SEMI);
            default -> Optional.empty();
        };
    }

    private static Optional<LogicalPlan> filtered(LogicalPlan base, Bound bound, JoinType type) {
        LogicalPlan inner = bound instanceof BoundIn in ? in.plan() : ((BoundExists) bound).plan();
        Decorrelation.Use use = bound instanceof BoundIn ? Decorrelation.Use.SET : Decorrelation.Use.EXISTENCE;
        Decorrelation.Pulled pulled =
                Decorrelation.pull(use, inner, base, UnaryOperator.identity(), UnaryOperator.identity());
        if (pulled.emptyRow().isPresent()
                && (bound instanceof BoundExists || !pulled.predicates().isEmpty())) {
            return Optional.empty();
        }
        int width = base.schema().size();
        List<BoundExpr> conditions = new ArrayList<>(pulled.conditions(width, UnaryOperator.identity()));
        if (bound instanceof BoundIn(List<BoundExpr> values, LogicalPlan _)) {
            if (values.stream().anyMatch(Subqueries::hasSlots)
                    || type == JoinType.LEFT_ANTI && countsNulls(base, values, pulled)) {
                return Optional.empty();
            }
            for (int i = 0; i < values.size(); i++) {
                BoundExpr output = pulled.joined(i, width);
                BoundExpr equal = FunctionRegistry.bindScalar("=", List.of(values.get(i), output));
                // NOT IN: a comparison with null might be true.
                conditions.add(
                        type == JoinType.LEFT_ANTI && equal.nullable()
                                ? new BoundExpr.Coalesce(List.of(equal, new BoundExpr.Literal(Scalar.TRUE)))
                                : equal);
            }
        }
        return Optional.of(new LogicalPlan.Join(
                base, pulled.plan(), type, conditions.stream().reduce(BoundExpr.And::new)));
    }

    /// Whether `NOT IN` is better found with a marker and by counting nulls: an anti join in which a comparison with
    /// null might be true has no keys, and would compare all rows of both sides. They run the subquery twice, which
    /// must give the same rows.
    private static boolean countsNulls(LogicalPlan base, List<BoundExpr> values, Decorrelation.Pulled pulled) {
        return values.size() == 1
                && pulled.predicates().isEmpty()
                && !pulled.outputs().stream().anyMatch(Slots::hasOuter)
                && Attaching.nullMatters(values, pulled)
                && pulled.plan().deterministic()
                && !base.isStreaming()
                && !pulled.plan().isStreaming();
    }

    private static boolean hasSlots(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column
                ? Slots.kind(column.ordinal()) == Slots.Kind.SUBQUERY
                : expr.operands().stream().anyMatch(Subqueries::hasSlots);
    }

    /// Joins one subquery to a plan.
    private static final class Attaching {
        private final LogicalPlan base;
        private final UnaryOperator<BoundExpr> toBase;
        private final UnaryOperator<BoundExpr> toPlan;
        private LogicalPlan plan;

        /// @param base the plan before any subquery was joined to it
        Attaching(
                LogicalPlan base, UnaryOperator<BoundExpr> toBase, LogicalPlan plan, UnaryOperator<BoundExpr> toPlan) {
            this.base = base;
            this.toBase = toBase;
            this.plan = plan;
            this.toPlan = toPlan;
        }

        private Decorrelation.Pulled pulled(
                Decorrelation.Use use, LogicalPlan inner, UnaryOperator<Decorrelation.Pulled> step) {
            return Decorrelation.pull(use, inner, base, toBase, step);
        }

        BoundExpr scalar(LogicalPlan inner) {
            boolean oneAtMost =
                    inner instanceof LogicalPlan.Limit limit && limit.count() <= 1 && Decorrelation.isCorrelated(inner);
            return join(
                    pulled(
                                    Decorrelation.Use.ROWS,
                                    inner,
                                    oneAtMost ? UnaryOperator.identity() : Decorrelation.Pulled::asSingleRow)
                            .marked(),
                    0);
        }

        /// The value of an output column of a query that gives at most one row per row of the plan.
        private BoundExpr join(Decorrelation.Marked marked, int output) {
            int width = plan.schema().size();
            Decorrelation.Pulled pulled = marked.pulled();
            if (pulled.predicates().isEmpty() && pulled.emptyRow().isPresent()) {
                plan = new LogicalPlan.Join(plan, pulled.plan(), JoinType.CROSS, Optional.empty());
                return toOuter(pulled.output(output, width));
            }
            Optional<BoundExpr> condition =
                    pulled.conditions(width, toPlan).stream().reduce(BoundExpr.And::new);
            plan = new LogicalPlan.Join(plan, pulled.plan(), JoinType.LEFT_OUTER, condition);
            BoundExpr value = toOuter(pulled.output(output, width));
            BoundExpr ifNone = pulled.emptyRow()
                    .map(row -> row.get(output))
                    .orElseGet(() -> new BoundExpr.Literal(new Scalar(null, value.type())));
            BoundExpr nullable = asNullable(value);
            // An outer column has its value also where there is no partner.
            if (pulled.outputs().get(output) instanceof BoundExpr.Column column
                    && !Slots.isOuter(column)
                    && ifNone instanceof BoundExpr.Literal(Scalar none)
                    && none.isNull()) {
                return nullable;
            }
            BoundExpr missing = new BoundExpr.IsNull(
                    new BoundExpr.Column(width + marked.ordinal(), "_found", DataTypes.BooleanType, true));
            return new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(missing, toOuter(ifNone))), Optional.of(nullable), value.type());
        }

        /// What is left of outer columns in a value is the plan's.
        private BoundExpr toOuter(BoundExpr expr) {
            if (expr instanceof BoundExpr.Column column && Slots.isOuter(column)) {
                BoundExpr.Column inward = Slots.inward(column);
                return Slots.isOuter(inward) ? inward : toPlan.apply(inward);
            }
            return expr.mapOperands(this::toOuter);
        }

        private BoundExpr asNullable(BoundExpr expr) {
            return expr instanceof BoundExpr.Column column
                    ? new BoundExpr.Column(column.ordinal(), column.name(), column.type(), true)
                    : expr;
        }

        BoundExpr exists(LogicalPlan inner) {
            Decorrelation.Pulled pulled = pulled(
                    Decorrelation.Use.EXISTENCE,
                    inner,
                    rows -> rows.emptyRow().isPresent() ? rows : rows.distinctKeys());
            return pulled.emptyRow().isPresent()
                    ? new BoundExpr.Literal(Scalar.TRUE)
                    : new BoundExpr.Not(new BoundExpr.IsNull(found(pulled)));
        }

        /// The marker of a left outer join with rows that differ in what they are joined by.
        private BoundExpr found(Decorrelation.Pulled pulled) {
            int width = plan.schema().size();
            Decorrelation.Marked marked = pulled.marked();
            Optional<BoundExpr> condition =
                    marked.pulled().conditions(width, toPlan).stream().reduce(BoundExpr.And::new);
            plan = new LogicalPlan.Join(plan, marked.pulled().plan(), JoinType.LEFT_OUTER, condition);
            return new BoundExpr.Column(width + marked.ordinal(), "_found", DataTypes.BooleanType, true);
        }

        BoundExpr in(List<BoundExpr> compared, LogicalPlan inner) {
            List<BoundExpr> values = compared.stream().map(toPlan).toList();
            Decorrelation.Pulled pulled =
                    pulled(Decorrelation.Use.ROWS, inner, rows -> requireComparable(rows, compared));
            if (pulled.emptyRow().isPresent() && values.size() == 1) {
                // One row at most: IN is a comparison.
                return FunctionRegistry.bindScalar("=", List.of(values.getFirst(), join(pulled.marked(), 0)));
            }
            BoundExpr found = new BoundExpr.Not(
                    new BoundExpr.IsNull(found(pulled.comparedWith(compared).distinctKeys())));
            if (!nullMatters(values, pulled)) {
                return found;
            }
            return values.size() == 1 ? withNulls(found, values, pulled) : withNulls(found, compared, inner);
        }

        private static Decorrelation.Pulled requireComparable(Decorrelation.Pulled rows, List<BoundExpr> compared) {
            if (rows.emptyRow().isPresent()
                    && (compared.size() == 1 || !rows.predicates().isEmpty())) {
                if (compared.size() != 1) {
                    throw Decorrelation.unsupported("IN of several columns over an aggregation without GROUP BY");
                }
                return rows;
            }
            if (rows.outputs().stream().anyMatch(Slots::hasOuter)) {
                throw Decorrelation.unsupported(
                        "IN of a column of the query around it, other than as a whole condition of WHERE");
            }
            rows.comparedWith(compared).distinctKeys();
            return rows;
        }

        /// Of several columns: true if found; else null if there is a row of which no column differs for certain.
        private BoundExpr withNulls(BoundExpr found, List<BoundExpr> compared, LogicalPlan inner) {
            if (compared.stream().anyMatch(Subqueries::hasSlots)) {
                throw Decorrelation.unsupported("IN of several columns that may be null with a subquery among them");
            }
            BoundExpr undecided = exists(new LogicalPlan.Filter(
                    inner,
                    IntStream.range(0, compared.size())
                            .mapToObj(i -> FunctionRegistry.bindScalar(
                                    "=",
                                    List.of(Decorrelation.asOuter(compared.get(i)), Decorrelation.column(inner, i))))
                            .<BoundExpr>map(
                                    equal -> new BoundExpr.Coalesce(List.of(equal, new BoundExpr.Literal(Scalar.TRUE))))
                            .reduce(BoundExpr.And::new)
                            .orElseThrow()));
            return thirdValue(found, undecided);
        }

        private static BoundExpr thirdValue(BoundExpr found, BoundExpr undecided) {
            return new BoundExpr.Case(
                    List.of(
                            new BoundExpr.Case.Branch(found, new BoundExpr.Literal(Scalar.TRUE)),
                            new BoundExpr.Case.Branch(
                                    undecided, new BoundExpr.Literal(new Scalar(null, DataTypes.BooleanType)))),
                    Optional.of(new BoundExpr.Literal(Scalar.FALSE)),
                    DataTypes.BooleanType);
        }

        private static boolean nullMatters(List<BoundExpr> values, Decorrelation.Pulled pulled) {
            return values.stream().anyMatch(BoundExpr::nullable)
                    || pulled.outputs().stream().anyMatch(BoundExpr::nullable);
        }

        /// True if found; else null if there are rows, and the value or one of theirs is null; else false.
        private BoundExpr withNulls(BoundExpr found, List<BoundExpr> values, Decorrelation.Pulled pulled) {
            Decorrelation.Pulled counts = pulled.counted();
            Decorrelation.Marked marked = counts.marked();
            BoundExpr rows = join(marked, 0);
            // The join for the second column is the same one.
            BoundExpr present = second(marked, rows);
            BoundExpr zero = new BoundExpr.Literal(Scalar.of(0L));
            BoundExpr someRows = FunctionRegistry.bindScalar(">", List.of(rows, zero));
            BoundExpr someNull = new BoundExpr.Or(
                    new BoundExpr.IsNull(values.getFirst()), FunctionRegistry.bindScalar("<", List.of(present, rows)));
            return thirdValue(found, new BoundExpr.And(someRows, someNull));
        }

        private BoundExpr second(Decorrelation.Marked marked, BoundExpr first) {
            int width = plan.schema().size() - marked.pulled().plan().schema().size();
            BoundExpr value = asNullable(marked.pulled().output(1, width));
            // Zero rows where there is no partner, as the first one.
            return first instanceof BoundExpr.Column
                    ? value
                    : new BoundExpr.Coalesce(List.of(value, new BoundExpr.Literal(Scalar.of(0L))));
        }
    }
}
