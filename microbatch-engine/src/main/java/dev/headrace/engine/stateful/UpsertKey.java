package dev.headrace.engine.stateful;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which columns of a query's result identify a row, so that in update mode a row replaces the one before it.
public final class UpsertKey {
    private UpsertKey() {}

    /// The columns' ordinals; empty if there are none that do.
    public static Optional<List<Integer>> of(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Aggregate aggregate -> {
                List<Integer> keys = new ArrayList<>();
                for (int i = 0; i < aggregate.keys().size(); i++) {
                    keys.add(i);
                }
                yield Optional.of(keys);
            }
            case LogicalPlan.Filter filter -> of(filter.input());
            case LogicalPlan.Watermark watermark -> of(watermark.input());
            case LogicalPlan.Shed shed -> of(shed.input());
            case LogicalPlan.Observe observe -> of(observe.input());
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) ->
                of(input).flatMap(keys -> through(keys, columns));
            case LogicalPlan _ -> Optional.empty();
        };
    }

    private static Optional<List<Integer>> through(List<Integer> keys, List<OutputColumn> columns) {
        List<Integer> kept = new ArrayList<>();
        for (int key : keys) {
            int found = -1;
            for (int i = 0; i < columns.size() && found < 0; i++) {
                if (columns.get(i).expr() instanceof BoundExpr.Column column && column.ordinal() == key) {
                    found = i;
                }
            }
            if (found < 0) {
                return Optional.empty();
            }
            kept.add(found);
        }
        return Optional.of(kept);
    }
}
