package dev.headrace.delta.cdc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.errors.DataException;
import dev.headrace.exec.KeyTable;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/// A batch of changes, sorted out by key.
///
/// Each key has a slot; each slot its events in the order in which they happened: by sequence, and by arrival where
/// that is the same. A change of a key is two events: the row of the old key goes, one of the new key comes. Owns its
/// rows until [#close].
public final class ChangeBatch implements AutoCloseable {
    private static final int NO_TRUNCATION = -1;
    private static final BitSet NONE = new BitSet();

    private final Chunk rows;
    private final ChangeLayout layout;
    private final KeyTable keys;
    private final int[] keyOrdinals;
    private final StructType keySchema;
    private final Slice placeholder;
    private final Sequences sequences;
    private final List<Long> truncations = new ArrayList<>();
    private final List<Integer> arrivals = new ArrayList<>();
    private final @Nullable BitSet[] missing;
    private final BitSet partial = new BitSet();

    private int eventCount;
    private int[] slotOf;
    private int[] rowOf;
    private boolean[] deletes;
    private long[] added;
    private int[] ordered;
    private int[] starts;
    private int lastTruncation = NO_TRUNCATION;
    private int lastTruncationArrival;

    /// @param chunks in the order in which they came; borrowed
    /// @param lacking by column, the rows that leave it as it was because they lack it
    /// @param where names the table and the batch, for messages
    public ChangeBatch(
            List<Chunk> chunks,
            StructType schema,
            ChangeLayout layout,
            Map<String, BitSet> lacking,
            String where,
            BufferAllocator allocator) {
        this.layout = layout;
        this.placeholder = Slice.of(layout.placeholder().orElse("").getBytes(StandardCharsets.UTF_8));
        this.keyOrdinals = layout.keys().stream().mapToInt(schema::fieldIndex).toArray();
        this.keySchema = schema.select(keyOrdinals);
        this.sequences = new Sequences(schema.field(ChangeLayout.SEQUENCE).dataType());
        this.missing = new BitSet[schema.size()];
        this.rows = concat(chunks, schema, allocator);
        this.keys = new KeyTable(RowLayout.of(keySchema), allocator);
        int most = 2 * rows.rowCount();
        slotOf = new int[most];
        rowOf = new int[most];
        deletes = new boolean[most];
        added = new long[most];
        try {
            collect(where);
            findMissing(lacking, where);
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
        chunks.forEach(chunk -> shared.add(chunk.withSchema(schema)));
        return shared.isEmpty() ? Chunk.empty(schema, allocator) : Columns.concat(schema, shared, allocator);
    }

    private void collect(String where) {
        IntVector kinds = (IntVector) rows.column(ChangeLayout.KIND);
        FieldVector sequence = rows.column(ChangeLayout.SEQUENCE);
        List<FieldVector> oldKeys = rows.columns().subList(ChangeLayout.OLD_KEY, layout.row());
        List<FieldVector> keyColumns = keyColumns();
        int[] slots = assign(keyColumns);
        boolean noOldKeys = oldKeys.stream().anyMatch(key -> key.getNullCount() == rows.rowCount());
        int[] oldSlots = noOldKeys ? slots : assign(oldKeys);
        for (int row = 0; row < rows.rowCount(); row++) {
            long at = sequences.add(sequence, row);
            if (sequence.isNull(row)) {
                throw new DataException(
                        "CHANGES_NULL_SEQUENCE",
                        where + ": the change " + textOf(row)
                                + " has no sequence, so it can't be said whether it is newer than"
                                + " what the table has. Give sequencedBy(…) a column that is never null, or filter such rows"
                                + " out.");
            }
            if (sequences.areRanks() && (at == Sequences.NONE || at == Sequences.NEVER)) {
                throw new DataException(
                        "CHANGES_SEQUENCE_RANGE",
                        where + ": the sequence of the change " + textOf(row)
                                + " is the smallest or largest number of its type, which stands for no sequence here. Give"
                                + " sequencedBy(…) a column with real positions, or filter such rows out.");
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
        if (kind != ChangeLayout.UPSERT
                && kind != ChangeLayout.INSERT
                && kind != ChangeLayout.DELETE
                && kind != ChangeLayout.PATCH) {
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

    private void truncated(long at, int arrival) {
        truncations.add(at);
        arrivals.add(arrival);
    }

    private static boolean keyHasChanged(List<FieldVector> oldKeys, int row, int slot, int oldSlot) {
        return slot != oldSlot && oldKeys.stream().noneMatch(key -> key.isNull(row));
    }

    private void add(int slot, boolean delete, int row, long sequence) {
        slotOf[eventCount] = slot;
        deletes[eventCount] = delete;
        rowOf[eventCount] = row;
        added[eventCount++] = sequence;
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
        sequences.seal();
        for (int i = 0; i < truncations.size(); i++) {
            if (lastTruncation == NO_TRUNCATION || truncation(i) >= truncation(lastTruncation)) {
                lastTruncation = i;
                lastTruncationArrival = arrivals.get(i);
            }
        }
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

    /// Sorts by sequence, keeping the order of arrival: most slots have a few events, and those in order.
    private void sort(int from, int to) {
        boolean inOrder = true;
        for (int i = from + 1; inOrder && i < to; i++) {
            inOrder = sequence(i - 1) <= sequence(i);
        }
        if (inOrder) {
            return;
        }
        Integer[] events = new Integer[to - from];
        Arrays.setAll(events, i -> ordered[from + i]);
        Arrays.sort(events, (a, b) -> Long.compare(sequences.rank(added[a]), sequences.rank(added[b])));
        for (int i = 0; i < events.length; i++) {
            ordered[from + i] = events[i];
        }
    }

    /// Notes which rows leave which columns as they were.
    private void findMissing(Map<String, BitSet> lacking, String where) {
        BitSet patches = patches();
        if (layout.ignoreNulls().isEmpty() && placeholder.isEmpty() && patches.isEmpty() && lacking.isEmpty()) {
            return;
        }
        for (int column = layout.row(); column < rows.columnCount(); column++) {
            boolean nulls =
                    layout.ignoreNulls().contains(rows.schema().field(column).name());
            BitSet ofColumn = nulls(rows.column(column), nulls, patches);
            BitSet placeholders = placeholders(rows.column(column));
            checkKnown(placeholders, column, where);
            ofColumn.or(placeholders);
            ofColumn.or(lacking.getOrDefault(rows.schema().field(column).name(), NONE));
            if (!ofColumn.isEmpty()) {
                missing[column] = ofColumn;
            }
        }
    }

    /// The rows that say nothing of columns in which they have a null.
    private BitSet patches() {
        IntVector kinds = (IntVector) rows.column(ChangeLayout.KIND);
        BitSet patches = new BitSet();
        for (int row = 0; row < rows.rowCount(); row++) {
            if (kinds.get(row) == ChangeLayout.PATCH) {
                patches.set(row);
            }
        }
        return patches;
    }

    private BitSet nulls(FieldVector vector, boolean all, BitSet patches) {
        BitSet found = new BitSet();
        if ((all || !patches.isEmpty()) && vector.getNullCount() > 0) {
            for (int row = 0; row < rows.rowCount(); row++) {
                if (vector.isNull(row) && (all || patches.get(row))) {
                    found.set(row);
                }
            }
        }
        return found;
    }

    private BitSet placeholders(FieldVector vector) {
        BitSet found = new BitSet();
        if (placeholder.isEmpty()) {
            return found;
        }
        switch (vector) {
            case BaseVariableWidthVector texts -> findPlaceholders(texts, found);
            case ListVector lists -> {
                for (int row = 0; row < rows.rowCount(); row++) {
                    if (Cell.read(lists, row) instanceof List<?> list
                            && list.size() == 1
                            && placeholder.equals(list.getFirst())) {
                        found.set(row);
                    }
                }
            }
            default -> {}
        }
        return found;
    }

    /// A new row has nothing that could stay as it was: its value is in no message.
    private void checkKnown(BitSet placeholders, int column, String where) {
        IntVector kinds = (IntVector) rows.column(ChangeLayout.KIND);
        for (int row = placeholders.nextSetBit(0); row >= 0; row = placeholders.nextSetBit(row + 1)) {
            if (kinds.get(row) == ChangeLayout.INSERT) {
                String name = rows.schema().field(column).name();
                throw new DataException(
                        "CHANGES_VALUE_UNKNOWN",
                        where + ": the new row " + textOf(row) + " has '"
                                + layout.placeholder().orElse("") + "' for its column '" + name
                                + "': the key of a row was changed that holds a large value, and PostgreSQL does not tell the"
                                + " value again. Let it tell whole rows (ALTER TABLE ... REPLICA IDENTITY FULL); to get past"
                                + " messages that are there, replace the value in 'after' before applyChanges.");
            }
        }
    }

    private void findPlaceholders(BaseVariableWidthVector texts, BitSet found) {
        long offsets = texts.getOffsetBuffer().memoryAddress();
        for (int row = 0; row < rows.rowCount(); row++) {
            int length = Memory.getInt(offsets + 4L * (row + 1)) - Memory.getInt(offsets + 4L * row);
            if (length == placeholder.length() && placeholder.equals(Cell.read(texts, row))) {
                found.set(row);
            }
        }
    }

    /// Says which columns of the rows the table has: a row that leaves one of those as it was is partial.
    ///
    /// @param columns ordinals of [#rows]; negative ones are passed over
    public void use(int[] columns) {
        partial.clear();
        for (int column : columns) {
            @Nullable BitSet ofColumn = column < 0 ? null : missing[column];
            if (ofColumn != null) {
                partial.or(ofColumn);
            }
        }
    }

    /// Whether a row leaves a column of the table as it was.
    public boolean isPartial(int row) {
        return partial.get(row);
    }

    /// The sequences of the batch, to which those of the table may be added.
    public Sequences sequences() {
        return sequences;
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

    /// The rank of an event's sequence.
    public long sequence(int event) {
        return sequences.rank(added[ordered[event]]);
    }

    /// Whether a truncation of this batch came after an event.
    public boolean isTruncated(int event) {
        if (lastTruncation == NO_TRUNCATION) {
            return false;
        }
        long at = sequence(event);
        long truncated = truncation(lastTruncation);
        return at < truncated || (at == truncated && ordered[event] < lastTruncationArrival);
    }

    private long truncation(int number) {
        return sequences.rank(truncations.get(number));
    }

    /// The ranks of the sequences of the batch's truncations.
    public long[] truncations() {
        return IntStream.range(0, truncations.size())
                .mapToLong(this::truncation)
                .toArray();
    }

    /// The rank of the last truncation's sequence.
    public OptionalLong lastTruncation() {
        return lastTruncation == NO_TRUNCATION ? OptionalLong.empty() : OptionalLong.of(truncation(lastTruncation));
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
        @Nullable BitSet ofColumn = missing[column];
        return ofColumn != null && ofColumn.get(row);
    }

    @Override
    public void close() {
        keys.close();
        rows.close();
    }
}
