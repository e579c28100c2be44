package dev.headrace.delta;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.delta.cdc.ChangeBatch;
import dev.headrace.delta.cdc.Tombstones;
import dev.headrace.exec.KeyTable;
import dev.headrace.function.CellOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
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
    private final List<List<Version>> versions = new ArrayList<>();
    private final Map<Long, Correction> corrections = new ConcurrentHashMap<>();
    private final List<Integer> wholeRows = new ArrayList<>();
    private final List<@Nullable Object> wholeRowsTo = new ArrayList<>();
    private final List<List<@Nullable Object>> mixedRows = new ArrayList<>();
    private final LongAdder ended = new LongAdder();

    /// A version of a row, in the table.
    private record Version(
            int file,
            long place,
            @Nullable Object from,
            @Nullable Object to) {}

    /// What comes to a version in the table: another end, and versions that have some of its columns.
    private record Correction(@Nullable Object to, List<Heir> heirs) {}

    /// A row of the batch that leaves columns as they were.
    private record Heir(int row, @Nullable Object to) {}

    /// What there is of a key from some sequence on.
    private sealed interface Moment {
        record Old(Version version) implements Moment {}

        record New(int row) implements Moment {}

        record End() implements Moment {}
    }

    RowHistory(ChangeTask task) {
        this.task = task;
        this.batch = task.batch();
        this.columns = task.columns();
        for (int slot = 0; slot < batch.slotCount(); slot++) {
            versions.add(new ArrayList<>(2));
        }
    }

    /// @param marks gets the deletions to remember
    RowChange.Attempt apply(List<Tombstones.Mark> marks) {
        Rewrite rewrite = task.begin();
        try {
            findVersions(rewrite);
            for (int slot = 0; slot < batch.slotCount(); slot++) {
                if (batch.to(slot) > batch.from(slot) || !batch.truncations().isEmpty()) {
                    arrange(rewrite, slot);
                }
            }
            writeWholeRows(rewrite);
            columns.write(mixedRows, rewrite::insert, task.allocator());
            if (!wholeRows.isEmpty() || !mixedRows.isEmpty() || !corrections.isEmpty()) {
                rewrite.foldSmallFiles();
            }
            rewrite.copyKept(task.tasks(), task.allocator(), (file, rows, places, gone) -> {
                rewrite.writeKept(file, rows, places, gone, task.allocator());
                correct(rewrite, file, rows, places);
            });
            remember(marks);
            Map<String, Long> metrics = new LinkedHashMap<>();
            metrics.put("numSourceRows", (long) batch.rows().rowCount());
            metrics.put("numTargetRowsInserted", (long) wholeRows.size() + mixedRows.size());
            metrics.put("numTargetRowsUpdated", ended.sum());
            return new RowChange.Attempt(rewrite, metrics, !marks.isEmpty());
        } catch (Throwable failed) {
            rewrite.close();
            throw failed;
        }
    }

    private void findVersions(Rewrite rewrite) {
        if (rewrite.candidates().length == 0) {
            return;
        }
        int keyCount = columns.keys().length;
        int[] more = {columns.sequence(), columns.validTo()};
        boolean everyRow = !batch.truncations().isEmpty();
        task.probe(rewrite, more, everyRow, (slot, rows, row, file, place) -> {
            @Nullable Object from = Cell.detach(Cell.read(rows.column(keyCount), row));
            @Nullable Object to = Cell.detach(Cell.read(rows.column(keyCount + 1), row));
            Version version = new Version(file, place, from, to);
            if (slot != KeyTable.ABSENT) {
                List<Version> ofSlot = versions.get(slot);
                synchronized (ofSlot) {
                    ofSlot.add(version);
                }
            } else {
                truncate(rewrite, version);
            }
        });
    }

    /// Ends a version of a key that the batch doesn't speak of at the first truncation after its beginning.
    private void truncate(Rewrite rewrite, Version version) {
        Optional<Object> end = batch.truncations().stream()
                .filter(at -> CellOrder.compareCells(at, version.from()) > 0)
                .filter(at -> version.to() == null || CellOrder.compareCells(at, version.to()) < 0)
                .min(CellOrder::compareCells);
        end.ifPresent(at -> correct(rewrite, version, new Correction(at, List.of())));
    }

    private void correct(Rewrite rewrite, Version version, Correction correction) {
        rewrite.replace(version.file(), version.place());
        rewrite.want(version.file());
        corrections.put(ChangeTask.placeOf(version.file(), version.place()), correction);
        ended.increment();
    }

    private TreeMap<@Nullable Object, Moment> moments(Rewrite rewrite, int slot) {
        TreeMap<@Nullable Object, Moment> moments = new TreeMap<>(CellOrder.INSTANCE);
        List<Version> ofSlot = versions.get(slot);
        for (Version version : ofSlot) {
            if (version.to() != null) {
                moments.put(version.to(), new Moment.End());
            }
        }
        task.tombstones().of(task.keys()[slot]).forEach(mark -> moments.put(mark.sequence(), new Moment.End()));
        task.tombstones().truncations().forEach(mark -> moments.put(mark.sequence(), new Moment.End()));
        batch.truncations().forEach(at -> moments.put(at, new Moment.End()));
        for (Version version : ofSlot) {
            if (moments.put(version.from(), new Moment.Old(version)) instanceof Moment.Old(Version twin)) {
                rewrite.remove(twin.file(), twin.place());
            }
        }
        for (int event = batch.from(slot); event < batch.to(slot); event++) {
            Moment moment = batch.isDelete(event) ? new Moment.End() : new Moment.New(batch.row(event));
            if (moments.put(batch.sequence(event), moment) instanceof Moment.Old(Version replaced)) {
                rewrite.remove(replaced.file(), replaced.place());
            }
        }
        return moments;
    }

    private void arrange(Rewrite rewrite, int slot) {
        List<Map.Entry<@Nullable Object, Moment>> moments =
                new ArrayList<>(moments(rewrite, slot).entrySet());
        @Nullable Moment before = null;
        List<Heir> heirs = new ArrayList<>();
        @Nullable List<@Nullable Object> cellsBefore = null;
        for (int i = 0; i < moments.size(); i++) {
            @Nullable Object to = i + 1 < moments.size() ? moments.get(i + 1).getKey() : null;
            switch (moments.get(i).getValue()) {
                case Moment.End() -> {
                    before = null;
                    cellsBefore = null;
                }
                case Moment.Old(Version version) -> {
                    heirs = heirsOf(moments, i);
                    if (!heirs.isEmpty() || !CellOrder.equalCells(version.to(), to)) {
                        correct(rewrite, version, new Correction(to, heirs));
                    }
                    before = moments.get(i).getValue();
                }
                case Moment.New(int row) -> {
                    boolean inherits = isPartial(row);
                    if (!inherits) {
                        wholeRows.add(row);
                        wholeRowsTo.add(to);
                        cellsBefore = cellsOf(row, to, null);
                        before = moments.get(i).getValue();
                    } else if (!(before instanceof Moment.Old)) {
                        cellsBefore = cellsOf(row, to, cellsBefore);
                        mixedRows.add(cellsBefore);
                        before = moments.get(i).getValue();
                    }
                }
            }
        }
    }

    /// The partial rows right behind a version.
    private List<Heir> heirsOf(List<Map.Entry<@Nullable Object, Moment>> moments, int version) {
        List<Heir> heirs = new ArrayList<>();
        for (int i = version + 1; i < moments.size(); i++) {
            if (!(moments.get(i).getValue() instanceof Moment.New(int row)) || !isPartial(row)) {
                break;
            }
            heirs.add(new Heir(row, i + 1 < moments.size() ? moments.get(i + 1).getKey() : null));
        }
        return heirs;
    }

    private boolean isPartial(int row) {
        return batch.mayMiss()
                && Arrays.stream(columns.origins()).anyMatch(origin -> origin >= 0 && batch.isMissing(row, origin));
    }

    /// A row of the batch as a version, with the columns that it leaves as they were from the version before it.
    private List<@Nullable Object> cellsOf(int row, @Nullable Object to, @Nullable List<@Nullable Object> before) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int column = 0; column < columns.origins().length; column++) {
            int origin = columns.origins()[column];
            if (column == columns.validTo()) {
                cells.add(to);
            } else if (column == columns.isCurrent()) {
                cells.add(to == null);
            } else if (origin < 0 || batch.isMissing(row, origin)) {
                cells.add(before == null ? null : before.get(column));
            } else {
                cells.add(Cell.read(batch.rows().column(origin), row));
            }
        }
        return cells;
    }

    private void writeWholeRows(Rewrite rewrite) {
        int[] rows = wholeRows.stream().mapToInt(Integer::intValue).toArray();
        for (int from = 0; from < rows.length; from += Chunk.TARGET_ROWS) {
            int some = Math.min(Chunk.TARGET_ROWS, rows.length - from);
            try (Chunk chunk = columns.rows(batch.rows(), rows, from, some, wholeRowsTo, task.allocator())) {
                rewrite.insert(chunk);
            }
        }
    }

    private void correct(Rewrite rewrite, int file, Chunk rows, BigIntVector places) {
        if (corrections.isEmpty()) {
            return;
        }
        List<List<@Nullable Object>> corrected = new ArrayList<>();
        List<List<@Nullable Object>> inherited = new ArrayList<>();
        for (int row = 0; row < rows.rowCount(); row++) {
            Correction correction = corrections.get(ChangeTask.placeOf(file, places.get(row)));
            if (correction == null) {
                continue;
            }
            List<@Nullable Object> cells = ChangeColumns.cells(rows, row);
            cells.set(columns.validTo(), correction.to());
            cells.set(columns.isCurrent(), correction.to() == null);
            corrected.add(cells);
            for (Heir heir : correction.heirs()) {
                cells = cellsOf(heir.row(), heir.to(), cells);
                inherited.add(cells);
            }
        }
        columns.write(corrected, rewrite::update, task.allocator());
        columns.write(inherited, rewrite::insert, task.allocator());
    }

    private void remember(List<Tombstones.Mark> marks) {
        long now = task.base().now();
        for (int slot = 0; slot < batch.slotCount(); slot++) {
            for (int event = batch.from(slot); event < batch.to(slot); event++) {
                if (batch.isDelete(event)) {
                    Object at = Objects.requireNonNull(Cell.detach(batch.sequence(event)));
                    marks.add(new Tombstones.Mark(task.keys()[slot], at, now));
                }
            }
        }
        batch.truncations()
                .forEach(at -> marks.add(new Tombstones.Mark(null, Objects.requireNonNull(Cell.detach(at)), now)));
    }
}
