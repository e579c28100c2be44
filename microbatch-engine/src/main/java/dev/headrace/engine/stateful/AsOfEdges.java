package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.AsOf;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Plans as-of joins with a stream on the left side or on both.
record AsOfEdges(StreamingPlanner planner, OutputMode mode) {
    Edge of(LogicalPlan.AsOfJoin node) {
        if (!node.left().isStreaming()) {
            throw StreamingPlanner.unsupported(
                    "an as-of join whose right side alone is a stream",
                    "A nearer row may come in a later batch: let the stream be the left side, or make both sides streams.");
        }
        Edge left = planner.edge(node.left(), false);
        return node.right().isStreaming() ? ofStreams(node, left) : withTable(node, left);
    }

    private static Edge withTable(LogicalPlan.AsOfJoin node, Edge left) {
        int leftSize = node.left().schema().size();
        UnaryOperator<BoundExpr> moved =
                left.retracts() ? expr -> JoinEdges.afterChange(expr, leftSize) : UnaryOperator.identity();
        LogicalPlan join = new LogicalPlan.AsOfJoin(
                left.plan(),
                node.right(),
                node.type(),
                node.condition().map(moved),
                node.asOf().map(moved));
        Edge joined = new Edge(join, left.mode());
        return left.retracts() ? Changelog.changeLast(joined, leftSize) : joined;
    }

    private Edge ofStreams(LogicalPlan.AsOfJoin node, Edge left) {
        Edge right = planner.edge(node.right(), false);
        boolean onlyAdds = !left.retracts() && !right.retracts();
        Optional<Times> known = Times.of(node);
        if (!onlyAdds || mode != OutputMode.APPEND && known.isEmpty()) {
            return changing(node, left, right);
        }
        if (node.asOf().direction() != AsOf.Direction.BACKWARD) {
            throw StreamingPlanner.unsupported(
                    "an as-of join of two streams that looks " + node.asOf().direction() + " in append mode",
                    "A nearer row may come later, so rows of the result can go again: use outputMode(\"changelog\"), or >= or >, "
                            + "direction \"backward\".");
        }
        Times times = known.orElseThrow(() -> StreamingPlanner.unsupported(
                "an as-of join of two streams without event times in append mode",
                "Both times must be columns with withWatermark(\"ts\", \"1 minute\"): the watermark tells when no row can come "
                        + "any more that a row would have to be joined with. Or use outputMode(\"changelog\"): then rows are "
                        + "joined at once, and again when a nearer one comes."));
        Expiry leftEnds = times.leftEnds();
        Expiry rightEnds = times.rightEnds();
        JoinKeys keys = JoinKeys.ofEqualities(node.pairs());
        KeyedInput leftRows = planner.keyed(
                "asOfLeft",
                left,
                keys.left(),
                new KeyedRows.Lifetime.OfRow(leftEnds.withoutTimeAtOnce()),
                Optional.of(leftEnds));
        KeyedInput rightRows = planner.keyed("asOfRight", right, keys.right(), rightEnds, rightEnds);
        StructType keySchema = rightRows.rows().keySchema();
        KeyedRows current = new KeyedRows(
                planner.newState("asOfVersions", KeyedRows.stateSchema(keySchema, right.rowSchema(), false)),
                keySchema,
                right.rowSchema(),
                new KeyedRows.Lifetime.Endless());
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        PhysicalPlan body = planner.plan(new LogicalPlan.AsOfJoin(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), node.type(), node.condition(), node.asOf()));
        return new Edge(
                OperatorOutput.of(new TemporalJoin(leftRows, rightRows, current, rightEnds, body, leftLeaf, rightLeaf)),
                Edge.Mode.APPEND);
    }

    /// Rows are joined when they come, and again when something of their key changes: both sides stay.
    private Edge changing(LogicalPlan.AsOfJoin node, Edge left, Edge right) {
        JoinKeys keys = JoinKeys.ofEqualities(node.pairs());
        KeyedInput leftRows = planner.keyed("asOfLeft", left, keys.left(), Optional.empty());
        KeyedInput rightRows = planner.keyed("asOfRight", right, keys.right(), Optional.empty());
        RowsLeaf leftLeaf = new RowsLeaf(left.rowSchema());
        RowsLeaf rightLeaf = new RowsLeaf(right.rowSchema());
        PhysicalPlan body = planner.plan(new LogicalPlan.AsOfJoin(
                OperatorOutput.of(leftLeaf), OperatorOutput.of(rightLeaf), node.type(), node.condition(), node.asOf()));
        return planner.recompute(
                "as-of join",
                List.of(leftRows, rightRows),
                body,
                List.of(leftLeaf, rightLeaf),
                Optional.empty(),
                false);
    }

    /// The event times that a join of two streams compares, each a column of its side.
    ///
    /// @param slackMicros how much later than the time of a row of either side the watermark must be for it to be past.
    ///     It is the same for both, so that versions are replaced when left rows of their times have been joined.
    record Times(int left, int right, long slackMicros) {
        /// Empty if the join is not of event times, or looks forward, where there is no time at which a row is final.
        static Optional<Times> of(LogicalPlan.AsOfJoin node) {
            int leftSize = node.left().schema().size();
            if (node.asOf().direction() != AsOf.Direction.BACKWARD
                    || !(node.asOf().leftTime() instanceof BoundExpr.Column leftTime)
                    || !(node.asOf().rightTime() instanceof BoundExpr.Column rightTime)) {
                return Optional.empty();
            }
            Optional<EventTimeColumn> left = instant(node.left(), leftTime.ordinal());
            Optional<EventTimeColumn> right = instant(node.right(), rightTime.ordinal() - leftSize);
            return left.isEmpty() || right.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Times(
                            leftTime.ordinal(),
                            rightTime.ordinal() - leftSize,
                            Math.max(left.get().slackMicros(), right.get().slackMicros())));
        }

        private static Optional<EventTimeColumn> instant(LogicalPlan plan, int column) {
            return EventTimeColumn.of(plan, Changelog.column(plan.schema().field(column), column))
                    .filter(time -> time.form() == EventTimeColumn.Form.INSTANT);
        }

        Expiry leftEnds() {
            return new Expiry(left, EventTimeColumn.Form.INSTANT, slackMicros);
        }

        Expiry rightEnds() {
            return new Expiry(right, EventTimeColumn.Form.INSTANT, slackMicros);
        }
    }
}
