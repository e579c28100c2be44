package dev.headrace.delta;

import dev.headrace.types.StructType;
import java.util.List;

/// What is to be written, for all batches of a query.
///
/// @param rows the schema of the rows
/// @param partitionBy the columns of `partitionBy`; empty if the user named none
/// @param schemaChange what may become of the table's columns
record WriteRequest(StructType rows, List<String> partitionBy, WriteKind kind, SchemaChange schemaChange) {
    WriteRequest {
        partitionBy = List.copyOf(partitionBy);
    }
}
