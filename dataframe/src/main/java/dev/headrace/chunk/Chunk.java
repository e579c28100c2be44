package dev.headrace.chunk;

import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Rows as Arrow columns in memory: what operators pass to each other.
///
/// A chunk owns its vectors; [#close] frees them. Columns go by ordinal. Each vector's value count is the chunk's row
/// count, and its type is the one [ArrowTypes] gives for the schema. A chunk does not change once it is built. A chunk
/// passed as an argument is borrowed for the call unless the method says that it takes it over.
public final class Chunk implements AutoCloseable {
    /// The number of rows that sources and operators aim for.
    public static final int TARGET_ROWS = 8192;

    private final StructType schema;
    private final List<FieldVector> columns;
    private final int rowCount;

    /// Takes over the vectors.
    public Chunk(StructType schema, List<? extends FieldVector> columns, int rowCount) {
        if (schema.size() != columns.size()) {
            throw new IllegalArgumentException(columns.size() + " columns for the schema " + schema.simpleString());
        }
        this.schema = schema;
        this.columns = List.copyOf(columns);
        this.rowCount = rowCount;
    }

    /// No rows.
    public static Chunk empty(StructType schema, BufferAllocator allocator) {
        List<FieldVector> columns = Columns.make(
                schema.size(), i -> ArrowTypes.field(schema.field(i)).createVector(allocator));
        return new Chunk(schema, columns, 0);
    }

    /// Lends chunks one after the other, and closes each behind that; if one fails, those that follow, too.
    public static void lendEach(List<Chunk> chunks, Consumer<Chunk> use) {
        try {
            for (Chunk chunk : chunks) {
                use.accept(chunk);
                chunk.close();
            }
        } catch (Throwable failed) {
            Closing.all(chunks);
            throw failed;
        }
    }

    /// Makes a chunk of each, which are taken over; if one fails, those that have been made are closed, too.
    public static List<Chunk> mapEach(List<Chunk> chunks, UnaryOperator<Chunk> make) {
        List<Chunk> made = new ArrayList<>();
        try {
            lendEach(chunks, chunk -> made.add(make.apply(chunk)));
            return made;
        } catch (Throwable failed) {
            Closing.all(made);
            throw failed;
        }
    }

    public StructType schema() {
        return schema;
    }

    public int rowCount() {
        return rowCount;
    }

    public int columnCount() {
        return columns.size();
    }

    /// The vector of a column; it stays the chunk's.
    public FieldVector column(int ordinal) {
        return columns.get(ordinal);
    }

    public DataType type(int ordinal) {
        return schema.field(ordinal).dataType();
    }

    /// The vectors in order; they stay the chunk's.
    public List<FieldVector> columns() {
        return columns;
    }

    /// Another owner of the same memory: a vector that shares the buffers of this chunk's column, without a copy. The
    /// caller closes it.
    public FieldVector share(int ordinal) {
        return share(ordinal, rowCount);
    }

    /// As [#share], of the first `count` rows only.
    public FieldVector share(int ordinal, int count) {
        FieldVector column = columns.get(ordinal);
        return Columns.share(column, 0, count, column.getAllocator());
    }

    /// The rows `[from, from + count)`, sharing this chunk's memory where Arrow can. The caller closes it.
    public Chunk slice(int from, int count) {
        return new Chunk(
                schema,
                Columns.make(
                        columns.size(),
                        i -> Columns.share(column(i), from, count, column(i).getAllocator())),
                count);
    }

    /// The same rows, sharing this chunk's memory, which counts towards another allocator as long as that uses it. The
    /// caller closes it.
    public Chunk sharedWith(BufferAllocator allocator) {
        return new Chunk(
                schema, Columns.make(columns.size(), i -> Columns.share(column(i), 0, rowCount, allocator)), rowCount);
    }

    /// The columns at these ordinals, sharing this chunk's memory. The caller closes it.
    public Chunk select(int... ordinals) {
        return new Chunk(schema.select(ordinals), Columns.make(ordinals.length, i -> share(ordinals[i])), rowCount);
    }

    /// The same rows under other names. The result owns the memory jointly with this chunk; both are closed.
    public Chunk withSchema(StructType renamed) {
        return new Chunk(renamed, Columns.make(columns.size(), this::share), rowCount);
    }

    /// The bytes of the buffers that the rows occupy.
    public long sizeInBytes() {
        long bytes = 0;
        for (FieldVector column : columns) {
            bytes += column.getBufferSize();
        }
        return bytes;
    }

    @Override
    public void close() {
        Closing.all(columns);
    }
}
