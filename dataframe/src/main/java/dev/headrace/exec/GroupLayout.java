package dev.headrace.exec;

import dev.headrace.plan.AggregateCall;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What a grouping groups by and computes: the shape of a [GroupTable].
///
/// @param keySchema names and types of the keys
/// @param keys the keys' ordinals in the input
/// @param aggregates their arguments and filters are columns of the input
public record GroupLayout(StructType keySchema, int[] keys, List<AggregateCall> aggregates) {
    public GroupLayout {
        aggregates = List.copyOf(aggregates);
    }

    /// What some rows are taken in by.
    ///
    /// @param keys the keys' ordinals in these rows
    /// @param aggregates their numbers; the others go without these rows
    record Intake(int[] keys, int[] aggregates) {}

    public static GroupLayout of(PhysicalPlan.HashAggregate node) {
        return new GroupLayout(node.input().schema().select(node.keys()), node.keys(), node.aggregates());
    }

    public List<DataType> keyTypes() {
        return keySchema.fieldList().stream().map(StructField::dataType).toList();
    }

    /// Rows that all aggregates take in.
    Intake all() {
        return new Intake(keys, IntStream.range(0, aggregates.size()).toArray());
    }

    public int partialWidth(int aggregate) {
        return aggregates.get(aggregate).function().partialFields().size();
    }

    /// The columns of the partial results of all aggregates.
    public StructType partialValueSchema() {
        List<StructField> fields = new ArrayList<>();
        for (int a = 0; a < aggregates.size(); a++) {
            AggregateCall call = aggregates.get(a);
            fields.addAll(
                    call.function().partialSchema(call.function().name() + a).fieldList());
        }
        return new StructType(fields);
    }

    /// The keys followed by the partial results.
    public StructType partialSchema() {
        List<StructField> fields = new ArrayList<>(keySchema.fieldList());
        fields.addAll(partialValueSchema().fieldList());
        return new StructType(fields);
    }
}
