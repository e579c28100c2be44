package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.NumericType;
import dev.headrace.types.ShortType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A window function with the partitions and the order it works in.
record BoundWindow(List<BoundExpr> partition, List<SortKey> order, WindowCall call) {
    private static final Set<String> RANKS =
            Set.of("row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead");

    BoundWindow {
        partition = List.copyOf(partition);
        order = List.copyOf(order);
    }

    static BoundWindow of(NamedExpr.Over over, ExprBinder binder) {
        List<BoundExpr> partition = over.partition().stream().map(binder::bind).toList();
        List<SortKey> order = new ArrayList<>();
        for (NamedExpr item : over.order()) {
            NamedExpr.SortOrder sort = item instanceof NamedExpr.SortOrder given
                    ? given
                    : new NamedExpr.SortOrder(item, Direction.ASC, NullOrder.FIRST);
            order.add(new SortKey(
                    Sorts.orderable(binder.bind(sort.input()), sort.input()), sort.direction(), sort.nulls()));
        }
        return new BoundWindow(partition, order, new Binding(over, binder, order).call());
    }

    List<BoundExpr> expressions() {
        List<BoundExpr> all = new ArrayList<>(partition);
        order.forEach(key -> all.add(key.expr()));
        all.addAll(call.function().expressions());
        all.addAll(call.frame().distances());
        return all;
    }

    /// The plan with the functions' results behind its columns, in their order; those with the same partitions and
    /// order are computed together.
    static LogicalPlan on(LogicalPlan input, List<BoundWindow> windows, UnaryOperator<BoundExpr> toPlan) {
        int first = input.schema().size();
        LogicalPlan plan = input;
        List<Integer> placed = new ArrayList<>();
        for (BoundWindow window : windows) {
            if (placed.contains(windows.indexOf(window))) {
                continue;
            }
            List<LogicalPlan.Window.Column> columns = new ArrayList<>();
            for (int i = 0; i < windows.size(); i++) {
                BoundWindow other = windows.get(i);
                if (other.partition.equals(window.partition) && other.order.equals(window.order)) {
                    placed.add(i);
                    columns.add(new LogicalPlan.Window.Column("_w" + i, other.call.map(toPlan)));
                }
            }
            plan = new LogicalPlan.Window(
                    plan,
                    window.partition.stream().map(toPlan).toList(),
                    window.order.stream()
                            .map(key -> new SortKey(toPlan.apply(key.expr()), key.direction(), key.nulls()))
                            .toList(),
                    columns);
        }
        return ordered(plan, first, placed);
    }

    private static LogicalPlan ordered(LogicalPlan plan, int first, List<Integer> placed) {
        List<OutputColumn> columns = new ArrayList<>();
        boolean moved = false;
        for (int i = 0; i < first + placed.size(); i++) {
            int at = i < first ? i : first + placed.indexOf(i - first);
            moved |= at != i;
            dev.headrace.types.StructField field = plan.schema().field(at);
            columns.add(new OutputColumn(
                    field.name(), new BoundExpr.Column(at, field.name(), field.dataType(), field.nullable())));
        }
        return moved ? new LogicalPlan.Project(plan, columns) : plan;
    }

    /// Binds one function.
    private record Binding(NamedExpr.Over over, ExprBinder binder, List<SortKey> order) {
        WindowCall call() {
            if (over.function() instanceof NamedExpr.Filtered(NamedExpr.Call call, NamedExpr condition)
                    && call.isAggregate()) {
                return new WindowCall(aggregate(call, Optional.of(condition)), frame());
            }
            if (!(over.function() instanceof NamedExpr.Call call)) {
                throw unsupported("it is not a function");
            }
            String name = call.function().toLowerCase(Locale.ROOT);
            if (call.userAggregate().isPresent()) {
                return new WindowCall(aggregate(call, Optional.empty()), frame());
            }
            WindowFunction function = function(name, call);
            if (RANKS.contains(name)) {
                requireOrder(name);
                if (over.frame().isPresent() && !isFrameOf(name)) {
                    throw unsupported("it takes no frame");
                }
                return new WindowCall(function, WindowFrame.all());
            }
            return new WindowCall(function, frame());
        }

        private boolean isFrameOf(String name) {
            WindowFrame<NamedExpr> frame = over.frame().orElseThrow();
            boolean toCurrent = frame.start() instanceof WindowFrame.Bound.UnboundedPreceding<NamedExpr> _
                    && frame.end() instanceof WindowFrame.Bound.CurrentRow<NamedExpr> _;
            return toCurrent && frame.unit() == WindowFrame.Unit.ROWS && !name.startsWith("la") && !name.equals("lead");
        }

        private void requireOrder(String name) {
            if (order.isEmpty()) {
                throw new QueryException(
                                "WINDOW_FUNCTION_WITHOUT_ORDER",
                                "'" + over.text() + "': " + name + " needs an order. Add ORDER BY to its OVER (…), or"
                                        + " orderBy(…) to its window.")
                        .within(over);
            }
        }

        private WindowFunction function(String name, NamedExpr.Call call) {
            List<NamedExpr> arguments = call.arguments();
            return switch (name) {
                case "row_number" -> rank(WindowFunction.Rank.Kind.ROW_NUMBER, call);
                case "rank" -> rank(WindowFunction.Rank.Kind.RANK, call);
                case "dense_rank" -> rank(WindowFunction.Rank.Kind.DENSE_RANK, call);
                case "percent_rank" -> rank(WindowFunction.Rank.Kind.PERCENT_RANK, call);
                case "cume_dist" -> rank(WindowFunction.Rank.Kind.CUME_DIST, call);
                case "ntile" -> {
                    arguments(call, 0, 1);
                    int buckets = arguments.isEmpty() ? 1 : constant(arguments.getFirst());
                    if (buckets < 1) {
                        throw unsupported("the number of buckets must be at least 1");
                    }
                    yield new WindowFunction.Ntile(buckets);
                }
                case "lag" -> offset(call, -1);
                case "lead" -> offset(call, 1);
                case "first", "first_value", "any_value" -> nth(call, 1);
                case "last", "last_value" -> nth(call, -1);
                case "nth_value" -> {
                    arguments(call, 2, 3);
                    int position = constant(arguments.get(1));
                    if (position < 1) {
                        throw unsupported("the position must be at least 1");
                    }
                    yield new WindowFunction.Nth(binder.bind(arguments.get(0)), position, ignoresNulls(call, 2));
                }
                default -> aggregate(call, Optional.empty());
            };
        }

        private WindowFunction rank(WindowFunction.Rank.Kind kind, NamedExpr.Call call) {
            arguments(call, 0, 0);
            return new WindowFunction.Rank(kind);
        }

        private WindowFunction nth(NamedExpr.Call call, int position) {
            arguments(call, 1, 2);
            return new WindowFunction.Nth(binder.bind(call.arguments().getFirst()), position, ignoresNulls(call, 1));
        }

        private boolean ignoresNulls(NamedExpr.Call call, int argument) {
            return over.ignoreNulls()
                    || call.arguments().size() > argument
                            && call.arguments().get(argument) instanceof NamedExpr.Literal(Scalar value)
                            && Boolean.TRUE.equals(value.value());
        }

        private WindowFunction offset(NamedExpr.Call call, int sign) {
            arguments(call, 1, 4);
            List<NamedExpr> arguments = call.arguments();
            BoundExpr value = binder.bind(arguments.getFirst());
            int places = arguments.size() > 1 ? constant(arguments.get(1)) : 1;
            if (arguments.size() > 2) {
                BoundExpr given = binder.bind(arguments.get(2));
                if (!Coercion.accepts(value.type(), given.type())) {
                    throw unsupported("its default is of another type than its value");
                }
                return new WindowFunction.Offset(
                        value,
                        sign * places,
                        Coercion.cast(given, value.type(), CastFailure.ERROR),
                        ignoresNulls(call, 3));
            }
            BoundExpr none = new BoundExpr.Literal(new Scalar(null, value.type()));
            return new WindowFunction.Offset(value, sign * places, none, ignoresNulls(call, 3));
        }

        private WindowFunction aggregate(NamedExpr.Call call, Optional<NamedExpr> filter) {
            if (!call.isAggregate()) {
                throw unsupported("it is neither an aggregate nor a window function");
            }
            if (call.distinct()) {
                throw new QueryException(
                                "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
                                "'" + over.text() + "': DISTINCT is not supported in window functions.")
                        .within(over);
            }
            return new WindowFunction.Aggregate(binder.aggregateCall(call, filter));
        }

        private void arguments(NamedExpr.Call call, int least, int most) {
            int given = call.arguments().size();
            if (given < least || given > most) {
                throw new QueryException(
                                "WRONG_NUM_ARGS",
                                "'" + call.function() + "' was called with " + given
                                        + (given == 1 ? " argument" : " arguments") + ". Expected: "
                                        + (least == most ? least : least + " to " + most) + ".")
                        .within(over);
            }
        }

        private int constant(NamedExpr expr) {
            if (binder.bind(expr) instanceof BoundExpr.Literal(Scalar value)
                    && value.type() instanceof IntegerType
                    && value.value() instanceof Integer number) {
                return number;
            }
            if (expr instanceof NamedExpr.Call call
                    && call.function().equals("negative")
                    && call.arguments().getFirst() instanceof NamedExpr.Literal(Scalar value)
                    && value.value() instanceof Integer number) {
                return -number;
            }
            throw unsupported("'" + expr.text() + "' must be a constant whole number");
        }

        // ---- Frames

        private WindowFrame<BoundExpr> frame() {
            if (over.frame().isEmpty()) {
                return order.isEmpty() ? WindowFrame.all() : WindowFrame.upToPeers();
            }
            WindowFrame<NamedExpr> frame = over.frame().get();
            if (frame.start() instanceof WindowFrame.Bound.UnboundedFollowing
                    || frame.end() instanceof WindowFrame.Bound.UnboundedPreceding) {
                throw unsupported("no frame begins UNBOUNDED FOLLOWING or ends UNBOUNDED PRECEDING");
            }
            checkOrder(frame);
            if (frame.unit() == WindowFrame.Unit.ROWS) {
                return frame.map(distance -> new BoundExpr.Literal(Scalar.of(constant(distance))));
            }
            if (order.isEmpty()) {
                throw unsupported("a RANGE frame needs an order");
            }
            if (!frame.distances().isEmpty() && order.size() != 1) {
                throw unsupported("a RANGE frame with a distance needs exactly one ordering expression");
            }
            return new WindowFrame<>(WindowFrame.Unit.RANGE, limit(frame.start()), limit(frame.end()));
        }

        /// As Spark does, with distances on both sides only: others leave a frame without rows.
        private void checkOrder(WindowFrame<NamedExpr> frame) {
            boolean rows = frame.unit() == WindowFrame.Unit.ROWS;
            OptionalLong first = place(frame.start(), rows);
            OptionalLong last = place(frame.end(), rows);
            if (first.isPresent() && last.isPresent() && first.getAsLong() > last.getAsLong()) {
                throw unsupported("the frame begins behind its end");
            }
        }

        /// How many rows behind the current one a distance ends; of other units only on which side.
        private OptionalLong place(WindowFrame.Bound<NamedExpr> bound, boolean rows) {
            return switch (bound) {
                case WindowFrame.Bound.Preceding<NamedExpr>(NamedExpr distance) ->
                    OptionalLong.of(rows ? -(long) constant(distance) : -1);
                case WindowFrame.Bound.Following<NamedExpr>(NamedExpr distance) ->
                    OptionalLong.of(rows ? constant(distance) : 1);
                case WindowFrame.Bound<NamedExpr> _ -> OptionalLong.empty();
            };
        }

        /// The distance as the ordering expression's value there.
        private WindowFrame.Bound<BoundExpr> limit(WindowFrame.Bound<NamedExpr> bound) {
            boolean ascending = order.getFirst().direction() == Direction.ASC;
            return switch (bound) {
                case WindowFrame.Bound.Preceding<NamedExpr>(NamedExpr distance) ->
                    new WindowFrame.Bound.Preceding<>(moved(distance, ascending ? "-" : "+"));
                case WindowFrame.Bound.Following<NamedExpr>(NamedExpr distance) ->
                    new WindowFrame.Bound.Following<>(moved(distance, ascending ? "+" : "-"));
                case WindowFrame.Bound<NamedExpr> other ->
                    other.map(distance -> {
                        throw new IllegalStateException("no distance: " + distance);
                    });
            };
        }

        private BoundExpr moved(NamedExpr distance, String operator) {
            BoundExpr value = order.getFirst().expr();
            BoundExpr sum = distance instanceof NamedExpr.Interval interval
                    ? IntervalArithmetic.add(value, operator.equals("+") ? interval : interval.negated())
                    : FunctionRegistry.bindScalar(
                            "try_" + (operator.equals("+") ? "add" : "subtract"),
                            List.of(value, constantDistance(distance, value.type())));
            BoundExpr moved = withAllDigits(sum, value.type());
            if (moved.type().equals(value.type())) {
                return moved;
            }
            if (haveSameFraction(moved.type(), value.type())) {
                // Null where the order has no values any more.
                return Coercion.cast(moved, value.type(), CastFailure.NULL);
            }
            return Coercion.commonType(moved.type(), value.type())
                    .filter(common -> common.equals(value.type()))
                    .map(common -> Coercion.cast(moved, common, CastFailure.NULL))
                    .orElseThrow(() -> unsupported("the frame's distance is wider than the ordering expression, "
                            + value.type().simpleString()));
        }

        /// Of decimals with nearly 38 digits the last ones are given up when something is added. Here they count, and
        /// what does not fit is null.
        private static BoundExpr withAllDigits(BoundExpr moved, DataType type) {
            return moved
                                    instanceof
                                    BoundExpr.Arithmetic(
                                            var op,
                                            var value,
                                            var distance,
                                            DecimalType given,
                                            var failure,
                                            var origin)
                            && type instanceof DecimalType(var _, int scale)
                            && distance.type() instanceof DecimalType(var _, int digits)
                            && digits <= scale
                            && given.scale() < scale
                    ? new BoundExpr.Arithmetic(
                            op, value, distance, new DecimalType(DecimalType.MAX_PRECISION, scale), failure, origin)
                    : moved;
        }

        private static boolean haveSameFraction(DataType a, DataType b) {
            return a instanceof DecimalType(var _, int scale)
                            && b instanceof DecimalType(var _, int other)
                            && scale == other
                    || isWhole(a) && isWhole(b);
        }

        private static boolean isWhole(DataType type) {
            return type instanceof ByteType
                    || type instanceof ShortType
                    || type instanceof IntegerType
                    || type instanceof LongType;
        }

        private BoundExpr constantDistance(NamedExpr distance, DataType ordered) {
            BoundExpr bound = binder.bind(distance);
            if (!bound.deterministic() || hasColumn(bound)) {
                throw unsupported("'" + distance.text() + "' must be constant");
            }
            return ordered instanceof FloatType && bound.type() instanceof NumericType
                    ? Coercion.cast(bound, ordered, CastFailure.ERROR)
                    : bound;
        }

        private static boolean hasColumn(BoundExpr expr) {
            return expr instanceof BoundExpr.Column || expr.operands().stream().anyMatch(Binding::hasColumn);
        }

        private QueryException unsupported(String why) {
            return new QueryException("UNSUPPORTED_WINDOW_FUNCTION", "'" + over.text() + "': " + why + ".")
                    .within(over);
        }
    }
}
