package dev.headrace.delta;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.exec.TaskPool;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/// One attempt to change rows of a table: by copy on write, or where the table allows it and few rows of a file go, by
/// a deletion vector.
///
/// Whoever changes rows looks at the files that may have them ([#version]), says which rows go ([#remove]) and writes
/// the rows that come ([#write]). [#copyKept] then writes the other rows of the files that lost some. What has been
/// looked at is what the commit depends on ([#reads]).
final class Rewrite implements AutoCloseable {
    /// What becomes of the rows of a file that is written anew.
    interface KeptRows {
        /// @param rows the table's columns; borrowed
        /// @param places where each of them lies in the file, ascending
        /// @param removed the rows of the file that go
        void accept(int file, Chunk rows, BigIntVector places, BitSet removed);
    }

    private static final int MANY_SMALL_FILES = 16;
    private static final long MIN_ROWS_PER_DELETED = 5;
    private static final long BYTES_FOR_THREADS = 2L << 20;
    private static final int MOST_APART = 8;
    private static final int LARGE_PART = 256;

    private final TableTarget target;
    private final TableMetadata metadata;
    private final FileFilter filter;
    private final boolean rowsStay;
    private final List<AddFile> files;
    private final BitSet candidates;
    private final RemovedRows removed;
    private final RemovedRows replaced;
    private final DataWriters writers;
    private DataWriters coming;
    private final Map<Integer, DataWriters> apart = new LinkedHashMap<>();
    private final Optional<ChangeFeedFiles> feed;
    private final ZoneId zone;
    private final ParquetFooters footers;
    private final Set<Integer> folded = new HashSet<>();
    private final BitSet wanted = new BitSet();
    private final Set<Integer> dropped = new HashSet<>();
    private final LongAdder copied = new LongAdder();
    private final boolean marksRows;
    private final BitSet marked = new BitSet();
    private final Map<Integer, BitSet> forGood = new ConcurrentHashMap<>();
    private final Map<Integer, AddFile> withVectors = new LinkedHashMap<>();
    private List<WrittenFile> changeFiles = List.of();
    private @Nullable DeletionVectorFile vectorFile;
    private final long removedAt;

    /// @param filter which files may have the rows
    Rewrite(TableTarget target, FileFilter filter, ZoneId zone, ParquetFooters footers) {
        this(target, filter, zone, footers, false);
    }

    /// A rewrite that changes no rows: it depends on nothing but that its files are there still.
    static Rewrite compaction(TableTarget target, FileFilter filter, ZoneId zone, ParquetFooters footers) {
        return new Rewrite(target, filter, zone, footers, true);
    }

    private Rewrite(TableTarget target, FileFilter filter, ZoneId zone, ParquetFooters footers, boolean rowsStay) {
        this.rowsStay = rowsStay;
        this.target = target;
        this.metadata = target.metadataToWrite();
        this.filter = filter;
        this.zone = zone;
        this.footers = footers;
        files = target.currentFiles();
        candidates = new BitSet(files.size());
        for (int file = 0; file < files.size(); file++) {
            candidates.set(file, filter.mayMatch(files.get(file)));
        }
        removed = new RemovedRows(files.size());
        replaced = new RemovedRows(files.size());
        writers = new DataWriters(target, metadata);
        coming = writers;
        feed = !rowsStay && metadata.enabled("delta.enableChangeDataFeed")
                ? Optional.of(new ChangeFeedFiles(target, metadata))
                : Optional.empty();
        removedAt = target.now();
        marksRows = !rowsStay
                && metadata.enabled("delta.enableDeletionVectors")
                && target.base().protocol().writerFeatures().contains("deletionVectors");
    }

    /// The rows of the files that may have the rows, with the columns [TableVersion#FILE] and [TableVersion#ROW].
    TableVersion version() {
        return new TableVersion(target.table(), target.base().version(), metadata, files, candidates, zone, footers);
    }

    /// All files of the table.
    List<AddFile> files() {
        return files;
    }

    /// The files that may have the rows, by their place in [#files].
    int[] candidates() {
        return candidates.stream().toArray();
    }

    /// The table's columns and properties, with how far the numbers of its rows have come.
    TableMetadata metadata() {
        return coming.metadata();
    }

    /// Takes a row out for good.
    ///
    /// @return false if the row had gone before
    boolean remove(int file, long row) {
        return removed.add(file, row);
    }

    /// Takes a row out because another one comes in its place.
    ///
    /// @return false if the row had gone before
    boolean replace(int file, long row) {
        replaced.add(file, row);
        return removed.add(file, row);
    }

    /// Takes all rows of the files out, without reading them.
    ///
    /// @return how many there were, as far as the statistics say
    long removeEverything() {
        long rows = 0;
        for (int file : candidates()) {
            dropped.add(file);
            rows += FileStatistics.read(files.get(file).stats(), new StructType())
                    .rowCount()
                    .orElse(0);
            rows -= files.get(file)
                    .deletionVector()
                    .map(DeletionVector::cardinality)
                    .orElse(0L);
        }
        return rows;
    }

    long removedRows() {
        return removed.count();
    }

    /// Puts rows into the table that are new; the chunk is borrowed.
    void insert(Chunk rows) {
        write(rows, RowRules.Coming.NEW, ChangeFeedFiles.Type.INSERT);
    }

    /// Puts rows into the table in the place of others; the chunk is borrowed.
    void update(Chunk rows) {
        write(rows, RowRules.Coming.CHANGED, ChangeFeedFiles.Type.AFTER_UPDATE);
    }

    private void write(Chunk rows, RowRules.Coming coming, ChangeFeedFiles.Type type) {
        this.coming.write(rows, coming, written -> feed.ifPresent(files -> files.write(written, type)));
    }

    /// Writes files anew though they lose no rows, if there are many small ones of one partition: so a table that gets
    /// small changes for ever has a bounded number of files.
    ///
    /// Not where the table has a change data feed: to a reader of the feed the rows of those files would be changes.
    void foldSmallFiles() {
        if (feed.isPresent()) {
            return;
        }
        fold(metadata.targetFileBytes() / 4, MANY_SMALL_FILES, this::foldable);
    }

    /// Writes files anew that are smaller than they should be, where there are at least two in a partition, and those
    /// that have deleted rows.
    void packSmallFiles() {
        for (int file : candidates()) {
            if (files.get(file).deletionVector().isPresent()) {
                folded.add(file);
            }
        }
        fold(metadata.targetFileBytes(), 2, places -> places);
    }

    /// Writes all files of [#candidates] anew, by rows that are handed to [#move].
    void moveEverything() {
        candidates.stream().forEach(file -> {
            folded.add(file);
            dropped.add(file);
        });
    }

    /// Puts rows into the table that were in it before; the chunk is borrowed.
    void move(Chunk rows) {
        copied.add(rows.rowCount());
        writers.writeKept(rows);
    }

    /// @param small which files, by their bytes
    /// @param many how many of a partition it takes
    /// @param chosen which of those
    private void fold(long small, int many, UnaryOperator<List<Integer>> chosen) {
        Map<Map<String, @Nullable String>, List<Integer>> byPartition = new LinkedHashMap<>();
        for (int file = 0; file < files.size(); file++) {
            if (files.get(file).size() < small && (!rowsStay || candidates.get(file))) {
                byPartition
                        .computeIfAbsent(files.get(file).partitionValues(), _ -> new ArrayList<>())
                        .add(file);
            }
        }
        byPartition.values().stream()
                .filter(places -> places.size() >= many)
                .map(chosen)
                .forEach(folded::addAll);
    }

    /// Files whose rows change now are left alone, as long as there are not very many: they would be copied again soon,
    /// together with all that they were put together with.
    private List<Integer> foldable(List<Integer> places) {
        Set<Integer> changing = new HashSet<>();
        for (int file : removed.touched()) {
            changing.add(file);
        }
        List<Integer> still =
                places.stream().filter(file -> !changing.contains(file)).toList();
        if (still.size() >= MANY_SMALL_FILES) {
            return ofOneSize(still);
        }
        return places.size() >= MANY_SMALL_FILES * MANY_SMALL_FILES / 4 ? ofOneSize(places) : List.of();
    }

    /// The smallest of some files, up to one that is larger than all before it together: so a row is not written anew
    /// with each few small files that come, but once for each time that the file it is in doubles.
    private List<Integer> ofOneSize(List<Integer> places) {
        List<Integer> bySize = places.stream()
                .sorted(Comparator.comparingLong(file -> files.get(file).size()))
                .toList();
        long bytes = 0;
        for (int i = 0; i < bySize.size(); i++) {
            long size = files.get(bySize.get(i)).size();
            if (i >= MANY_SMALL_FILES / 2 && size > bytes) {
                return bySize.subList(0, i);
            }
            bytes += size;
        }
        return bySize;
    }

    /// Says that [KeptRows] wants to see the file's rows even if all of them go.
    synchronized void want(int file) {
        wanted.set(file);
    }

    /// Writes the rows that stay of the files that lose some.
    void copyKept(TaskPool tasks, BufferAllocator allocator) {
        copyKept(
                tasks,
                allocator,
                Optional.empty(),
                (file, rows, places, gone) -> writeKept(file, rows, places, gone, allocator));
    }

    /// Work that may be done by another thread while rows are copied.
    ///
    /// @param bytes about how much is written by it
    record Beside(long bytes, Runnable work) {}

    void copyKept(TaskPool tasks, BufferAllocator allocator, Optional<Beside> beside, KeptRows kept) {
        TableVersion version = version();
        ScanRequest columns = ScanRequest.all(version.schema());
        List<Runnable> work = new ArrayList<>();
        List<Integer> copiedFiles = new ArrayList<>();
        long bytes = beside.map(Beside::bytes).orElse(0L);
        beside.ifPresent(other -> work.add(other.work()));
        for (int file : rewritten()) {
            BitSet gone = removed.of(file);
            boolean seen = wanted.get(file) || feed.isPresent();
            if (dropped.contains(file) || (!seen && isWhole(file, gone))) {
                continue;
            }
            if (!isWhole(file, gone) && isMarked(file, gone)) {
                marked.set(file);
                if (!seen) {
                    continue;
                }
            }
            bytes += files.get(file).size();
            copiedFiles.add(file);
            for (Split split : version.splitsOf(file, columns)) {
                work.add(() -> copy(file, split, gone, kept, allocator));
            }
        }
        if (beside.isPresent()) {
            keepApart(copiedFiles);
        }
        if (bytes < BYTES_FOR_THREADS) {
            // Each thread makes a file of its own.
            work.forEach(Runnable::run);
        } else {
            if (beside.isPresent()) {
                coming = new DataWriters(target, metadata);
            }
            Cancellation change = Cancellation.ofThread();
            tasks.run(
                    work.size(),
                    task -> change.<@Nullable Void>within(() -> {
                        work.get(task).run();
                        return null;
                    }),
                    change::cancel);
        }
    }

    /// Rows that change are likely to change soon again: those that come are not written among many that have not
    /// changed for long, or the next change would copy all of them again. So what stays of a large file is a file of
    /// its own, if there are few of those.
    private void keepApart(List<Integer> copiedFiles) {
        List<Integer> large = copiedFiles.stream()
                .filter(file ->
                        !folded.contains(file) && files.get(file).size() >= metadata.targetFileBytes() / LARGE_PART)
                .toList();
        if (large.size() <= MOST_APART) {
            large.forEach(file -> apart.put(file, new DataWriters(target, metadata)));
        }
    }

    private DataWriters keptOf(int file) {
        return apart.getOrDefault(file, folded.contains(file) ? writers : coming);
    }

    private Set<DataWriters> allWriters() {
        Set<DataWriters> all = new LinkedHashSet<>(apart.values());
        all.add(writers);
        all.add(coming);
        return all;
    }

    private int[] rewritten() {
        Set<Integer> all = new TreeSet<>(folded);
        all.addAll(dropped);
        for (int file : removed.touched()) {
            all.add(file);
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Whether so few rows of a file go that noting them costs readers less than writing the file anew costs us.
    private boolean isMarked(int file, BitSet gone) {
        if (!marksRows || folded.contains(file)) {
            return false;
        }
        OptionalLong rows =
                FileStatistics.read(files.get(file).stats(), new StructType()).rowCount();
        long before = files.get(file)
                .deletionVector()
                .map(DeletionVector::cardinality)
                .orElse(0L);
        return rows.isPresent() && (before + gone.cardinality()) * MIN_ROWS_PER_DELETED <= rows.getAsLong();
    }

    private boolean isWhole(int file, BitSet gone) {
        OptionalLong rows =
                FileStatistics.read(files.get(file).stats(), new StructType()).rowCount();
        long deleted = files.get(file)
                .deletionVector()
                .map(DeletionVector::cardinality)
                .orElse(0L);
        return rows.isPresent() && rows.getAsLong() - deleted == gone.cardinality();
    }

    private void copy(int file, Split split, BitSet gone, KeptRows kept, BufferAllocator allocator) {
        int width = metadata.schema().size();
        int[] ofTable = java.util.stream.IntStream.range(0, width).toArray();
        try (ChunkReader reader = split.open(allocator)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk rows = chunk;
                        Chunk columns = rows.select(ofTable)) {
                    Cancellation.checkThread();
                    BigIntVector places = (BigIntVector) rows.column(width + 1);
                    feed.ifPresent(files -> noteRemoved(files, columns, places, file, allocator));
                    kept.accept(file, columns, places, gone);
                }
            }
        }
    }

    private void noteRemoved(
            ChangeFeedFiles files, Chunk rows, BigIntVector places, int file, BufferAllocator allocator) {
        BitSet updated = replaced.of(file);
        BitSet deleted = (BitSet) removed.of(file).clone();
        deleted.andNot(updated);
        note(files, rows, places, updated, ChangeFeedFiles.Type.BEFORE_UPDATE, allocator);
        note(files, rows, places, deleted, ChangeFeedFiles.Type.DELETE, allocator);
    }

    private static void note(
            ChangeFeedFiles files,
            Chunk rows,
            BigIntVector places,
            BitSet which,
            ChangeFeedFiles.Type type,
            BufferAllocator allocator) {
        int[] chosen = java.util.stream.IntStream.range(0, rows.rowCount())
                .filter(row -> which.get(Math.toIntExact(places.get(row))))
                .toArray();
        if (chosen.length > 0) {
            try (Chunk part = Columns.gather(rows, chosen, 0, chosen.length, allocator)) {
                files.write(part, type);
            }
        }
    }

    /// Writes the rows of a chunk that have not gone.
    void writeKept(int file, Chunk rows, BigIntVector places, BitSet gone, BufferAllocator allocator) {
        if (marked.get(file)) {
            return;
        }
        int next = gone.nextSetBit(Math.toIntExact(places.get(0)));
        if (next < 0 || next > places.get(rows.rowCount() - 1)) {
            copied.add(rows.rowCount());
            keptOf(file).writeKept(rows);
            return;
        }
        int[] staying = RowsLeft.outside(gone, places, rows.rowCount());
        int count = staying.length;
        copied.add(count);
        if (count > 0) {
            try (Chunk part = Columns.gather(rows, staying, 0, count, allocator)) {
                keptOf(file).writeKept(part);
            }
        }
    }

    /// Whether the rows that stay of a file are all that is written because of it, so that changed ones may stay among
    /// them.
    boolean isCopied(int file) {
        return !marked.get(file) && feed.isEmpty();
    }

    /// Writes the rows of a chunk of a file that [#isCopied], but for those that were taken out for good.
    ///
    /// @param rows as they are to be; borrowed
    /// @param changed how many of them are not as they were
    void writeChanged(int file, Chunk rows, BigIntVector places, int changed, BufferAllocator allocator) {
        writeKept(file, rows, places, goneForGood(file), allocator);
        copied.add(-changed);
    }

    private BitSet goneForGood(int file) {
        return forGood.computeIfAbsent(file, _ -> {
            BitSet gone = (BitSet) removed.of(file).clone();
            gone.andNot(replaced.of(file));
            return gone;
        });
    }

    long copiedRows() {
        return copied.sum();
    }

    /// Completes the new files and makes them durable.
    List<WrittenFile> finish() {
        List<WrittenFile> written = new ArrayList<>();
        allWriters().forEach(each -> written.addAll(each.finish()));
        WrittenFile.forceNames(target.table(), written);
        writeVectors();
        feed.ifPresent(files -> {
            changeFiles = files.finish();
            WrittenFile.forceNames(target.table(), changeFiles);
        });
        return written;
    }

    private void writeVectors() {
        if (marked.isEmpty()) {
            return;
        }
        DeletionVectorFile vectors = new DeletionVectorFile(target.table(), target.newId());
        vectorFile = vectors;
        marked.stream().forEach(file -> {
            AddFile old = files.get(file);
            BitSet gone = (BitSet) removed.of(file).clone();
            old.deletionVector().ifPresent(before -> gone.or(DeletionVectors.read(target.table(), before)));
            withVectors.put(file, old.withDeletionVector(vectors.add(gone)));
        });
        vectors.write();
    }

    /// What takes the old files out and puts the new ones in.
    List<Action> actions(List<WrittenFile> written) {
        List<Action> actions = new ArrayList<>();
        for (int file : rewritten()) {
            AddFile old = files.get(file);
            actions.add(rowsStay ? old.moved(removedAt) : old.remove(removedAt));
        }
        actions.addAll(withVectors.values());
        written.forEach(file -> actions.add(rowsStay ? file.action().asMoved() : file.action()));
        actions.addAll(ChangeFeedFiles.actions(changeFiles));
        return actions;
    }

    /// Whether no file changes.
    boolean isEmpty(List<WrittenFile> written) {
        return written.isEmpty() && rewritten().length == 0;
    }

    int removedFiles() {
        return rewritten().length - withVectors.size();
    }

    int deletionVectors() {
        return withVectors.size();
    }

    /// All files of the table after this change, if no other commit came between.
    List<AddFile> filesAfter(List<WrittenFile> written) {
        Set<String> gone = new HashSet<>();
        for (int file : rewritten()) {
            gone.add(files.get(file).path());
        }
        List<AddFile> after = new ArrayList<>();
        for (AddFile file : target.currentFiles()) {
            if (!gone.contains(file.path())) {
                after.add(file);
            }
        }
        after.addAll(withVectors.values());
        written.forEach(file -> after.add(file.action()));
        return after;
    }

    ReadSet reads() {
        if (rowsStay) {
            return new ReadSet.Nothing();
        }
        Set<String> leftOut = new HashSet<>();
        for (int file = candidates.nextClearBit(0); file < files.size(); file = candidates.nextClearBit(file + 1)) {
            leftOut.add(files.get(file).path());
        }
        return new ReadSet.Matching(filter, leftOut);
    }

    void handOver() {
        allWriters().forEach(DataWriters::handOver);
        feed.ifPresent(ChangeFeedFiles::handOver);
        vectorFile = null;
    }

    @Override
    public void close() {
        Closing.all(allWriters());
        feed.ifPresent(ChangeFeedFiles::close);
        if (vectorFile != null) {
            vectorFile.delete();
            vectorFile = null;
        }
    }
}
