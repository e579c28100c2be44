package dev.headrace.engine.stateful;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.nio.file.Path;

/// What an operator gives, as a table that the rest of the query reads: a planned part within a logical plan.
record OperatorOutput(PhysicalPlan plan) implements StreamTable {
    /// The operator as a leaf of a logical plan.
    static LogicalPlan.Scan of(PhysicalPlan plan) {
        return new LogicalPlan.Scan(new OperatorOutput(plan), ScanRequest.all(plan.schema()));
    }

    @Override
    public StructType schema() {
        return plan.schema();
    }

    @Override
    public String description() {
        return plan.describe();
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        throw new IllegalStateException("an operator's output is no source: " + plan.describe());
    }
}
