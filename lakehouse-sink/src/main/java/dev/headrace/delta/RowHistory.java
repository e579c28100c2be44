package dev.headrace.delta;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.delta.cdc.ChangeBatch;
import dev.headrace.delta.cdc.Sequences;
import dev.headrace.delta.cdc.Tombstones;
import dev.headrace.exec.KeyTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/// Applies a batch of changes to a table that holds every version of each row, with the sequences between which it was
/// valid.
///
/// ```text
/// the moments of a key, by sequence:
///     its versions in the table, each where it begins, and an end where one ends without another one beginning
///     its deletions and all truncations, earlier ones (tombstones) and those of the batch
///     the rows of the batch
/// of several at one sequence a row of the batch counts most, then a version, then an end
/// each version is valid until the next moment
/// ```
///
/// So a change that comes late takes its place between the versions that are there, and one that comes twice changes
/// nothing. Only versions that end elsewhere than before, and those that begin, are written.
final class RowHistory {
    private final ChangeTask task;
    private final ChangeBatch batch;
    private final ChangeColumns columns;
    private final Sequences sequences;
    private final FoundVersions versions;
    private final Moments moments = new Moments();
    /// The versions that end elsewhere than before, and where.
    private final BitSet corrected = new BitSet();
    private final Map<Integer, List<Heir>> heirs = new HashMap<>();
    private long[] newEnds = new long[0];
    private Map<Integer, long[]> correctedByFile = Map.of();
    private int[] wholeRows;
    private long[] wholeRowsTo;
    private int wholeCount;
    private final List<List<@Nullable Object>> mixedRows = new ArrayList<>();
    private long[] truncations = new long[0];

    /// A row of the batch that leaves columns as they were, behind a version of the table.
    private record Heir(int row, long to) {}

    RowHistory(ChangeTask task) {
        this.task = task;
        this.batch = task.batch();
        this.columns = task.columns();
        this.sequences = batch.sequences();
        this.versions = new FoundVersions(sequences);
        this.wholeRows = new int[Math.max(16, batch.rows().rowCount())];
        this.wholeRowsTo = new long[wholeRows.length];
    }

    /// @param marks gets the deletions to remember
    RowChange.Attempt apply(List<Tombstones.Mark> marks) {
        Rewrite rewrite = task.begin();
        try {
            batch.use(columns.origins());
            findVersions(rewrite);
            arrange(rewrite);
            if (wholeCount > 0 || !mixedRows.isEmpty() || !corrected.isEmpty()) {
                rewrite.foldSmallFiles();
            }
            correctedByFile = versions.byFile(corrected);
            Rewrite.Beside writing =
                    new Rewrite.Beside(columns.bytesOf((long) wholeCount + mixedRows.size()), () -> writeRows(rewrite));
            rewrite.copyKept(
                    task.tasks(),
                    task.allocator(),
                    Optional.of(writing),
                    (file, rows, places, gone) -> keep(rewrite, file, rows, places, gone));
            remember(marks);
            Map<String, Long> metrics = new LinkedHashMap<>();
            metrics.put("numSourceRows", (long) batch.rows().rowCount());
            metrics.put("numTargetRowsInserted", (long) wholeCount + mixedRows.size());
            metrics.put("numTargetRowsUpdated", (long) corrected.cardinality());
            return new RowChange.Attempt(rewrite, metrics, !marks.isEmpty());
        } catch (Throwable failed) {
            rewrite.close();
            throw failed;
        }
    }

    private void findVersions(Rewrite rewrite) {
        if (rewrite.candidates().length > 0) {
            int keyCount = columns.keys().length;
            int[] more = {columns.sequence(), columns.validTo()};
            long others = Arrays.stream(batch.truncations()).min().orElse(Sequences.NEVER);
            task.probe(
                    rewrite,
                    more,
                    others != Sequences.NEVER,
                    (slots, rows, file, places) -> versions.add(slots, rows, keyCount, file, places, others));
        }
        // What is remembered of the batch's keys is numbered, too, before all get their ranks.
        for (int slot = 0; slot < batch.slotCount() && !task.tombstones().isEmpty(); slot++) {
            task.marksOf(slot).forEach(mark -> sequences.add(mark.sequence()));
        }
        task.tombstones().truncations().forEach(mark -> sequences.add(mark.sequence()));
        sequences.seal();
        versions.order(batch.slotCount());
        truncations = batch.truncations();
    }

    private void arrange(Rewrite rewrite) {
        newEnds = new long[versions.end(batch.slotCount() - 1)];
        for (int i = versions.first(KeyTable.ABSENT); i < versions.end(KeyTable.ABSENT); i++) {
            truncate(rewrite, versions.at(i));
        }
        for (int slot = 0; slot < batch.slotCount(); slot++) {
            if (batch.to(slot) > batch.from(slot) || truncations.length > 0) {
                gather(slot);
                arrangeMoments(rewrite);
            }
        }
    }

    /// Ends a version of a key that the batch doesn't speak of at the first truncation after its beginning.
    private void truncate(Rewrite rewrite, int version) {
        long from = versions.from(version);
        long to = versions.to(version);
        Arrays.stream(truncations)
                .filter(at -> at > from && at < to)
                .min()
                .ifPresent(at -> correct(rewrite, version, at));
    }

    private void correct(Rewrite rewrite, int version, long to) {
        rewrite.replace(versions.file(version), versions.place(version));
        rewrite.want(versions.file(version));
        corrected.set(version);
        newEnds[version] = to;
    }

    /// All that is known of a key; what counts more comes later.
    private void gather(int slot) {
        moments.clear();
        for (int i = versions.first(slot); i < versions.end(slot); i++) {
            long to = versions.to(versions.at(i));
            if (to != Sequences.NEVER) {
                moments.add(to, Moments.Kind.END, 0);
            }
        }
        if (!task.tombstones().isEmpty()) {
            task.marksOf(slot).forEach(this::addEnd);
        }
        task.tombstones().truncations().forEach(this::addEnd);
        for (long at : truncations) {
            moments.add(at, Moments.Kind.END, 0);
        }
        for (int i = versions.first(slot); i < versions.end(slot); i++) {
            moments.add(versions.from(versions.at(i)), Moments.Kind.VERSION, versions.at(i));
        }
        for (int event = batch.from(slot); event < batch.to(slot); event++) {
            Moments.Kind kind = batch.isDelete(event) ? Moments.Kind.END : Moments.Kind.ROW;
            moments.add(batch.sequence(event), kind, batch.row(event));
        }
        moments.sort();
    }

    private void addEnd(Tombstones.Mark mark) {
        moments.add(sequences.rank(sequences.add(mark.sequence())), Moments.Kind.END, 0);
    }

    private void arrangeMoments(Rewrite rewrite) {
        Moments.Kind before = Moments.Kind.END;
        int rowBefore = -1;
        @Nullable List<@Nullable Object> cellsBefore = null;
        for (int i = 0; i < moments.count(); i++) {
            int subject = moments.subject(i);
            if (moments.isReplaced(i)) {
                if (moments.kind(i) == Moments.Kind.VERSION) {
                    rewrite.remove(versions.file(subject), versions.place(subject));
                }
                continue;
            }
            long to = moments.next(i, Sequences.NEVER);
            switch (moments.kind(i)) {
                case END -> before = Moments.Kind.END;
                case VERSION -> {
                    List<Heir> ofVersion = heirsOf(i);
                    if (!ofVersion.isEmpty()) {
                        heirs.put(subject, ofVersion);
                    }
                    if (!ofVersion.isEmpty() || versions.to(subject) != to) {
                        correct(rewrite, subject, to);
                    }
                    before = Moments.Kind.VERSION;
                }
                case ROW -> {
                    if (!batch.isPartial(subject)) {
                        wholeRows[wholeCount] = subject;
                        wholeRowsTo[wholeCount++] = to;
                        before = Moments.Kind.ROW;
                        rowBefore = subject;
                        cellsBefore = null;
                    } else if (before != Moments.Kind.VERSION) {
                        if (before == Moments.Kind.END) {
                            cellsBefore = null;
                        } else if (cellsBefore == null) {
                            cellsBefore = cellsOf(rowBefore, Sequences.NEVER, null);
                        }
                        cellsBefore = cellsOf(subject, to, cellsBefore);
                        mixedRows.add(cellsBefore);
                        before = Moments.Kind.ROW;
                    }
                }
            }
        }
    }

    /// The partial rows right behind a version.
    private List<Heir> heirsOf(int version) {
        List<Heir> found = List.of();
        for (int i = version + 1; i < moments.count(); i++) {
            if (moments.isReplaced(i)) {
                continue;
            }
            if (moments.kind(i) != Moments.Kind.ROW || !batch.isPartial(moments.subject(i))) {
                break;
            }
            found = found.isEmpty() ? new ArrayList<>() : found;
            found.add(new Heir(moments.subject(i), moments.next(i, Sequences.NEVER)));
        }
        return found;
    }

    /// A row of the batch as a version, with the columns that it leaves as they were from the version before it.
    private List<@Nullable Object> cellsOf(int row, long to, @Nullable List<@Nullable Object> before) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int column = 0; column < columns.origins().length; column++) {
            int origin = columns.origins()[column];
            if (column == columns.validTo()) {
                cells.add(sequences.cell(to));
            } else if (column == columns.isCurrent()) {
                cells.add(to == Sequences.NEVER);
            } else if (columns.isNumbered(column)) {
                // Each version has a number of its own.
                cells.add(null);
            } else if (origin < 0 || batch.isMissing(row, origin)) {
                cells.add(before == null ? null : before.get(column));
            } else {
                cells.add(Cell.read(batch.rows().column(origin), row));
            }
        }
        return cells;
    }

    private void writeRows(Rewrite rewrite) {
        for (int from = 0; from < wholeCount; from += Chunk.TARGET_ROWS) {
            int some = Math.min(Chunk.TARGET_ROWS, wholeCount - from);
            try (Chunk chunk =
                    columns.versions(batch.rows(), wholeRows, from, some, wholeRowsTo, sequences, task.allocator())) {
                rewrite.insert(chunk);
            }
        }
        columns.write(mixedRows, rewrite::insert, task.allocator());
    }

    /// Writes the rows of a file that stay, those with another end among them.
    private void keep(Rewrite rewrite, int file, Chunk rows, BigIntVector places, BitSet gone) {
        long @Nullable [] ofFile = correctedByFile.get(file);
        if (ofFile == null) {
            rewrite.writeKept(file, rows, places, gone, task.allocator());
            return;
        }
        int[] which = new int[rows.rowCount()];
        long[] ends = new long[rows.rowCount()];
        int[] numbers = new int[rows.rowCount()];
        int count = 0;
        int next = Arrays.binarySearch(ofFile, places.get(0) << 32);
        next = next < 0 ? -next - 1 : next;
        for (int row = 0; row < rows.rowCount() && next < ofFile.length; row++) {
            if (places.get(row) == ofFile[next] >>> 32) {
                numbers[count] = (int) ofFile[next++];
                ends[count] = newEnds[numbers[count]];
                which[count++] = row;
            }
        }
        if (rewrite.isCopied(file)) {
            try (Chunk changed = columns.withEnds(rows, which, count, ends, sequences, task.allocator())) {
                rewrite.writeChanged(file, changed, places, count, task.allocator());
            }
        } else {
            rewrite.writeKept(file, rows, places, gone, task.allocator());
            writeEnded(rewrite, rows, which, count, ends);
        }
        writeHeirs(rewrite, rows, which, numbers, count);
    }

    private void writeEnded(Rewrite rewrite, Chunk rows, int[] which, int count, long[] ends) {
        if (count == 0) {
            return;
        }
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        try (Chunk ended = Columns.gather(rows, which, 0, count, task.allocator());
                Chunk changed = columns.withEnds(ended, all, count, ends, sequences, task.allocator())) {
            rewrite.update(changed);
        }
    }

    private void writeHeirs(Rewrite rewrite, Chunk rows, int[] which, int[] numbers, int count) {
        if (heirs.isEmpty()) {
            return;
        }
        List<List<@Nullable Object>> inherited = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<@Nullable Object> cells = ChangeColumns.cells(rows, which[i]);
            for (Heir heir : heirs.getOrDefault(numbers[i], List.of())) {
                cells = cellsOf(heir.row(), heir.to(), cells);
                inherited.add(cells);
            }
        }
        columns.write(inherited, rewrite::insert, task.allocator());
    }

    private void remember(List<Tombstones.Mark> marks) {
        long now = task.base().now();
        for (int slot = 0; slot < batch.slotCount(); slot++) {
            for (int event = batch.from(slot); event < batch.to(slot); event++) {
                if (batch.isDelete(event)) {
                    Object at = Objects.requireNonNull(sequences.cell(batch.sequence(event)));
                    marks.add(new Tombstones.Mark(task.keyOf(slot), at, now));
                }
            }
        }
        for (long at : truncations) {
            marks.add(new Tombstones.Mark(null, Objects.requireNonNull(sequences.cell(at)), now));
        }
    }
}
