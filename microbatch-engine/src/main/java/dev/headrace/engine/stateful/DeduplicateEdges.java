package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.state.StateSchema;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans the removal of duplicates.
record DeduplicateEdges(StreamingPlanner planner) {
    Edge of(LogicalPlan.Deduplicate node) {
        Edge input = planner.edge(node.input(), false);
        int[] keys = node.keys().stream().mapToInt(Integer::intValue).toArray();
        if (!input.retracts()) {
            return new Edge(OperatorOutput.of(rows(node, input, keys)), Edge.Mode.APPEND);
        }
        if (node.withinWatermark()) {
            throw StreamingPlanner.unsupported(
                    "dropDuplicatesWithinWatermark() over rows that can go again", "Use dropDuplicates().");
        }
        List<BoundExpr> keyColumns = new ArrayList<>();
        for (int key : keys) {
            keyColumns.add(Changelog.column(node.schema().field(key), key));
        }
        KeyedInput keyed = planner.keyed("dedupeRows", input, keyColumns, Optional.empty());
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        return planner.recompute(
                "deduplication",
                List.of(keyed),
                new PhysicalPlan.Deduplicate(leaf, keys),
                List.of(leaf),
                Optional.empty(),
                false);
    }

    private PhysicalPlan rows(LogicalPlan.Deduplicate node, Edge input, int[] keys) {
        PhysicalPlan.Deduplicate batch = new PhysicalPlan.Deduplicate(planner.plan(input.plan()), keys);
        Optional<Expiry> late = StreamingPlanner.eventTime(node.input(), 0);
        Optional<Expiry> expiry = node.withinWatermark()
                ? StreamingPlanner.eventTime(
                        node.input(), late.map(e -> delay(node.input(), e)).orElse(0L))
                : late.filter(e -> node.keys().contains(e.column()));
        if (node.withinWatermark() && expiry.isEmpty()) {
            throw StreamingPlanner.unsupported(
                    "dropDuplicatesWithinWatermark() without a watermark",
                    "Call withWatermark(\"ts\", \"1 minute\") before.");
        }
        Optional<Expiry> lateRows = expiry.isPresent() ? late : Optional.empty();
        OperatorState state = planner.newState(
                "dedupe", new StateSchema(node.schema().select(keys), new StructType(), expiry.isPresent()));
        return new StatefulDeduplicate(batch, lateRows, expiry, state);
    }

    private static long delay(LogicalPlan input, Expiry expiry) {
        return EventTimeColumn.of(input, Changelog.column(input.schema().field(expiry.column()), expiry.column()))
                .orElseThrow()
                .delayMicros();
    }
}
