package dev.headrace.parquet;

import dev.headrace.parquet.metadata.FileSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
    private final Map<Path, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long columnChunks;
    /// Of the footer that was read last. A table's files come one after another, and have the same as a rule.
    private volatile @Nullable FileSchema lastSchema;

    private record Entry(ParquetFooter footer, long length, long modifiedMillis) {
        long columnChunks() {
            return 1 + (long) footer.rowGroupCount() * footer.columns().leafCount();
        }
    }

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
        BasicFileAttributes now = attributes(path);
        long modified = now.lastModifiedTime().toMillis();
        synchronized (entries) {
            Entry known = entries.get(path);
            if (known != null && known.length == now.size() && known.modifiedMillis == modified) {
                return known.footer;
            }
        }
        ParquetFooter footer = ParquetFooter.read(file, now.size(), lastSchema);
        lastSchema = footer.columns();
        footer.codec().ifPresent(PageDecompressor::loadAhead);
        keep(path, new Entry(footer, now.size(), modified));
        return footer;
    }

    private static BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException unreadable) {
            throw ParquetErrors.unreadable(path, unreadable);
        }
    }

    private void keep(Path path, Entry entry) {
        synchronized (entries) {
            Entry before = entries.put(path, entry);
            columnChunks += entry.columnChunks() - (before == null ? 0 : before.columnChunks());
            Iterator<Entry> oldest = entries.values().iterator();
            while (columnChunks > maxColumnChunks && entries.size() > 1 && oldest.hasNext()) {
                columnChunks -= oldest.next().columnChunks();
                oldest.remove();
            }
        }
    }
}
