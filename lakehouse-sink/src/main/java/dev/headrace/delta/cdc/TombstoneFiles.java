package dev.headrace.delta.cdc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.OutputFailure;
import dev.headrace.parquet.ParquetChunkWriter;
import dev.headrace.parquet.ParquetChunks;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetScan;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The tombstones of a table on disk, beside its data.
///
/// ```text
/// <table>/_headrace/tombstones/<query id>/<batch>.parquet       the deletions of a batch
///                                         <batch>.all.parquet   all that are known after a batch
/// ```
///
/// A batch's file is written before the batch is committed, and counts from the commit on: the table's log says which
/// was the last batch of a query. So the two are one step, though they are two files. Readers of Delta tables pass over
/// directories whose names begin with `_`.
public final class TombstoneFiles {
    private static final Pattern NAME = Pattern.compile("(\\d{20})(\\.all)?\\.parquet");
    private static final int MANY_FILES = 64;
    private static final int CHUNK_ROWS = 8192;
    private static final int TYPES = 3;

    private final Path table;
    private final Path directory;
    private final String query;
    private final StructType schema;
    private final KeyTypes keys;
    private final KeyTypes keysAtFirst;
    private final ParquetFooters footers = new ParquetFooters();
    private int filesOfQuery;

    private record Entry(Path file, long batch, boolean all) {}

    /// @param table the table's directory
    /// @param sequence the type of sequences
    /// @param keys the key's columns
    /// @param keysAtFirst the same, with the types that they had before they became wider
    public TombstoneFiles(Path table, String query, DataType sequence, StructType keys, StructType keysAtFirst) {
        this.table = table;
        this.directory = table.resolve("_headrace").resolve("tombstones");
        this.query = query;
        this.schema = new StructType()
                .add("key", DataTypes.BinaryType)
                .add("sequence", sequence, false)
                .add("at", DataTypes.LongType, false)
                .add("keyTypes", DataTypes.StringType);
        this.keys = KeyTypes.of(keys);
        this.keysAtFirst = KeyTypes.of(keysAtFirst);
    }

    /// Reads what counts.
    ///
    /// @param lastBatch the last batch of a query that the table holds
    public void load(Function<String, OptionalLong> lastBatch, Tombstones into, BufferAllocator allocator) {
        for (Path ofQuery : list(directory)) {
            String name = ofQuery.getFileName().toString();
            OptionalLong last = lastBatch.apply(name);
            if (last.isEmpty()) {
                continue;
            }
            List<Entry> entries = entries(ofQuery).stream()
                    .filter(entry -> entry.batch() <= last.getAsLong())
                    .toList();
            long complete = entries.stream()
                    .filter(Entry::all)
                    .mapToLong(Entry::batch)
                    .max()
                    .orElse(-1);
            for (Entry entry : entries) {
                if (entry.all() ? entry.batch() == complete : entry.batch() > complete) {
                    read(entry.file(), into, allocator);
                    filesOfQuery += name.equals(query) ? 1 : 0;
                }
            }
        }
    }

    private static List<Entry> entries(Path directory) {
        List<Entry> entries = new ArrayList<>();
        for (Path file : list(directory)) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
                entries.add(new Entry(file, Long.parseLong(name.group(1)), name.group(2) != null));
            }
        }
        return entries;
    }

    private static List<Path> list(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        } catch (NoSuchFileException none) {
            return files;
        } catch (IOException unreadable) {
            throw new UnavailableException(
                    "CHANGES_TOMBSTONES_UNREADABLE",
                    directory + ": can't be read (" + unreadable
                            + "). See to the disk and its permissions, then try again.",
                    unreadable);
        }
        return files;
    }

    private void read(Path file, Tombstones into, BufferAllocator allocator) {
        try (ParquetChunks chunks = ParquetChunks.open(file, ParquetScan.all(schema), footers, allocator)) {
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                try (Chunk rows = chunk) {
                    @Nullable Slice[] known = keys(rows, file, allocator);
                    for (int row = 0; row < rows.rowCount(); row++) {
                        into.add(new Tombstones.Mark(
                                known[row], Objects.requireNonNull(Cell.detach(Cell.read(rows.column(1), row))), (Long)
                                        Objects.requireNonNull(Cell.read(rows.column(2), row))));
                    }
                }
            }
        }
    }

    /// The keys of some tombstones, in the types that the columns have now.
    private @Nullable Slice[] keys(Chunk rows, Path file, BufferAllocator allocator) {
        @Nullable Slice[] known = new @Nullable Slice[rows.rowCount()];
        Map<String, List<Integer>> ofOtherTypes = new HashMap<>();
        Slice now = Slice.utf8(keys.text());
        for (int row = 0; row < known.length; row++) {
            known[row] = (Slice) Cell.detach(Cell.read(rows.column(0), row));
            if (known[row] == null) {
                continue;
            }
            @Nullable Object then = Cell.read(rows.column(TYPES), row);
            if (then == null) {
                checkAtFirst(file);
            } else if (!then.equals(now)) {
                ofOtherTypes
                        .computeIfAbsent(then.toString(), _ -> new ArrayList<>())
                        .add(row);
            }
        }
        ofOtherTypes.forEach((types, which) -> {
            KeyTypes then = KeyTypes.parse(types);
            if (!keys.areLike(then)) {
                Slice[] converted = keys.convert(
                        which.stream()
                                .map(row -> Objects.requireNonNull(known[row]))
                                .toList(),
                        then,
                        allocator);
                for (int i = 0; i < converted.length; i++) {
                    known[which.get(i)] = converted[i];
                }
            }
        });
        return known;
    }

    /// Earlier versions of Headrace did not write down of which types the keys are.
    private void checkAtFirst(Path file) {
        if (!keys.areLike(keysAtFirst)) {
            throw new QueryException(
                    "DELTA_SCHEMA_MISMATCH",
                    table + ": the key was (" + keysAtFirst.describe() + ") and has become (" + keys.describe()
                            + "), and '" + file + "', in which an earlier version of Headrace has remembered deletions,"
                            + " does not say by which it means them. To go on without them delete the directory '"
                            + directory + "': a change that is older than a deletion and comes after it then brings"
                            + " its row back.");
        }
    }

    /// Whether it is time to write all tombstones in one file.
    public boolean haveManyFiles() {
        return filesOfQuery >= MANY_FILES;
    }

    /// Writes the tombstones of a batch that is about to be committed. A file that an attempt before this one has left
    /// is replaced.
    ///
    /// @param all whether these are all that are known, those of earlier batches included
    public void write(long batch, Stream<Tombstones.Mark> marks, boolean all, BufferAllocator allocator) {
        Path ofQuery = directory.resolve(query);
        Path file = ofQuery.resolve(String.format(java.util.Locale.ROOT, "%020d%s.parquet", batch, all ? ".all" : ""));
        boolean isNew = !Files.isDirectory(ofQuery);
        Slice types = Slice.utf8(keys.text());
        try {
            Files.createDirectories(ofQuery);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
        try (ParquetChunkWriter out =
                        ParquetChunkWriter.open(file, schema, ParquetWriteOptions.DEFAULT.withSync(), allocator);
                ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            marks.forEach(mark -> {
                builder.add(Arrays.<@Nullable Object>asList(mark.key(), mark.sequence(), mark.atMillis(), types));
                if (builder.rowCount() == CHUNK_ROWS) {
                    flush(builder, out);
                }
            });
            flush(builder, out);
            out.finish();
        }
        force(ofQuery, isNew);
        filesOfQuery++;
    }

    /// Makes the file's name durable, and those of directories that are new.
    private void force(Path ofQuery, boolean isNew) {
        for (Path at = ofQuery; at != null && at.startsWith(table); at = at.getParent()) {
            try {
                LocalCommitStore.force(at);
            } catch (IOException failed) {
                throw OutputFailure.of(at, failed);
            }
            if (!isNew) {
                return;
            }
        }
    }

    private static void flush(ChunkBuilder builder, ParquetChunkWriter out) {
        try (Chunk chunk = builder.build()) {
            out.write(chunk);
        }
    }

    /// Deletes the files that one with all tombstones, of a batch that is committed, has made superfluous.
    public void deleteBefore(long batch) {
        int left = 0;
        for (Entry entry : entries(directory.resolve(query))) {
            if (entry.batch() >= batch) {
                left++;
                continue;
            }
            try {
                Files.deleteIfExists(entry.file());
            } catch (IOException failed) {
                throw OutputFailure.of(entry.file(), failed);
            }
        }
        filesOfQuery = left;
    }
}
