package dev.headrace.columns;

import dev.headrace.chunk.Memory;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.ShortType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// A column of values that all have the same number of bytes.
public final class FixedWriter extends ColumnWriter {
    private final DataType type;
    private final int width;
    private final Block dataBlock;
    private long data;

    FixedWriter(DataType type, int width, Optional<BufferAllocator> allocator) {
        super(allocator);
        this.type = type;
        this.width = width;
        this.dataBlock = new Block(allocator);
    }

    public void putByte(int row, byte value) {
        Memory.putByte(data + row, value);
        setValid(row);
    }

    public void putShort(int row, short value) {
        Memory.putShort(data + row * 2L, value);
        setValid(row);
    }

    public void putInt(int row, int value) {
        Memory.putInt(data + row * 4L, value);
        setValid(row);
    }

    public void putLong(int row, long value) {
        Memory.putLong(data + row * 8L, value);
        setValid(row);
    }

    public void putFloat(int row, float value) {
        putInt(row, Float.floatToRawIntBits(value));
    }

    public void putDouble(int row, double value) {
        putLong(row, Double.doubleToRawLongBits(value));
    }

    /// Puts a decimal whose unscaled value has 128 bits.
    public void putDecimal(int row, long high, long low) {
        Memory.putLong(data + row * 16L, low);
        Memory.putLong(data + row * 16L + 8, high);
        setValid(row);
    }

    /// Puts a decimal by its unscaled value, which has at most 38 digits.
    public void putDecimal(int row, BigInteger unscaled) {
        putDecimal(row, unscaled.shiftRight(64).longValue(), unscaled.longValue());
    }

    @Override
    public long byteCount(int rows) {
        return (long) rows * width;
    }

    @Override
    void grow(int kept, int rows) {
        dataBlock.ensure((long) rows * width, (long) kept * width);
        dataBlock.zero((long) kept * width, (long) rows * width);
        data = dataBlock.address();
    }

    @Override
    void forget(int from, int to) {
        int end = Math.min(to, capacity());
        if (from < end) {
            dataBlock.zero((long) from * width, (long) end * width);
        }
    }

    @Override
    void writeCell(int row, Object cell) {
        switch (cell) {
            case Byte value -> putByte(row, value);
            case Short value -> putShort(row, value);
            case Integer value -> putInt(row, value);
            case Long value -> putLong(row, value);
            case Float value -> putFloat(row, value);
            case Double value -> putDouble(row, value);
            default -> putDecimal(row, ((BigDecimal) cell).unscaledValue());
        }
    }

    @Override
    Object value(int row) {
        return switch (type) {
            case ByteType _ -> Memory.getByte(data + row);
            case ShortType _ -> Memory.getShort(data + row * 2L);
            case IntegerType _, DateType _, YearMonthIntervalType _ -> Memory.getInt(data + row * 4L);
            case FloatType _ -> Memory.getFloat(data + row * 4L);
            case DoubleType _ -> Memory.getDouble(data + row * 8L);
            case DecimalType(int _, int scale) -> decimal(row, scale);
            default -> Memory.getLong(data + row * 8L);
        };
    }

    private BigDecimal decimal(int row, int scale) {
        BigInteger high =
                BigInteger.valueOf(Memory.getLong(data + row * 16L + 8)).shiftLeft(64);
        long low = Memory.getLong(data + row * 16L);
        BigInteger unsignedLow = BigInteger.valueOf(low & Long.MAX_VALUE);
        return new BigDecimal(high.add(low < 0 ? unsignedLow.setBit(63) : unsignedLow), scale);
    }

    @Override
    void loadBuffers(FieldVector target, ArrowFieldNode node, ArrowBuf validity) {
        try (ArrowBuf values = dataBlock.take()) {
            data = 0;
            values.writerIndex((long) node.getLength() * width);
            target.loadFieldBuffers(node, List.of(validity, values));
        }
    }

    @Override
    void restart() {}

    @Override
    public void close() {
        super.close();
        dataBlock.close();
        data = 0;
    }
}
