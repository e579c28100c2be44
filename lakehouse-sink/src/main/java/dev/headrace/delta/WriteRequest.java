package dev.headrace.delta;

import dev.headrace.types.StructType;
import java.util.List;

/// What is to be written, for all batches of a query.
///
/// @param rows the schema of the rows
/// @param partitionBy the columns of `partitionBy`; empty if the user named none
/// @param overwriteSchema whether an overwrite may change the table's schema and partitioning
record WriteRequest(StructType rows, List<String> partitionBy, WriteKind kind, boolean overwriteSchema) {
    WriteRequest {
        partitionBy = List.copyOf(partitionBy);
    }
}
