package dev.headrace.delta;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.delta.cdc.ChangeBatch;
import dev.headrace.delta.cdc.Sequences;
import dev.headrace.delta.cdc.Tombstones;
import dev.headrace.exec.KeyTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Applies a batch of changes to a table that holds what rows are now: one row per key, with its sequence.
///
/// ```text
/// the last event of a key counts, unless the table has a row or a tombstone of the key with a larger sequence, or a
///     truncation with a larger one has happened; the events before it count only for columns that it leaves as they were
/// an upsert takes the key's row out and puts its own in; a deletion takes it out and leaves a tombstone
/// ```
final class LatestRows {
    private static final Object NOTHING = new Object();

    private final ChangeTask task;
    private final ChangeBatch batch;
    private final ChangeColumns columns;
    private final boolean keepsNumbers;
    private final boolean[] late;
    private final boolean[] replaces;
    private final boolean[] partial;
    /// Rows of the table that give columns to the rows that come in their place: their slots, by place.
    private final Map<Long, Integer> givers = new ConcurrentHashMap<>();
    /// What is remembered of the batch's keys, by slot.
    private final Map<Integer, List<Tombstones.Mark>> buried = new HashMap<>();
    private final LongAdder updated = new LongAdder();
    private final LongAdder deleted = new LongAdder();
    private long inserted;
    private long tooLate;

    private final Sequences sequences;
    private final boolean hasTombstones;
    private long lastTruncation = Sequences.NONE;

    LatestRows(ChangeTask task) {
        this.task = task;
        this.batch = task.batch();
        this.sequences = batch.sequences();
        this.hasTombstones = !task.tombstones().isEmpty();
        this.columns = task.columns();
        this.keepsNumbers = columns.haveNumbers();
        this.late = new boolean[batch.slotCount()];
        this.replaces = new boolean[batch.slotCount()];
        this.partial = new boolean[batch.slotCount()];
    }

    /// @param marks gets the deletions to remember
    RowChange.Attempt apply(List<Tombstones.Mark> marks) {
        Rewrite rewrite = task.begin();
        try {
            batch.use(columns.origins());
            rankTombstones();
            for (int slot = 0; slot < batch.slotCount(); slot++) {
                late[slot] = isLate(slot);
                partial[slot] = !late[slot] && isPartial(slot);
            }
            findOldRows(rewrite);
            Coming coming = comingRows();
            if (inserted > 0 || rewrite.removedRows() > 0) {
                rewrite.foldSmallFiles();
            }
            Rewrite.Beside writing = new Rewrite.Beside(
                    columns.bytesOf((long) coming.newCount() + coming.nextCount()), () -> write(rewrite, coming));
            rewrite.copyKept(task.tasks(), task.allocator(), Optional.of(writing), (file, rows, places, gone) -> {
                rewrite.writeKept(file, rows, places, gone, task.allocator());
                writeMixedRows(rewrite, file, rows, places);
            });
            remember(marks);
            Map<String, Long> metrics = new LinkedHashMap<>();
            metrics.put("numSourceRows", (long) batch.rows().rowCount());
            metrics.put("numTargetRowsInserted", inserted);
            metrics.put("numTargetRowsUpdated", updated.sum());
            metrics.put("numTargetRowsDeleted", deleted.sum());
            metrics.put("numLateChanges", tooLate);
            return new RowChange.Attempt(rewrite, metrics, !marks.isEmpty());
        } catch (Throwable failed) {
            rewrite.close();
            throw failed;
        }
    }

    /// Numbers what is remembered of the batch's keys, so that it can be compared.
    private void rankTombstones() {
        for (int slot = 0; hasTombstones && slot < batch.slotCount(); slot++) {
            List<Tombstones.Mark> marks = task.marksOf(slot);
            if (!marks.isEmpty()) {
                buried.put(slot, marks);
                marks.forEach(mark -> sequences.add(mark.sequence()));
            }
        }
        Optional<Object> truncation = task.tombstones().lastTruncation();
        truncation.ifPresent(sequences::add);
        sequences.seal();
        truncation.ifPresent(at -> lastTruncation = sequences.rank(sequences.add(at)));
    }

    /// Whether the slot's last event comes after a deletion that is newer.
    private boolean isLate(int slot) {
        int last = batch.to(slot) - 1;
        if (last < batch.from(slot)) {
            return true;
        }
        return batch.isTruncated(last) || isBuried(slot, last);
    }

    /// Whether a deletion of an earlier batch is newer than an event.
    private boolean isBuried(int slot, int event) {
        long at = batch.sequence(event);
        return at < lastTruncation || (!buried.isEmpty() && at < lastTombstone(slot));
    }

    private long lastTombstone(int slot) {
        long last = Sequences.NONE;
        for (Tombstones.Mark mark : buried.getOrDefault(slot, List.of())) {
            last = Math.max(last, sequences.rank(sequences.add(mark.sequence())));
        }
        return last;
    }

    private boolean isPartial(int slot) {
        int last = batch.to(slot) - 1;
        return !batch.isDelete(last) && (keepsNumbers || batch.isPartial(batch.row(last)));
    }

    /// The rows of the table that the batch may be about, when their sequences can't be compared yet.
    private record Found(int slot, long at, int file, long place) {}

    private void findOldRows(Rewrite rewrite) {
        List<Found> later = new ArrayList<>();
        if (rewrite.candidates().length > 0) {
            boolean truncates = batch.lastTruncation().isPresent();
            int sequence = columns.keys().length;
            task.probe(rewrite, new int[] {columns.sequence()}, truncates, (slots, rows, file, places) -> {
                FieldVector at = rows.column(sequence);
                for (int row = 0; row < rows.rowCount(); row++) {
                    if (slots[row] != KeyTable.ABSENT || truncates) {
                        long added = sequences.add(at, row);
                        if (sequences.areRanks()) {
                            meet(rewrite, slots[row], added, file, places.get(row));
                        } else {
                            synchronized (later) {
                                later.add(new Found(slots[row], added, file, places.get(row)));
                            }
                        }
                    }
                }
            });
        }
        sequences.seal();
        later.forEach(found -> meet(rewrite, found.slot(), sequences.rank(found.at()), found.file(), found.place()));
    }

    private void meet(Rewrite rewrite, int slot, long at, int file, long place) {
        OptionalLong truncation = batch.lastTruncation();
        if (truncation.isPresent() && at <= truncation.getAsLong()) {
            rewrite.remove(file, place);
            deleted.increment();
        } else if (slot != KeyTable.ABSENT && batch.to(slot) > batch.from(slot) && !late[slot]) {
            replace(rewrite, slot, at, file, place);
        }
    }

    private void replace(Rewrite rewrite, int slot, long at, int file, long place) {
        int last = batch.to(slot) - 1;
        if (batch.sequence(last) < at) {
            late[slot] = true;
            return;
        }
        if (batch.isDelete(last)) {
            rewrite.remove(file, place);
            deleted.increment();
        } else {
            rewrite.replace(file, place);
            updated.increment();
        }
        replaces[slot] = true;
        if (partial[slot]) {
            givers.put(ChangeTask.placeOf(file, place), slot);
            rewrite.want(file);
        }
    }

    /// The rows of the batch that the table gets: those that are new, those that replace one, and new ones that are
    /// made of several.
    private record Coming(int[] newRows, int newCount, int[] nextRows, int nextCount, List<Integer> mixedSlots) {}

    private Coming comingRows() {
        int[] newRows = new int[batch.slotCount()];
        int[] nextRows = new int[batch.slotCount()];
        List<Integer> mixed = new ArrayList<>();
        int newCount = 0;
        int nextCount = 0;
        for (int slot = 0; slot < batch.slotCount(); slot++) {
            int last = batch.to(slot) - 1;
            if (last < batch.from(slot)) {
                continue;
            }
            tooLate += late[slot] ? 1 : 0;
            if (late[slot] || batch.isDelete(last)) {
                continue;
            }
            if (replaces[slot] && !partial[slot]) {
                nextRows[nextCount++] = batch.row(last);
            } else if (!replaces[slot]) {
                inserted++;
                if (partial[slot]) {
                    mixed.add(slot);
                } else {
                    newRows[newCount++] = batch.row(last);
                }
            }
        }
        return new Coming(newRows, newCount, nextRows, nextCount, mixed);
    }

    private void write(Rewrite rewrite, Coming rows) {
        write(rows.nextRows(), rows.nextCount(), rewrite::update);
        write(rows.newRows(), rows.newCount(), rewrite::insert);
        List<List<@Nullable Object>> mixed = new ArrayList<>();
        rows.mixedSlots().forEach(slot -> mixed.add(mixedRow(slot, null)));
        columns.write(mixed, rewrite::insert, task.allocator());
    }

    private void write(int[] rows, int count, Consumer<Chunk> to) {
        for (int from = 0; from < count; from += Chunk.TARGET_ROWS) {
            int some = Math.min(Chunk.TARGET_ROWS, count - from);
            try (Chunk chunk = columns.rows(batch.rows(), rows, from, some, task.allocator())) {
                to.accept(chunk);
            }
        }
    }

    private void writeMixedRows(Rewrite rewrite, int file, Chunk rows, BigIntVector places) {
        if (givers.isEmpty()) {
            return;
        }
        List<List<@Nullable Object>> mixed = new ArrayList<>();
        for (int row = 0; row < rows.rowCount(); row++) {
            Integer slot = givers.get(ChangeTask.placeOf(file, places.get(row)));
            if (slot != null) {
                mixed.add(mixedRow(slot, ChangeColumns.cells(rows, row)));
            }
        }
        columns.write(mixed, rewrite::update, task.allocator());
    }

    /// The row that the events of a slot make of the table's row, or of nothing.
    private List<@Nullable Object> mixedRow(int slot, @Nullable List<@Nullable Object> old) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int column = 0; column < columns.origins().length; column++) {
            @Nullable Object value = columns.origins()[column] < 0 ? NOTHING : valueInBatch(slot, column, old);
            cells.add(!NOTHING.equals(value) ? value : old == null ? null : old.get(column));
        }
        return cells;
    }

    /// The newest value that the batch has for a column, looking back from the last event to the last deletion or to
    /// what the table knows better.
    private @Nullable Object valueInBatch(int slot, int column, @Nullable List<@Nullable Object> old) {
        int origin = columns.origins()[column];
        @Nullable Object stored = old == null ? null : old.get(columns.sequence());
        long known = stored == null ? Sequences.NONE : sequences.rank(sequences.add(stored));
        for (int event = batch.to(slot) - 1; event >= batch.from(slot); event--) {
            if (batch.isDelete(event) || batch.isTruncated(event) || isBuried(slot, event)) {
                return null;
            }
            if (batch.sequence(event) < known) {
                return NOTHING;
            }
            int row = batch.row(event);
            if (!batch.isMissing(row, origin)) {
                return Cell.read(batch.rows().column(origin), row);
            }
        }
        return NOTHING;
    }

    private void remember(List<Tombstones.Mark> marks) {
        long now = task.base().now();
        for (int slot = 0; slot < batch.slotCount(); slot++) {
            int last = batch.to(slot) - 1;
            if (last >= batch.from(slot) && !late[slot] && batch.isDelete(last)) {
                marks.add(new Tombstones.Mark(
                        task.keyOf(slot), Objects.requireNonNull(sequences.cell(batch.sequence(last))), now));
            }
        }
        batch.lastTruncation()
                .ifPresent(at -> marks.add(new Tombstones.Mark(null, Objects.requireNonNull(sequences.cell(at)), now)));
    }
}
