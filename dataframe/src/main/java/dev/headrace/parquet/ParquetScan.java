package dev.headrace.parquet;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What to read of Parquet files.
///
/// @param columns the columns to give, in this order
/// @param filters predicates that all rows wanted satisfy; used to leave out row groups and pages, not applied to rows
/// @param filterSchema what the columns of the filters refer to, by ordinal; they are found in a file by name
/// @param notInFiles names of columns of `filterSchema` whose values don't come from the files, such as partition
///     columns
/// @param verifyChecksums whether to check pages against their checksums, where they have one
public record ParquetScan(
        List<ParquetColumn> columns,
        List<BoundExpr> filters,
        StructType filterSchema,
        Set<String> notInFiles,
        boolean verifyChecksums) {
    public ParquetScan {
        columns = List.copyOf(columns);
        filters = List.copyOf(filters);
        notInFiles = Set.copyOf(notInFiles);
    }

    /// All columns of a schema, all rows.
    public static ParquetScan all(StructType schema) {
        List<ParquetColumn> columns = new ArrayList<>();
        for (StructField field : schema) {
            columns.add(new ParquetColumn.Stored(field));
        }
        return new ParquetScan(columns, List.of(), schema, Set.of(), true);
    }

    /// The same with these filters over the schema of [#filterSchema].
    public ParquetScan withFilters(List<BoundExpr> newFilters) {
        return new ParquetScan(columns, newFilters, filterSchema, notInFiles, verifyChecksums);
    }

    /// The schema of the chunks.
    public StructType schema() {
        return new StructType(columns.stream().map(ParquetColumn::field).toList());
    }
}
