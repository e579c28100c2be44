package dev.headrace.delta;

import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;

/// What is to be written, for all batches of a query.
///
/// @param rows the schema of the rows
/// @param partitionBy the columns of `partitionBy`; empty if the user named none
/// @param schemaChange what may become of the table's columns
/// @param properties of a table that is created
/// @param mostFileRows how many rows a data file gets at most
record WriteRequest(
        StructType rows,
        List<String> partitionBy,
        WriteKind kind,
        SchemaChange schemaChange,
        Map<String, String> properties,
        long mostFileRows) {
    WriteRequest {
        partitionBy = List.copyOf(partitionBy);
        properties = Map.copyOf(properties);
    }

    WriteRequest(StructType rows, List<String> partitionBy, WriteKind kind, SchemaChange schemaChange) {
        this(rows, partitionBy, kind, schemaChange, Map.of(), Long.MAX_VALUE);
    }

    WriteRequest withProperties(Map<String, String> ofTable) {
        return new WriteRequest(rows, partitionBy, kind, schemaChange, ofTable, mostFileRows);
    }

    WriteRequest withMostFileRows(long most) {
        return new WriteRequest(rows, partitionBy, kind, schemaChange, properties, most);
    }

    WriteRequest withRows(StructType other) {
        return new WriteRequest(other, partitionBy, kind, schemaChange, properties, mostFileRows);
    }
}
