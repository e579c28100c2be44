package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.types.StructType;
import java.util.List;

/// Drops and counts late rows.
///
/// @param late when a row is late, over the input's columns
/// @param rows the columns of the user's rows, which are the first ones
record InTime(PhysicalPlan input, Expiry late, StructType rows, OperatorState state) implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return input.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "InTime";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> below.open(run).then(() -> late.lateRowFilter(state, rows));
    }
}
