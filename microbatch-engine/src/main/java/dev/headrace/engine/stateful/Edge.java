package dev.headrace.engine.stateful;

import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;

/// What flows from one part of a streaming plan to the next in each batch.
///
/// @param plan gives the rows; for [Mode#RETRACT] its last column is the [ChangeColumn]
/// @param mode what the rows mean
record Edge(LogicalPlan plan, Mode mode) {
    /// The change mode.
    enum Mode {
        /// Rows are only added.
        APPEND,
        /// The newest row of a key replaces the one before.
        UPSERT,
        /// Rows come and go.
        RETRACT
    }

    boolean retracts() {
        return mode == Mode.RETRACT;
    }

    /// The columns without the change.
    StructType rowSchema() {
        StructType schema = plan.schema();
        return retracts() ? new StructType(schema.fieldList().subList(0, schema.size() - 1)) : schema;
    }
}
