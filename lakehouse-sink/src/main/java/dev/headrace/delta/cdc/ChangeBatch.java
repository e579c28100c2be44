package dev.headrace.delta.cdc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.errors.DataException;
import dev.headrace.exec.KeyTable;
import dev.headrace.function.CellOrder;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/// A batch of changes, sorted out by key.
///
/// Each key has a slot; each slot its events in the order in which they happened: by sequence, and by arrival where
/// that is the same. A change of a key is two events: the row of the old key goes, one of the new key comes. Owns its
/// rows until [#close].
public final class ChangeBatch implements AutoCloseable {
    private final Chunk rows;
    private final ChangeLayout layout;
    private final KeyTable keys;
    private final int[] keyOrdinals;
    private final StructType keySchema;
    private final Slice placeholder;
    private final List<Object> truncations = new ArrayList<>();

    private int eventCount;
    private int[] slotOf;
    private int[] rowOf;
    private boolean[] deletes;
    private Object[] sequences;
    private int[] ordered;
    private int[] starts;
    private @Nullable Object lastTruncation;
    private int lastTruncationArrival;

    /// @param chunks in the order in which they came; borrowed
    /// @param where names the table and the batch, for messages
    public ChangeBatch(
            List<Chunk> chunks, StructType schema, ChangeLayout layout, String where, BufferAllocator allocator) {
        this.layout = layout;
        this.placeholder = Slice.of(layout.placeholder().orElse("").getBytes(StandardCharsets.UTF_8));
        this.keyOrdinals = layout.keys().stream().mapToInt(schema::fieldIndex).toArray();
        this.keySchema = schema.select(keyOrdinals);
        this.rows = concat(chunks, schema, allocator);
        this.keys = new KeyTable(RowLayout.of(keySchema), allocator);
        int most = 2 * rows.rowCount();
        slotOf = new int[most];
        rowOf = new int[most];
        deletes = new boolean[most];
        sequences = new Object[most];
        try {
            collect(where);
            ordered = new int[eventCount];
            starts = new int[keys.slotCount() + 1];
            order();
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    private static Chunk concat(List<Chunk> chunks, StructType schema, BufferAllocator allocator) {
        List<Chunk> shared = new ArrayList<>();
        chunks.forEach(chunk -> shared.add(chunk.slice(0, chunk.rowCount())));
        return shared.isEmpty() ? Chunk.empty(schema, allocator) : Columns.concat(schema, shared, allocator);
    }

    private void collect(String where) {
        IntVector kinds = (IntVector) rows.column(ChangeLayout.KIND);
        FieldVector sequence = rows.column(ChangeLayout.SEQUENCE);
        StructVector oldKeys = (StructVector) rows.column(ChangeLayout.OLD_KEY);
        List<FieldVector> keyColumns = keyColumns();
        int[] slots = assign(keyColumns);
        int[] oldSlots = oldKeys.getNullCount() == rows.rowCount() ? slots : assign(oldKeys.getChildrenFromFields());
        for (int row = 0; row < rows.rowCount(); row++) {
            Object at = Cell.read(sequence, row);
            if (at == null) {
                throw new DataException(
                        "CHANGES_NULL_SEQUENCE",
                        where + ": the change " + textOf(row)
                                + " has no sequence, so it can't be said whether it is newer than"
                                + " what the table has. Give sequencedBy(…) a column that is never null, or filter such rows"
                                + " out.");
            }
            int kind = kinds.get(row);
            if (kind == ChangeLayout.TRUNCATE) {
                truncated(at, eventCount);
                continue;
            }
            check(kind, row, keyColumns, where);
            if (kind == ChangeLayout.UPSERT && keyHasChanged(oldKeys, row, slots[row], oldSlots[row])) {
                add(oldSlots[row], true, row, at);
            }
            add(slots[row], kind == ChangeLayout.DELETE, row, at);
        }
    }

    private void check(int kind, int row, List<FieldVector> keyColumns, String where) {
        if (kind != ChangeLayout.UPSERT && kind != ChangeLayout.DELETE) {
            throw new DataException(
                    "CHANGES_UNKNOWN_OPERATION",
                    where + ": the change " + textOf(row)
                            + " has an operation that is none of Debezium's c, r, u, d, t and m."
                            + " Filter such messages out, or see what wrote them.");
        }
        for (int i = 0; i < keyColumns.size(); i++) {
            if (keyColumns.get(i).isNull(row)) {
                throw new DataException(
                        "CHANGES_NULL_KEY",
                        where + ": the change " + textOf(row) + " has a null in the key column '"
                                + layout.keys().get(i)
                                + "', so it is not clear which row it means. Choose key columns that are never null, or"
                                + " filter such rows out. A Debezium source must send the old key with deletes (REPLICA"
                                + " IDENTITY).");
            }
        }
    }

    private String textOf(int row) {
        List<String> texts = new ArrayList<>();
        for (int ordinal : keyOrdinals) {
            texts.add(rows.schema().field(ordinal).name() + "=" + Cell.read(rows.column(ordinal), row));
        }
        texts.add("sequence=" + Cell.read(rows.column(ChangeLayout.SEQUENCE), row));
        return "(" + String.join(", ", texts) + ")";
    }

    private void truncated(Object at, int arrival) {
        truncations.add(at);
        if (lastTruncation == null || CellOrder.compareCells(at, lastTruncation) >= 0) {
            lastTruncation = at;
            lastTruncationArrival = arrival;
        }
    }

    private static boolean keyHasChanged(StructVector oldKeys, int row, int slot, int oldSlot) {
        return !oldKeys.isNull(row)
                && slot != oldSlot
                && oldKeys.getChildrenFromFields().stream().noneMatch(key -> key.isNull(row));
    }

    private void add(int slot, boolean delete, int row, Object sequence) {
        slotOf[eventCount] = slot;
        deletes[eventCount] = delete;
        rowOf[eventCount] = row;
        sequences[eventCount++] = sequence;
    }

    private int[] assign(List<FieldVector> columns) {
        int[] slots = new int[rows.rowCount()];
        keys.assign(columns, rows.rowCount(), slots);
        return slots;
    }

    private List<FieldVector> keyColumns() {
        return Arrays.stream(keyOrdinals).mapToObj(rows::column).toList();
    }

    private void order() {
        for (int event = 0; event < eventCount; event++) {
            starts[slotOf[event] + 1]++;
        }
        for (int slot = 0; slot < slotCount(); slot++) {
            starts[slot + 1] += starts[slot];
        }
        int[] next = Arrays.copyOf(starts, starts.length);
        for (int event = 0; event < eventCount; event++) {
            ordered[next[slotOf[event]]++] = event;
        }
        for (int slot = 0; slot < slotCount(); slot++) {
            if (starts[slot + 1] - starts[slot] > 1) {
                sort(starts[slot], starts[slot + 1]);
            }
        }
    }

    private void sort(int from, int to) {
        Integer[] events = new Integer[to - from];
        Arrays.setAll(events, i -> ordered[from + i]);
        Arrays.sort(events, (a, b) -> CellOrder.compareCells(sequences[a], sequences[b]));
        for (int i = 0; i < events.length; i++) {
            ordered[from + i] = events[i];
        }
    }

    /// All rows as they came, with the columns of [ChangeLayout].
    public Chunk rows() {
        return rows;
    }

    /// How many keys the batch speaks of; some may have no event.
    public int slotCount() {
        return keys.slotCount();
    }

    /// The events of a slot are those numbered `[from(slot), to(slot))`.
    public int from(int slot) {
        return starts[slot];
    }

    public int to(int slot) {
        return starts[slot + 1];
    }

    public boolean isDelete(int event) {
        return deletes[ordered[event]];
    }

    /// The row that comes with an event.
    public int row(int event) {
        return rowOf[ordered[event]];
    }

    public Object sequence(int event) {
        return sequences[ordered[event]];
    }

    /// Whether a truncation of this batch came after an event.
    public boolean isTruncated(int event) {
        if (lastTruncation == null) {
            return false;
        }
        int order = CellOrder.compareCells(sequence(event), lastTruncation);
        return order < 0 || (order == 0 && ordered[event] < lastTruncationArrival);
    }

    /// The sequences of the batch's truncations.
    public List<Object> truncations() {
        return truncations;
    }

    public Optional<Object> lastTruncation() {
        return Optional.ofNullable(lastTruncation);
    }

    /// Finds slots by key; for one thread, which closes it.
    public KeyTable.Finder finder(BufferAllocator allocator) {
        return keys.finder(allocator);
    }

    public StructType keySchema() {
        return keySchema;
    }

    /// The keys of all slots, which the caller closes.
    public Chunk keys(BufferAllocator allocator) {
        return new Chunk(keySchema, keys.keys(0, slotCount(), keySchema, allocator), slotCount());
    }

    /// Whether a row leaves a column as it was.
    ///
    /// @param column an ordinal of [#rows]
    public boolean isMissing(int row, int column) {
        FieldVector vector = rows.column(column);
        if (vector.isNull(row)) {
            return layout.ignoreNulls();
        }
        if (placeholder.isEmpty()) {
            return false;
        }
        Object value = vector instanceof org.apache.arrow.vector.BaseVariableWidthVector
                        || vector instanceof org.apache.arrow.vector.complex.ListVector
                ? Cell.read(vector, row)
                : null;
        return placeholder.equals(value)
                || (value instanceof List<?> list && list.size() == 1 && placeholder.equals(list.getFirst()));
    }

    /// Whether any column of a row may be missing; if not, no row needs to be looked at.
    public boolean mayMiss() {
        return layout.ignoreNulls() || !placeholder.isEmpty();
    }

    @Override
    public void close() {
        keys.close();
        rows.close();
    }
}
