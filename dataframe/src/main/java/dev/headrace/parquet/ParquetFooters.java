package dev.headrace.parquet;

import dev.headrace.parquet.metadata.FileSchema;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Footers that were read, kept as long as their files stay as they are (length and time of change), the least recently
/// used of them dropped first. For many threads.
public final class ParquetFooters {
    /// Enough for some ten thousand row groups of ten columns: about a hundred megabytes.
    private static final int DEFAULT_COLUMN_CHUNKS = 100_000;

    private final int maxColumnChunks;
    private final Map<Path, ParquetFooter> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long columnChunks;
    /// Of the footer that was read last. A table's files come one after another, and have the same as a rule.
    private volatile @Nullable FileSchema lastSchema;

    public ParquetFooters() {
        this(DEFAULT_COLUMN_CHUNKS);
    }

    ParquetFooters(int maxColumnChunks) {
        this.maxColumnChunks = maxColumnChunks;
    }

    /// The footer of a file.
    ///
    /// @throws dev.headrace.errors.DataException `NOT_A_PARQUET_FILE`, `DAMAGED_PARQUET_FILE`, `UNSUPPORTED_PARQUET` or
    ///     `FILE_NOT_FOUND`
    public ParquetFooter of(Path path) {
        try (FileBytes file = FileBytes.open(path)) {
            return of(file);
        }
    }

    ParquetFooter of(FileBytes file) {
        Path path = file.path();
        FileStamp now = FileStamp.of(path);
        synchronized (entries) {
            ParquetFooter known = entries.get(path);
            if (known != null && known.stamp().equals(now)) {
                return known;
            }
        }
        ParquetFooter footer = ParquetFooter.read(file, now, lastSchema);
        lastSchema = footer.columns();
        footer.codec().ifPresent(PageDecompressor::loadAhead);
        keep(path, footer);
        return footer;
    }

    private void keep(Path path, ParquetFooter footer) {
        synchronized (entries) {
            ParquetFooter before = entries.put(path, footer);
            columnChunks += columnChunks(footer) - (before == null ? 0 : columnChunks(before));
            Iterator<ParquetFooter> oldest = entries.values().iterator();
            while (columnChunks > maxColumnChunks && entries.size() > 1 && oldest.hasNext()) {
                columnChunks -= columnChunks(oldest.next());
                oldest.remove();
            }
        }
    }

    private static long columnChunks(ParquetFooter footer) {
        return 1 + (long) footer.rowGroupCount() * footer.columns().leafCount();
    }
}
