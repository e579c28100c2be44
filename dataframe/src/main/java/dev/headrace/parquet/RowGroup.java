package dev.headrace.parquet;

import java.util.List;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.jspecify.annotations.Nullable;

/// A row group to read.
///
/// @param ordinal its place in the file
/// @param ranges the rows to give, as `[from, to)` within the group, ascending
/// @param pages where the pages lie, if some are to be left out
record RowGroup(int ordinal, BlockMetaData metadata, List<Range> ranges, Pages pages) {
    RowGroup {
        ranges = List.copyOf(ranges);
    }

    /// Where the pages of a column lie.
    interface Pages {
        /// Null if that does not matter, because all rows are read.
        @Nullable OffsetIndex of(ColumnPath column);
    }

    /// The rows `[from, to)`.
    record Range(long from, long to) {}

    long rows() {
        return ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
    }

    /// @param leaf the column's place among the file's leaf columns
    /// @return null if the group lacks the column
    @Nullable ColumnChunkMetaData column(int leaf, ColumnPath path) {
        List<ColumnChunkMetaData> columns = metadata.getColumns();
        if (leaf < columns.size() && columns.get(leaf).getPath().equals(path)) {
            return columns.get(leaf);
        }
        for (ColumnChunkMetaData column : columns) {
            if (column.getPath().equals(path)) {
                return column;
            }
        }
        return null;
    }
}
