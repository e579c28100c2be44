package dev.headrace.delta;

import dev.headrace.delta.log.ColumnStatistics;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.parquet.ParquetFileStatistics;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The log's statistics of a file that was written, from those that its writer kept.
final class WrittenStatistics {
    private int leavesLeft;

    private WrittenStatistics(int indexedColumns) {
        leavesLeft = indexedColumns;
    }

    /// @param schema of the file
    /// @param indexedColumns of how many leaf columns, from the first, to tell
    static FileStatistics of(ParquetFileStatistics written, StructType schema, int indexedColumns) {
        return new FileStatistics(
                OptionalLong.of(written.rowCount()),
                new WrittenStatistics(indexedColumns).columns(schema, written.columns()));
    }

    private Map<String, ColumnStatistics> columns(
            StructType schema, Map<String, ParquetFileStatistics.Column> written) {
        Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
        for (StructField field : schema) {
            ParquetFileStatistics.@Nullable Column column = written.get(field.name());
            switch (column) {
                case ParquetFileStatistics.Struct(Map<String, ParquetFileStatistics.Column> fields) ->
                    columns.put(
                            field.name(), new ColumnStatistics.Struct(columns((StructType) field.dataType(), fields)));
                case ParquetFileStatistics.Values(long nullCount, Optional<Object> min, Optional<Object> max) -> {
                    if (takeLeaf()) {
                        columns.put(field.name(), new ColumnStatistics.Leaf(min, max, OptionalLong.of(nullCount)));
                    }
                }
                case null -> takeLeaf();
            }
        }
        return columns;
    }

    private boolean takeLeaf() {
        return leavesLeft-- > 0;
    }
}
