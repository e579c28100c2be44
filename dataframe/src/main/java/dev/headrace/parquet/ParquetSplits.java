package dev.headrace.parquet;

import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/// Cuts files into parts that are read in parallel: small files whole, large ones by row groups.
public final class ParquetSplits {
    /// About how large a part is: large enough that opening a file does not matter, small enough that a few files keep
    /// all threads busy.
    private static final long SPLIT_BYTES = 32L << 20;

    private ParquetSplits() {}

    /// The parts of a file, which together hold each row once, in the file's order. The footer of a small file is not
    /// read before the part is opened.
    ///
    /// @param bytes the file's length
    /// @throws dev.headrace.errors.DataException `FILE_NOT_FOUND`, `NOT_A_PARQUET_FILE`, `DAMAGED_PARQUET_FILE` or
    ///     `UNSUPPORTED_PARQUET`
    public static List<Split> of(Path file, long bytes, ParquetScan scan, ParquetFooters footers) {
        if (bytes <= SPLIT_BYTES) {
            return List.of(new Part(file, scan, 0, Integer.MAX_VALUE, 0, footers, Optional.empty()));
        }
        ParquetFooter footer = footers.of(file);
        List<BlockMetaData> groups = footer.rowGroups();
        List<Split> parts = new ArrayList<>();
        int from = 0;
        long partBytes = 0;
        long rows = 0;
        for (int i = 0; i < groups.size(); i++) {
            partBytes += groups.get(i).getCompressedSize();
            rows += groups.get(i).getRowCount();
            if (partBytes >= SPLIT_BYTES || i == groups.size() - 1) {
                parts.add(new Part(file, scan, from, i + 1, rows, footers, Optional.of(footer.stamp())));
                from = i + 1;
                partBytes = 0;
                rows = 0;
            }
        }
        return parts;
    }

    /// @param planned the file that has these row groups; empty for all that there are
    private record Part(
            Path file,
            ParquetScan scan,
            int fromRowGroup,
            int toRowGroup,
            long estimatedRows,
            ParquetFooters footers,
            Optional<FileStamp> planned)
            implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            ParquetChunks rows = ParquetChunks.open(file, scan, fromRowGroup, toRowGroup, footers, allocator);
            if (planned.isPresent() && !planned.get().equals(rows.footer().stamp())) {
                // It may have other row groups, of which some would be in no part.
                rows.close();
                throw ParquetErrors.replaced(file);
            }
            return rows;
        }

        @Override
        public String toString() {
            boolean whole = fromRowGroup == 0 && toRowGroup == Integer.MAX_VALUE;
            return file + (whole ? "" : " row groups " + fromRowGroup + " to " + (toRowGroup - 1));
        }
    }
}
