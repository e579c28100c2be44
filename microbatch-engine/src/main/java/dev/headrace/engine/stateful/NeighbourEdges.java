package dev.headrace.engine.stateful;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Plans window functions of which each looks at a few rows before and after its own ([NeighbourWindow]).
final class NeighbourEdges {
    /// With more neighbours than this on a side the blocks that a change reads would be much of the partition.
    private static final int MOST_REACH = 1_000;

    private final StreamingPlanner planner;
    private final LogicalPlan.Window node;
    private final Edge input;
    private final int reach;

    private NeighbourEdges(StreamingPlanner planner, LogicalPlan.Window node, Edge input, int reach) {
        this.planner = planner;
        this.node = node;
        this.input = input;
        this.reach = reach;
    }

    /// Empty if a function looks at more than some neighbours.
    static Optional<Edge> of(StreamingPlanner planner, LogicalPlan.Window node, Edge input) {
        if (node.order().isEmpty()
                || !node.partition().stream().allMatch(BoundExpr::deterministic)
                || !node.order().stream().map(SortKey::expr).allMatch(BoundExpr::deterministic)) {
            return Optional.empty();
        }
        int reach = 0;
        for (LogicalPlan.Window.Column column : node.columns()) {
            OptionalInt one = reach(column.call());
            if (one.isEmpty() || one.getAsInt() > MOST_REACH) {
                return Optional.empty();
            }
            reach = Math.max(reach, one.getAsInt());
        }
        return Optional.of(new NeighbourEdges(planner, node, input, reach).edge());
    }

    /// How many rows before or after its own a function looks at, if that is always the same number.
    private static OptionalInt reach(WindowCall call) {
        return switch (call.function()) {
            case WindowFunction.Offset offset when !offset.ignoreNulls() -> OptionalInt.of(Math.abs(offset.places()));
            case WindowFunction.Aggregate _, WindowFunction.Nth _ when call.frame().unit() == WindowFrame.Unit.ROWS ->
                farther(reach(call.frame().start()), reach(call.frame().end()));
            case WindowFunction _ -> OptionalInt.empty();
        };
    }

    private static OptionalInt farther(OptionalInt start, OptionalInt end) {
        return start.isEmpty() || end.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Math.max(start.getAsInt(), end.getAsInt()));
    }

    private static OptionalInt reach(WindowFrame.Bound<BoundExpr> bound) {
        return switch (bound) {
            case WindowFrame.Bound.CurrentRow<BoundExpr> _ -> OptionalInt.of(0);
            case WindowFrame.Bound.Preceding<BoundExpr>(BoundExpr distance) -> rows(distance);
            case WindowFrame.Bound.Following<BoundExpr>(BoundExpr distance) -> rows(distance);
            case WindowFrame.Bound.UnboundedPreceding<BoundExpr> _, WindowFrame.Bound.UnboundedFollowing<BoundExpr> _ ->
                OptionalInt.empty();
        };
    }

    private static OptionalInt rows(BoundExpr distance) {
        return distance instanceof BoundExpr.Literal(Scalar(Object value, var _)) && value instanceof Integer rows
                ? OptionalInt.of(Math.abs(rows))
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
        StructType blocks = partition.add(NeighbourWindow.BLOCK);
        StructType entries = rows.add(NeighbourWindow.BLOCK).add(NeighbourWindow.COUNT);
        KeyedRows.Lifetime endless = new KeyedRows.Lifetime.Endless();
        RowsLeaf sorted = new RowsLeaf(rows.add(NeighbourWindow.SEGMENT).add(NeighbourWindow.AT));
        RowsLeaf computed = new RowsLeaf(
                rows.add(NeighbourWindow.SEGMENT).add(NeighbourWindow.FIRST).add(NeighbourWindow.LAST));
        return new Edge(
                OperatorOutput.of(new NeighbourWindow(
                        new KeyedInput(
                                planner.plan(new LogicalPlan.Project(input.plan(), columns)),
                                new KeyedRows(
                                        planner.newState("windowRows", KeyedRows.stateSchema(blocks, rows, false)),
                                        blocks,
                                        rows,
                                        endless),
                                Optional.empty()),
                        new KeyedRows(
                                planner.newState("windowBlocks", KeyedRows.stateSchema(partition, entries, false)),
                                partition,
                                entries,
                                endless),
                        reach,
                        planner.plan(order(sorted)),
                        sorted,
                        planner.plan(body(computed)),
                        computed)),
                Edge.Mode.RETRACT);
    }

    /// Segment, place and rank of each row, in order.
    private LogicalPlan order(RowsLeaf leaf) {
        int width = input.rowSchema().size();
        LogicalPlan ranked = windowed(leaf, List.of(ranked(WindowFunction.Rank.Kind.RANK)));
        return new LogicalPlan.Project(
                ranked,
                IntStream.range(width, width + 3)
                        .mapToObj(i -> column(ranked.schema(), i))
                        .toList());
    }

    /// The functions' results, of the rows of a segment that are not too near to where it is cut off.
    private LogicalPlan body(RowsLeaf leaf) {
        int width = input.rowSchema().size();
        List<LogicalPlan.Window.Column> calls = new ArrayList<>(node.columns());
        calls.add(ranked(WindowFunction.Rank.Kind.ROW_NUMBER));
        LogicalPlan all = windowed(leaf, calls);
        BoundExpr number = column(all.schema(), all.schema().size() - 1).expr();
        BoundExpr whole = new BoundExpr.And(
                new BoundExpr.Compare(
                        CompareOp.GREATER,
                        number,
                        column(all.schema(), width + 1).expr()),
                new BoundExpr.Compare(
                        CompareOp.LESS_OR_EQUAL,
                        number,
                        column(all.schema(), width + 2).expr()));
        List<OutputColumn> results = new ArrayList<>();
        for (int i = 0; i < all.schema().size() - 1; i++) {
            if (i < width || i >= width + 3) {
                results.add(column(all.schema(), i));
            }
        }
        return new LogicalPlan.Project(new LogicalPlan.Filter(all, whole), results);
    }

    private LogicalPlan windowed(RowsLeaf leaf, List<LogicalPlan.Window.Column> calls) {
        BoundExpr segment = column(leaf.schema(), input.rowSchema().size()).expr();
        return new LogicalPlan.Window(OperatorOutput.of(leaf), List.of(segment), node.order(), calls);
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
