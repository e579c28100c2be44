package dev.headrace.plan.rules;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ColumnRange;
import dev.headrace.connector.ScanRequest;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.RowEstimate;
import dev.headrace.types.StructType;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What stands, while a plan is optimized, for a grouping that the plan has in several places.
///
/// @param optimized the grouping alone, by which its rows are estimated
record RepeatedGrouping(LogicalPlan.Aggregate grouping, LogicalPlan optimized) implements BatchTable {
    @Override
    public StructType schema() {
        return grouping.schema();
    }

    @Override
    public String description() {
        return "repeated grouping";
    }

    @Override
    public OptionalLong rowCount() {
        OptionalDouble rows = RowEstimate.rows(optimized);
        return rows.isPresent() ? OptionalLong.of((long) rows.getAsDouble()) : OptionalLong.empty();
    }

    @Override
    public Optional<ColumnRange> columnRange(int ordinal) {
        return RowEstimate.range(optimized, ordinal);
    }

    @Override
    public Scan scan(ScanRequest request) {
        throw new IllegalStateException("not a table: " + grouping);
    }
}
