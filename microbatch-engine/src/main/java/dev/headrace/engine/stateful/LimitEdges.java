package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.LogicalPlan;
import java.util.List;
import java.util.Optional;

/// Plans the first rows of a stream, and its top rows.
record LimitEdges(StreamingPlanner planner) {
    Edge of(LogicalPlan.Limit node) {
        Optional<LogicalPlan.Sort> sort =
                node.input() instanceof LogicalPlan.Sort sorted ? Optional.of(sorted) : Optional.empty();
        Edge all = planner.edge(sort.map(LogicalPlan.Sort::input).orElse(node.input()), false);
        if (!all.retracts() && node.offset() == 0) {
            return firstRows(all, sort, node.count());
        }
        Edge input = all;
        if (!all.retracts() && node.count() <= Long.MAX_VALUE - node.offset()) {
            input = firstRows(all, sort, node.count() + node.offset());
        } else if (all.retracts() && sort.isPresent()) {
            input = new TopParts(planner, sort.get(), node).of(all);
        }
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        KeyedInput keyed = planner.keyed("limitRows", input, List.of(), Optional.empty());
        return planner.recompute(
                name(sort, node.count()),
                List.of(keyed),
                limited(leaf, sort, node.count(), node.offset()),
                List.of(leaf),
                Optional.empty(),
                sort.isEmpty() && !input.retracts());
    }

    /// Of rows that only come, the first ones, or the top ones.
    private Edge firstRows(Edge input, Optional<LogicalPlan.Sort> sort, long count) {
        RowsLeaf leaf = new RowsLeaf(input.rowSchema());
        KeyedInput keyed = planner.keyed("limitRows", input, List.of(), Optional.empty());
        return new Edge(
                OperatorOutput.of(
                        new FirstRows(name(sort, count), keyed, limited(leaf, sort, count, 0), leaf, sort.isEmpty())),
                sort.isEmpty() ? Edge.Mode.APPEND : Edge.Mode.RETRACT);
    }

    private static String name(Optional<LogicalPlan.Sort> sort, long count) {
        return (sort.isPresent() ? "top " : "limit ") + count;
    }

    private PhysicalPlan limited(RowsLeaf leaf, Optional<LogicalPlan.Sort> sort, long count, long offset) {
        LogicalPlan rows = OperatorOutput.of(leaf);
        return planner.plan(new LogicalPlan.Limit(
                sort.isPresent() ? new LogicalPlan.Sort(rows, sort.get().keys()) : rows, count, offset));
    }
}
