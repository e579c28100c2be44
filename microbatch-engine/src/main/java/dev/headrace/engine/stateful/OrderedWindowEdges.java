package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Plans window functions of which each looks at some rows before and after its own, or goes on from the row before
/// ([OrderedWindow]).
final class OrderedWindowEdges {
    /// With more neighbours than this on a side the blocks that a change reads would be much of the partition.
    private static final int MOST_REACH = 1_000;

    private final StreamingPlanner planner;
    private final LogicalPlan.Window node;
    private final Edge input;
    private final List<WindowCall> calls;
    private final int reach;

    /// The aggregates that run, each of which has a partial result.
    private final List<AggregateCall> running;

    private OrderedWindowEdges(
            StreamingPlanner planner, LogicalPlan.Window node, Edge input, List<WindowCall> calls, int reach) {
        this.planner = planner;
        this.node = node;
        this.input = input;
        this.calls = calls;
        this.reach = reach;
        running = calls.stream()
                .filter(OrderedWindowEdges::runs)
                .flatMap(call -> aggregate(call).stream())
                .distinct()
                .toList();
    }

    /// Empty if a function looks at all rows of the partition.
    static Optional<Edge> of(StreamingPlanner planner, LogicalPlan.Window node, Edge input) {
        if (node.order().isEmpty()
                || !node.partition().stream().allMatch(BoundExpr::deterministic)
                || !node.order().stream().map(SortKey::expr).allMatch(BoundExpr::deterministic)) {
            return Optional.empty();
        }
        int reach = 0;
        List<WindowCall> calls = new ArrayList<>();
        for (LogicalPlan.Window.Column column : node.columns()) {
            WindowCall call = asAggregate(column.call());
            OptionalInt one = isByDistance(call) && isPossible(call.frame(), node) ? OptionalInt.of(0) : reach(call);
            if (one.isEmpty() || one.getAsInt() > MOST_REACH) {
                return Optional.empty();
            }
            reach = Math.max(reach, one.getAsInt());
            calls.add(call);
        }
        return Optional.of(new OrderedWindowEdges(planner, node, input, calls, reach).edge());
    }

    /// Whether frames end at values.
    private static boolean isByDistance(WindowCall call) {
        return call.frame().unit() == WindowFrame.Unit.RANGE
                && !call.frame().distances().isEmpty();
    }

    private static boolean isPossible(WindowFrame<BoundExpr> frame, LogicalPlan.Window node) {
        boolean isOpen = fromStart(frame) || frame.end() instanceof WindowFrame.Bound.UnboundedFollowing<BoundExpr> _;
        return !isOpen
                && RangeReach.isPossible(frame, node.order().getFirst().expr().type());
    }

    /// The first value of a frame that begins with the partition, and the last one that is not null, run like
    /// aggregates.
    private static WindowCall asAggregate(WindowCall call) {
        if (!(call.function() instanceof WindowFunction.Nth(BoundExpr value, int position, boolean ignoreNulls))
                || !fromStart(call.frame())
                || position > 1
                || position < 0 && !ignoreNulls) {
            return call;
        }
        List<BoundExpr> arguments = List.of(value, new BoundExpr.Literal(ignoreNulls ? Scalar.TRUE : Scalar.FALSE));
        AggregateCall aggregate = FunctionRegistry.bindAggregate(position < 0 ? "last" : "first", arguments, false);
        return new WindowCall(new WindowFunction.Aggregate(aggregate), call.frame());
    }

    private static Optional<AggregateCall> aggregate(WindowCall call) {
        return call.function() instanceof WindowFunction.Aggregate(AggregateCall aggregate)
                ? Optional.of(aggregate)
                : Optional.empty();
    }

    private static boolean fromStart(WindowFrame<BoundExpr> frame) {
        return frame.start() instanceof WindowFrame.Bound.UnboundedPreceding<BoundExpr> _;
    }

    /// Whether a function depends on all rows before its own.
    private static boolean runs(WindowCall call) {
        return switch (call.function()) {
            case WindowFunction.Rank _ -> true;
            case WindowFunction.Aggregate _ -> fromStart(call.frame());
            case WindowFunction _ -> false;
        };
    }

    /// How many rows before or after its own a function looks at, but for what runs, if that is always the same number.
    private static OptionalInt reach(WindowCall call) {
        return switch (call.function()) {
            case WindowFunction.Offset offset when !offset.ignoreNulls() -> OptionalInt.of(Math.abs(offset.places()));
            case WindowFunction.Rank(WindowFunction.Rank.Kind kind) ->
                switch (kind) {
                    case ROW_NUMBER, RANK, DENSE_RANK -> OptionalInt.of(0);
                    case PERCENT_RANK, CUME_DIST -> OptionalInt.empty();
                };
            case WindowFunction.Aggregate(AggregateCall aggregate)
                    when fromStart(call.frame()) -> hasSmallResult(aggregate) ? ahead(call.frame()) : OptionalInt.empty();
            // The last one of its frame.
            case WindowFunction.Nth nth when fromStart(call.frame()) && nth.position() < 0 && !nth.ignoreNulls() ->
                reach(call.frame().unit(), call.frame().end());
            case WindowFunction.Aggregate _, WindowFunction.Nth _ ->
                farther(
                        reach(call.frame().unit(), call.frame().start()),
                        reach(call.frame().unit(), call.frame().end()));
            case WindowFunction _ -> OptionalInt.empty();
        };
    }

    /// Whether a partial result may stand with each row.
    private static boolean hasSmallResult(AggregateCall call) {
        return TreeEdges.isMerged(call) && !call.function().name().equals("approx_count_distinct");
    }

    /// How far behind its own row a frame ends. One that ends before it has less than all that is before the row.
    private static OptionalInt ahead(WindowFrame<BoundExpr> frame) {
        return frame.end() instanceof WindowFrame.Bound.Preceding<BoundExpr> _
                        || frame.end() instanceof WindowFrame.Bound.Following<BoundExpr>(BoundExpr distance)
                                && rows(distance).orElse(-1) < 0
                ? OptionalInt.empty()
                : reach(frame.unit(), frame.end());
    }

    private static OptionalInt farther(OptionalInt start, OptionalInt end) {
        return start.isEmpty() || end.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Math.max(start.getAsInt(), end.getAsInt()));
    }

    /// Peers lie in one block.
    private static OptionalInt reach(WindowFrame.Unit unit, WindowFrame.Bound<BoundExpr> bound) {
        return switch (bound) {
            case WindowFrame.Bound.CurrentRow<BoundExpr> _ -> OptionalInt.of(0);
            case WindowFrame.Bound.Preceding<BoundExpr>(BoundExpr distance)
                    when unit == WindowFrame.Unit.ROWS -> magnitude(rows(distance));
            case WindowFrame.Bound.Following<BoundExpr>(BoundExpr distance)
                    when unit == WindowFrame.Unit.ROWS -> magnitude(rows(distance));
            case WindowFrame.Bound<BoundExpr> _ -> OptionalInt.empty();
        };
    }

    private static OptionalInt magnitude(OptionalInt rows) {
        return rows.isEmpty() ? rows : OptionalInt.of(Math.abs(rows.getAsInt()));
    }

    private static OptionalInt rows(BoundExpr distance) {
        return distance instanceof BoundExpr.Literal(Scalar(Object value, var _)) && value instanceof Integer rows
                ? OptionalInt.of(rows)
                : OptionalInt.empty();
    }

    private Edge edge() {
        StructType rows = input.rowSchema();
        List<OutputColumn> columns = new ArrayList<>(StreamingPlanner.columnsOf(rows));
        columns.add(new OutputColumn(
                ChangeColumn.FIELD.name(),
                input.retracts() ? Changelog.changeOf(input) : new BoundExpr.Literal(Scalar.of(ChangeColumn.ADDED))));
        StructType partition = new StructType();
        for (BoundExpr key : node.partition()) {
            columns.add(new OutputColumn("key" + partition.size(), key));
            partition = partition.add(columns.getLast().field().withNullable(true));
        }
        boolean runs = calls.stream().anyMatch(OrderedWindowEdges::runs);
        StructType states = new StructType();
        for (AggregateCall call : running) {
            states = states.add("_state" + states.size(), ResumedAggregate.stateType(call.function()));
        }
        StructType blocks = partition.add(OrderedWindow.BLOCK);
        StructType nodes = partition.add(OrderedWindow.NODE);
        StructType entries = with(with(rows, runs ? OrderedWindow.RUNNING_NUMBERS : OrderedWindow.NUMBERS), states);
        KeyedRows.Lifetime endless = new KeyedRows.Lifetime.Endless();
        RowsLeaf sorted = new RowsLeaf(rows.add(OrderedWindow.SEGMENT).add(OrderedWindow.AT));
        StructType placed =
                rows.add(OrderedWindow.SEGMENT).add(OrderedWindow.FIRST).add(OrderedWindow.LAST);
        RowsLeaf computed = new RowsLeaf(runs ? with(with(placed, OrderedWindow.CAPTURED), states) : placed);
        PhysicalPlan body = planner.plan(body(computed, runs));
        return new Edge(
                OperatorOutput.of(new OrderedWindow(
                        new KeyedInput(
                                planner.plan(new LogicalPlan.Project(input.plan(), columns)),
                                new KeyedRows(
                                        planner.newState("windowRows", KeyedRows.stateSchema(blocks, rows, false)),
                                        blocks,
                                        rows,
                                        endless),
                                Optional.empty()),
                        new KeyedRows(
                                planner.newState("windowBlocks", KeyedRows.stateSchema(nodes, entries, false)),
                                nodes,
                                entries,
                                endless),
                        reach,
                        RangeReach.of(planner, node.order().getFirst(), framesByDistance(), rows),
                        planner.plan(order(sorted)),
                        sorted,
                        body,
                        computed,
                        new StructType(body.schema().fieldList().subList(0, rows.size() + calls.size())))),
                Edge.Mode.RETRACT);
    }

    private List<WindowFrame<BoundExpr>> framesByDistance() {
        return calls.stream()
                .filter(OrderedWindowEdges::isByDistance)
                .map(WindowCall::frame)
                .distinct()
                .toList();
    }

    private static StructType with(StructType schema, StructType more) {
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.addAll(more.fieldList());
        return new StructType(fields);
    }

    /// Segment, place and rank of each row, in order.
    private LogicalPlan order(RowsLeaf leaf) {
        int width = input.rowSchema().size();
        LogicalPlan ranked = windowed(OperatorOutput.of(leaf), List.of(ranked(WindowFunction.Rank.Kind.RANK)));
        return new LogicalPlan.Project(
                ranked,
                IntStream.range(width, width + 3)
                        .mapToObj(i -> column(ranked.schema(), i))
                        .toList());
    }

    /// The functions' results, of the rows of a segment that are not too near to where it is cut off; and if functions
    /// run, what is captured with each row.
    private LogicalPlan body(RowsLeaf leaf, boolean runs) {
        int width = input.rowSchema().size();
        StructType given = leaf.schema();
        List<LogicalPlan.Window.Column> numbers = new ArrayList<>(List.of(ranked(WindowFunction.Rank.Kind.ROW_NUMBER)));
        List<LogicalPlan.Window.Column> functions = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            functions.add(new LogicalPlan.Window.Column(node.columns().get(i).name(), resumed(calls.get(i), given)));
        }
        if (runs) {
            numbers.add(ranked(WindowFunction.Rank.Kind.DENSE_RANK));
            running.forEach(call -> functions.add(
                    new LogicalPlan.Window.Column("_partial", new WindowCall(resumed(call, true, given), upToRow()))));
        }
        LogicalPlan all = withFunctions(OperatorOutput.of(leaf), numbers, functions, runs);
        int number = given.size();
        int firstResult = number + numbers.size();
        List<OutputColumn> results = new ArrayList<>();
        IntStream.range(0, width).forEach(i -> results.add(column(all.schema(), i)));
        for (int i = 0; i < calls.size(); i++) {
            OutputColumn result = column(all.schema(), firstResult + i);
            results.add(
                    calls.get(i).function() instanceof WindowFunction.Rank(WindowFunction.Rank.Kind kind)
                            ? goingOn(result, given, kind == WindowFunction.Rank.Kind.DENSE_RANK ? 2 : 1)
                            : result);
        }
        if (runs) {
            results.add(captured(given, 0));
            results.add(goingOn(column(all.schema(), number), given, 1));
            results.add(goingOn(column(all.schema(), number + 1), given, 2));
            IntStream.range(firstResult + calls.size(), all.schema().size())
                    .forEach(i -> results.add(column(all.schema(), i)));
        }
        BoundExpr place = column(all.schema(), number).expr();
        BoundExpr whole = new BoundExpr.And(
                new BoundExpr.Compare(
                        CompareOp.GREATER,
                        place,
                        column(all.schema(), width + 1).expr()),
                new BoundExpr.Compare(
                        CompareOp.LESS_OR_EQUAL,
                        place,
                        column(all.schema(), width + 2).expr()));
        return new LogicalPlan.Project(new LogicalPlan.Filter(all, whole), results);
    }

    /// What runs has to know which row is the first one.
    private LogicalPlan withFunctions(
            LogicalPlan rows,
            List<LogicalPlan.Window.Column> numbers,
            List<LogicalPlan.Window.Column> functions,
            boolean runs) {
        if (runs) {
            return windowed(windowed(rows, numbers), functions);
        }
        List<LogicalPlan.Window.Column> all = new ArrayList<>(numbers);
        all.addAll(functions);
        return windowed(rows, all);
    }

    /// One of [OrderedWindow#CAPTURED].
    private OutputColumn captured(StructType given, int which) {
        return column(given, given.size() - running.size() - OrderedWindow.CAPTURED.size() + which);
    }

    /// A number in the segment as that in the partition.
    ///
    /// @param ahead where it stands in [OrderedWindow#CAPTURED]
    private OutputColumn goingOn(OutputColumn number, StructType given, int ahead) {
        return new OutputColumn(
                number.name(),
                new BoundExpr.Arithmetic(
                        ArithmeticOp.ADD,
                        number.expr(),
                        captured(given, ahead).expr(),
                        DataTypes.IntegerType,
                        CastFailure.ERROR));
    }

    private WindowCall resumed(WindowCall call, StructType given) {
        return call.function() instanceof WindowFunction.Aggregate(AggregateCall aggregate) && runs(call)
                ? new WindowCall(resumed(aggregate, false, given), call.frame())
                : call;
    }

    private WindowFunction resumed(AggregateCall call, boolean partial, StructType given) {
        List<BoundExpr> arguments = new ArrayList<>(call.arguments());
        call.filter().ifPresent(arguments::add);
        BoundExpr number = new BoundExpr.Column(given.size(), "_number", DataTypes.IntegerType, false);
        arguments.add(new BoundExpr.Compare(CompareOp.EQUAL, number, new BoundExpr.Literal(Scalar.of(1))));
        arguments.add(column(given, given.size() - running.size() + running.indexOf(call))
                .expr());
        return new WindowFunction.Aggregate(new AggregateCall(
                new ResumedAggregate(call.function(), call.filter().isPresent(), partial),
                arguments,
                false,
                Optional.empty()));
    }

    private static WindowFrame<BoundExpr> upToRow() {
        return new WindowFrame<>(
                WindowFrame.Unit.ROWS,
                new WindowFrame.Bound.UnboundedPreceding<>(),
                new WindowFrame.Bound.CurrentRow<>());
    }

    private LogicalPlan windowed(LogicalPlan rows, List<LogicalPlan.Window.Column> columns) {
        BoundExpr segment = column(rows.schema(), input.rowSchema().size()).expr();
        return new LogicalPlan.Window(rows, List.of(segment), node.order(), columns);
    }

    private static LogicalPlan.Window.Column ranked(WindowFunction.Rank.Kind kind) {
        return new LogicalPlan.Window.Column(
                "_rank", new WindowCall(new WindowFunction.Rank(kind), WindowFrame.upToPeers()));
    }

    private static OutputColumn column(StructType schema, int ordinal) {
        StructField field = schema.field(ordinal);
        return new OutputColumn(field.name(), Changelog.column(field, ordinal));
    }
}
