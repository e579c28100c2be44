package dev.headrace.delta;

import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.errors.DataException;
import dev.headrace.parquet.ParquetChunks;
import dev.headrace.parquet.ParquetFooter;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetScan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/// Row groups of one data file of a table.
///
/// @param table for messages
/// @param fromRowGroup the first row group
/// @param toRowGroup the row group after the last; a larger number than there are means all
/// @param estimatedRows how many rows there are, deleted ones included; 0 if that is not known
record DeltaSplit(
        Path table,
        Path file,
        ParquetScan scan,
        int fromRowGroup,
        int toRowGroup,
        long estimatedRows,
        ParquetFooters footers)
        implements Split {

    /// A split for each row group of a large file.
    static List<Split> perRowGroup(Path table, Path file, ParquetScan scan, ParquetFooters footers) {
        ParquetFooter footer = orMissing(table, file, () -> footers.of(file));
        List<Split> splits = new ArrayList<>();
        int groups = footer.rowGroupCount();
        for (int group = 0; group < groups; group++) {
            splits.add(new DeltaSplit(table, file, scan, group, group + 1, footer.rowCount() / groups, footers));
        }
        return splits;
    }

    @Override
    public ChunkReader open(BufferAllocator allocator) {
        return orMissing(
                table, file, () -> ParquetChunks.open(file, scan, fromRowGroup, toRowGroup, footers, allocator));
    }

    private static <T> T orMissing(Path table, Path file, Supplier<T> read) {
        try {
            return read.get();
        } catch (DataException failed) {
            if (!failed.code().equals("FILE_NOT_FOUND")) {
                throw failed;
            }
            throw new DataException(
                    "DELTA_FILE_MISSING",
                    table + ": the table's log names the file '" + file
                            + "', which is gone. If this is an old version of the "
                            + "table, a vacuum has deleted it: read a newer one. Otherwise restore the file from a copy.",
                    failed);
        }
    }
}
