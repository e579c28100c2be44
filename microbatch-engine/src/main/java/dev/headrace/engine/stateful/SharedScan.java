package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.types.StructType;
import java.util.List;

/// A stream that is read in several places of a query: once per batch, with the columns and rows of all places.
record SharedScan(PhysicalPlan input) implements PhysicalPlan.Custom {
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
        return "SharedScan";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        return preparation.prepare(input);
    }
}
