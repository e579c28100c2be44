package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.types.StructType;
import java.util.List;

/// The results of a query that has several: what `explain` shows above them. Each runs by itself.
public record Outputs(List<PhysicalPlan> inputs) implements PhysicalPlan.Custom {
    /// One plan for all results.
    public static PhysicalPlan of(List<PhysicalPlan> plans) {
        return plans.size() == 1 ? plans.getFirst() : new Outputs(plans);
    }

    @Override
    public StructType schema() {
        return inputs.getFirst().schema();
    }

    @Override
    public String describe() {
        return inputs.size() + " outputs";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        throw new IllegalStateException("results run one by one");
    }
}
