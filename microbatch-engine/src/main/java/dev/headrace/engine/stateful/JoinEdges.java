package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.OutputMode;
import java.util.List;
import java.util.Optional;

/// Plans joins with a stream on one side or on both.
record JoinEdges(StreamingPlanner planner, OutputMode mode) {
    Edge of(LogicalPlan.Join node) {
        boolean left = node.left().isStreaming();
        boolean right = node.right().isStreaming();
        if (left && right) {
            return joinStreams(node);
        }
        boolean keepsLeft = node.type() == JoinType.LEFT_OUTER || node.type().leftOnly();
        boolean keepsRight = node.type() == JoinType.RIGHT_OUTER;
        if (node.type() == JoinType.FULL_OUTER || right && keepsLeft || left && keepsRight) {
            throw StreamingPlanner.unsupported(
                    "a " + node.type() + " join that keeps rows of the table without a partner in the stream",
                    "A partner may come in a later batch: let the stream be the side whose rows are kept.");
        }
        Edge stream = planner.edge(left ? node.left() : node.right(), false);
        int leftSize = node.left().schema().size();
        if (right || !stream.retracts()) {
            return new Edge(
                    new LogicalPlan.Join(
                            left ? stream.plan() : node.left(),
                            right ? stream.plan() : node.right(),
                            node.type(),
                            node.condition()),
                    stream.mode());
        }
        Optional<BoundExpr> condition = node.condition().map(expr -> afterChange(expr, leftSize));
        Edge joined =
                new Edge(new LogicalPlan.Join(stream.plan(), node.right(), node.type(), condition), stream.mode());
        return node.type().leftOnly() ? joined : Changelog.changeLast(joined, leftSize);
    }

    /// The left side has the change as one column more.
    private static BoundExpr afterChange(BoundExpr expr, int leftSize) {
        return expr.transformUp(node -> node instanceof BoundExpr.Column c && c.ordinal() >= leftSize
                ? new BoundExpr.Column(c.ordinal() + 1, c.name(), c.type(), c.nullable())
                : node);
    }

    private Edge joinStreams(LogicalPlan.Join node) {
        JoinKeys keys = JoinKeys.of(node);
        Optional<TimeKey> time = mode == OutputMode.COMPLETE ? Optional.empty() : TimeKey.of(node, keys);
        Edge left = planner.edge(node.left(), false);
        Edge right = planner.edge(node.right(), false);
        boolean onlyAdds = !left.retracts() && !right.retracts();
        Optional<TimeBounds> bounds = onlyAdds && node.type() == JoinType.INNER && mode != OutputMode.COMPLETE
                ? TimeBounds.of(node, keys)
                : Optional.empty();
        KeyedInput leftRows = bounds.flatMap(TimeBounds::leftEnds)
                .map(ends -> planner.keyed(
                        "joinLeft",
                        left,
                        keys.left(),
                        ends,
                        TimeBounds.late(bounds.get().left(), ends)))
                .orElseGet(() -> planner.keyed("joinLeft", left, keys.left(), time));
        KeyedInput rightRows = bounds.flatMap(TimeBounds::rightEnds)
                .map(ends -> planner.keyed(
                        "joinRight",
                        right,
                        keys.right(),
                        ends,
                        TimeBounds.late(bounds.get().right(), ends)))
                .orElseGet(() -> planner.keyed("joinRight", right, keys.right(), time));
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        PhysicalPlan body = planner.plan(new LogicalPlan.Join(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), node.type(), node.condition()));
        boolean retracts = !onlyAdds;
        if (node.type() == JoinType.INNER || node.type() == JoinType.CROSS) {
            return new Edge(
                    OperatorOutput.of(new IncrementalJoin(leftRows, rightRows, body, leftLeaf, rightLeaf, retracts)),
                    retracts ? Edge.Mode.RETRACT : Edge.Mode.APPEND);
        }
        return planner.recompute(
                node.type() + " join",
                List.of(leftRows, rightRows),
                body,
                List.of(leftLeaf, rightLeaf),
                time,
                node.type() == JoinType.LEFT_SEMI && !retracts);
    }
}
