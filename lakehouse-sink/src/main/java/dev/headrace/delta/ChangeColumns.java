package dev.headrace.delta;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.delta.cdc.Sequences;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Where the columns of a table that changes are applied to come from.
///
/// @param table the table's columns
/// @param origins for each of them an ordinal of the changes' rows, or [#VALID_TO], [#IS_CURRENT] or [#ABSENT]
/// @param keys the ordinals of the key columns in the table
/// @param sequence the ordinal of the column that holds a row's sequence; with history, since when the row is valid
/// @param validTo the ordinal of the column that says until when a row is valid; -1 without history
/// @param isCurrent the ordinal of the column that says whether a row is valid now; -1 without history
record ChangeColumns(StructType table, int[] origins, int[] keys, int sequence, int validTo, int isCurrent) {
    static final String VALID_FROM = "valid_from";
    static final String VALID_TO_NAME = "valid_to";
    static final String IS_CURRENT_NAME = "is_current";

    private static final int ABSENT = -1;
    private static final int VALID_TO = -2;
    private static final int IS_CURRENT = -3;

    /// The columns of a new table for changes.
    ///
    /// @param changes the schema of the changes
    static StructType forNewTable(StructType changes, ChangeLayout layout) {
        List<StructField> fields = new ArrayList<>(changes.fieldList().subList(layout.row(), changes.size()));
        DataType sequence = changes.field(ChangeLayout.SEQUENCE).dataType();
        if (layout.history()) {
            fields.add(new StructField(VALID_FROM, sequence, true));
            fields.add(new StructField(VALID_TO_NAME, sequence, true));
            fields.add(new StructField(IS_CURRENT_NAME, DataTypes.BooleanType, true));
        } else if (find(new StructType(fields), layout.sequenceColumn()) == ABSENT) {
            fields.add(new StructField(layout.sequenceColumn(), sequence, true));
        }
        return new StructType(fields);
    }

    /// @param place the table, for messages
    /// @throws dev.headrace.errors.QueryException `DELTA_SCHEMA_MISMATCH` that names the column
    static ChangeColumns of(String place, TableMetadata metadata, StructType changes, ChangeLayout layout) {
        TableSchema.fit(place, metadata, forNewTable(changes, layout));
        StructType table = metadata.schema();
        String sequence = layout.history() ? VALID_FROM : layout.sequenceColumn();
        int[] origins = new int[table.size()];
        for (int i = 0; i < origins.length; i++) {
            origins[i] = origin(table.field(i).name(), sequence, changes, layout);
        }
        return new ChangeColumns(
                table,
                origins,
                layout.keys().stream().mapToInt(key -> find(table, key)).toArray(),
                find(table, sequence),
                layout.history() ? find(table, VALID_TO_NAME) : -1,
                layout.history() ? find(table, IS_CURRENT_NAME) : -1);
    }

    private static int origin(String name, String sequence, StructType changes, ChangeLayout layout) {
        if (name.equalsIgnoreCase(sequence)) {
            return ChangeLayout.SEQUENCE;
        }
        if (layout.history() && name.equalsIgnoreCase(VALID_TO_NAME)) {
            return VALID_TO;
        }
        if (layout.history() && name.equalsIgnoreCase(IS_CURRENT_NAME)) {
            return IS_CURRENT;
        }
        for (int i = layout.row(); i < changes.size(); i++) {
            if (changes.field(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return ABSENT;
    }

    private static int find(StructType schema, String name) {
        for (int i = 0; i < schema.size(); i++) {
            if (schema.field(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return ABSENT;
    }

    /// Whether the table gives a column's numbers, and keeps them.
    boolean isNumbered(int column) {
        return origins[column] < 0 && IdentityColumn.isIdentity(table.field(column));
    }

    /// Whether rows of the changes are not all that a row of the table is, since it has a number, too.
    boolean haveNumbers() {
        return IntStream.range(0, origins.length).anyMatch(this::isNumbered);
    }

    /// About how much some rows take in a file.
    long bytesOf(long rows) {
        return rows * table.size() * Long.BYTES;
    }

    /// Rows of the table made of rows of the changes. The caller closes the chunk.
    Chunk rows(Chunk changes, int[] rows, int from, int count, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        for (int i = 0; i < origins.length; i++) {
            vectors.add(
                    origins[i] < 0
                            ? empty(i, count, allocator)
                            : Columns.gather(changes.column(origins[i]), rows, from, count, allocator));
        }
        return new Chunk(table, vectors, count);
    }

    /// Versions for the table made of rows of the changes. The caller closes the chunk.
    ///
    /// @param ends the ranks until which the rows are valid, at the same indexes
    Chunk versions(
            Chunk changes,
            int[] rows,
            int from,
            int count,
            long[] ends,
            Sequences sequences,
            BufferAllocator allocator) {
        try (Chunk open = rows(changes, rows, from, count, allocator)) {
            int[] all = new int[count];
            Arrays.setAll(all, i -> i);
            return withEnds(open, all, count, Arrays.copyOfRange(ends, from, from + count), sequences, allocator);
        }
    }

    /// Versions of the table some of which end elsewhere. The caller closes the chunk; the other one is borrowed.
    ///
    /// @param which the rows with another end, ascending
    /// @param ends the ranks of their ends
    Chunk withEnds(
            Chunk versions, int[] which, int count, long[] ends, Sequences sequences, BufferAllocator allocator) {
        int[] all = new int[versions.rowCount()];
        Arrays.setAll(all, i -> i);
        List<FieldVector> vectors = new ArrayList<>();
        for (int i = 0; i < origins.length; i++) {
            if (i == validTo) {
                vectors.add(ends(versions.column(i), all, which, count, ends, sequences, allocator));
            } else if (i == isCurrent) {
                BitVector flags = (BitVector) Columns.gather(versions.column(i), all, 0, all.length, allocator);
                for (int row = 0; row < count; row++) {
                    flags.set(which[row], ends[row] == Sequences.NEVER ? 1 : 0);
                }
                vectors.add(flags);
            } else {
                vectors.add(versions.share(i));
            }
        }
        return new Chunk(table, vectors, versions.rowCount());
    }

    private static FieldVector ends(
            FieldVector old,
            int[] all,
            int[] which,
            int count,
            long[] ends,
            Sequences sequences,
            BufferAllocator allocator) {
        if (sequences.areFixedWidth()) {
            FieldVector changed = Columns.gather(old, all, 0, all.length, allocator);
            for (int i = 0; i < count; i++) {
                sequences.write(changed, which[i], ends[i]);
            }
            return changed;
        }
        FieldVector changed = old.getField().createVector(allocator);
        changed.setInitialCapacity(Math.max(1, all.length));
        changed.allocateNew();
        int next = 0;
        for (int row = 0; row < all.length; row++) {
            if (next < count && which[next] == row) {
                sequences.write(changed, row, ends[next++]);
            } else {
                Cell.write(changed, row, Cell.read(old, row));
            }
        }
        changed.setValueCount(all.length);
        return changed;
    }

    private FieldVector empty(int column, int count, BufferAllocator allocator) {
        return cells(column, new ArrayList<>(Arrays.asList(new @Nullable Object[count])), allocator);
    }

    private FieldVector cells(int column, List<? extends @Nullable Object> cells, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector(
                table.field(column).name(), table.field(column).dataType(), allocator);
        vector.setInitialCapacity(Math.max(1, cells.size()));
        vector.allocateNew();
        for (int row = 0; row < cells.size(); row++) {
            Cell.write(vector, row, cells.get(row));
        }
        vector.setValueCount(cells.size());
        return vector;
    }

    /// A row of the table as cells, which point into the chunk.
    static List<@Nullable Object> cells(Chunk rows, int row) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < rows.columnCount(); i++) {
            cells.add(Cell.read(rows.column(i), row));
        }
        return cells;
    }

    /// Gives rows of the table to where they are written.
    void write(List<? extends List<? extends @Nullable Object>> rows, Consumer<Chunk> to, BufferAllocator allocator) {
        if (rows.isEmpty()) {
            return;
        }
        try (ChunkBuilder builder = new ChunkBuilder(table, allocator)) {
            rows.forEach(builder::add);
            try (Chunk chunk = builder.build()) {
                to.accept(chunk);
            }
        }
    }
}
