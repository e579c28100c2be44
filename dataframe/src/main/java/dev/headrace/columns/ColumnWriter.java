package dev.headrace.columns;

import dev.headrace.chunk.Memory;
import dev.headrace.errors.ResourceException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/// A column being written.
///
/// Rows are written in ascending order, each at most once unless it is [cleared][#clear] before; a row that is not
/// written is null. Before a row is written, [#ensure] must have made room for it: the put methods of the subclasses
/// check nothing. [#load] moves the rows into a vector and empties the writer, which can then be used again. Used by
/// one thread.
public abstract sealed class ColumnWriter implements AutoCloseable
        permits FixedWriter, BitWriter, BytesWriter, ListWriter, StructWriter, NullWriter {

    /// The largest int of whole words of the validity bitmap.
    private static final int MAX_ROWS = Integer.MAX_VALUE - 63;

    private final Block validityBlock;
    /// The address of the validity bitmap.
    private long validity;

    private int capacity;

    ColumnWriter(Optional<BufferAllocator> allocator) {
        this.validityBlock = new Block(allocator);
    }

    /// A writer for columns of a type.
    ///
    /// @param allocator for the memory; without one, it is the garbage collector's, and the column can be read with
    ///     [#read] but not be made a vector
    public static ColumnWriter of(DataType type, Optional<BufferAllocator> allocator) {
        return switch (type) {
            case NullType _ -> new NullWriter(allocator);
            case BooleanType _ -> new BitWriter(allocator);
            case ByteType _ -> new FixedWriter(type, 1, allocator);
            case ShortType _ -> new FixedWriter(type, 2, allocator);
            case IntegerType _, FloatType _, DateType _, YearMonthIntervalType _ -> new FixedWriter(type, 4, allocator);
            case LongType _, DoubleType _, TimestampType _, TimestampNTZType _, DayTimeIntervalType _ ->
                new FixedWriter(type, 8, allocator);
            case DecimalType _ -> new FixedWriter(type, 16, allocator);
            case StringType _, BinaryType _, VariantType _ -> new BytesWriter(allocator);
            case ArrayType(DataType element, boolean _) -> new ListWriter(of(element, allocator), false, allocator);
            case MapType(DataType key, DataType value, boolean _) ->
                new ListWriter(struct(List.of(key, value), allocator), true, allocator);
            case StructType struct ->
                struct(struct.fieldList().stream().map(StructField::dataType).toList(), allocator);
        };
    }

    private static StructWriter struct(List<DataType> fields, Optional<BufferAllocator> allocator) {
        return new StructWriter(fields.stream().map(type -> of(type, allocator)).toList(), allocator);
    }

    /// The number of rows there is room for.
    public final int capacity() {
        return capacity;
    }

    /// Makes room for at least `rows` rows.
    ///
    /// @throws ResourceException `COLUMN_TOO_LARGE`
    public final void ensure(int rows) {
        if (rows <= capacity) {
            return;
        }
        if (rows > MAX_ROWS) {
            throw new ResourceException(
                    "COLUMN_TOO_LARGE",
                    "One column of one chunk, or the elements of its arrays, needs more than " + MAX_ROWS
                            + " values. Are single arrays that large? Read fewer rows at a time.");
        }
        int old = capacity;
        int grown = Math.max(64, rows > old * 2L ? rows : (int) Math.min(MAX_ROWS, old * 2L));
        int words = (grown + 63) >>> 6;
        int oldWords = (old + 63) >>> 6;
        validityBlock.ensure(words * 8L, oldWords * 8L);
        validityBlock.zero(oldWords * 8L, words * 8L);
        validity = validityBlock.address();
        capacity = words << 6;
        grow(old, capacity);
    }

    /// Makes room for `rows` rows, keeping `kept` of them.
    abstract void grow(int kept, int rows);

    /// About how many bytes the first `rows` rows have, which are those that were written.
    public abstract long byteCount(int rows);

    /// Says that the row holds a value.
    final void setValid(int row) {
        Memory.setBit(validity, row);
    }

    /// Whether the row holds a value.
    public final boolean isValid(int row) {
        return row < capacity && Memory.bit(validity, row);
    }

    /// Makes rows null that were written, or partly written: the last ones written so far, and those after.
    public final void clear(int from, int to) {
        for (int row = from; row < Math.min(to, capacity); row++) {
            long address = validity + (row >>> 3);
            Memory.putByte(address, (byte) (Memory.getByte(address) & ~(1 << (row & 7))));
        }
        forget(from, to);
    }

    /// As [#clear], for what the column holds beside the validity.
    abstract void forget(int from, int to);

    /// The value as [dev.headrace.chunk.Cell] describes it, independent of this writer.
    public final @Nullable Object read(int row) {
        return isValid(row) ? value(row) : null;
    }

    abstract Object value(int row);

    /// Writes a row as [dev.headrace.chunk.Cell] describes its value; null leaves it null.
    public final void write(int row, @Nullable Object cell) {
        if (cell != null) {
            writeCell(row, cell);
        }
    }

    abstract void writeCell(int row, Object cell);

    /// Moves the first `rows` rows into an empty vector of this column's type; the writer is empty afterwards. Rows
    /// must not have been written beyond.
    public final void load(FieldVector target, int rows) {
        ensure(rows);
        int nulls = rows - validCount(rows);
        try (ArrowBuf bits = validityBlock.take()) {
            validity = 0;
            capacity = 0;
            loadBuffers(target, new ArrowFieldNode(rows, nulls), bits);
        }
    }

    abstract void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity);

    private int validCount(int rows) {
        int count = 0;
        int words = rows >>> 6;
        for (int i = 0; i < words; i++) {
            count += Long.bitCount(Memory.getLong(validity + i * 8L));
        }
        if ((rows & 63) != 0) {
            count += Long.bitCount(Memory.getLong(validity + words * 8L) & (1L << (rows & 63)) - 1);
        }
        return count;
    }

    /// Empties the writer and keeps its memory.
    public final void reset() {
        validityBlock.zero(0, ((capacity + 63) >>> 6) * 8L);
        restart();
    }

    /// As [#reset], for what the column holds beside the validity.
    abstract void restart();

    /// Frees the memory; what was written is lost.
    @Override
    public void close() {
        validityBlock.close();
        validity = 0;
        capacity = 0;
    }
}
