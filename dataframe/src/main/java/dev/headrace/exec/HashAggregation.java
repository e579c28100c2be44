package dev.headrace.exec;

import dev.headrace.types.StructType;

/// Groups and aggregates all rows, then gives the results.
public final class HashAggregation implements Prepared {
    private final Prepared input;
    private final GroupLayout layout;
    private final StructType schema;

    HashAggregation(Prepared input, PhysicalPlan.HashAggregate node) {
        this.input = input;
        this.layout = GroupLayout.of(node);
        this.schema = node.schema();
    }

    @Override
    public Stage open(RunContext run) {
        Stage stage = input.open(run);
        try (GroupTables tables = GroupTables.of(layout, stage.splitCount(), run)) {
            stage.run(run, tables);
            return tables.results(schema);
        }
    }

    /// Groups all rows of a stage into one table, which the caller closes.
    public static GroupTable aggregate(Stage stage, GroupLayout layout, RunContext run) {
        try (GroupTables tables = GroupTables.inMemory(layout, stage.splitCount(), run)) {
            stage.run(run, tables);
            return tables.merged();
        }
    }
}
