package dev.headrace.avro;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/// Reads Avro's binary values from bytes in memory. A length that the bytes can't have is an error before memory is
/// taken for it, so that a damaged message costs no more than its size.
final class MessageDecoder extends Decoder {
    /// So many items may be said to take no bytes at all, such as nulls.
    private static final int MOST_EMPTY_ITEMS = 1 << 20;

    private final ByteBuffer in;
    /// How many items may follow yet, of all arrays and maps together.
    private long items;

    MessageDecoder(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.items = (long) bytes.length + MOST_EMPTY_ITEMS;
    }

    private byte next() throws IOException {
        require(1);
        return in.get();
    }

    private void require(long bytes) throws IOException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new EOFException(bytes + " bytes should follow, but there are " + in.remaining());
        }
    }

    private int length() throws IOException {
        long length = readLong();
        require(length);
        return (int) length;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        return next() == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new IOException("the number " + value + " is no int");
        }
        return (int) value;
    }

    @Override
    public long readLong() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte part = next();
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a number has more than 10 bytes");
    }

    @Override
    public float readFloat() throws IOException {
        require(Float.BYTES);
        return in.getFloat();
    }

    @Override
    public double readDouble() throws IOException {
        require(Double.BYTES);
        return in.getDouble();
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        Utf8 text = old == null ? new Utf8() : old;
        int length = length();
        text.setByteLength(length);
        in.get(text.getBytes(), 0, length);
        return text;
    }

    @Override
    public String readString() throws IOException {
        return readString(null).toString();
    }

    @Override
    public void skipString() throws IOException {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        byte[] bytes = new byte[length()];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public void skipBytes() throws IOException {
        skip(length());
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        require(length);
        in.get(bytes, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        skip(length);
    }

    private void skip(int length) throws IOException {
        require(length);
        in.position(in.position() + length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return items();
    }

    @Override
    public long arrayNext() throws IOException {
        return items();
    }

    @Override
    public long skipArray() throws IOException {
        return skipItems();
    }

    @Override
    public long readMapStart() throws IOException {
        return items();
    }

    @Override
    public long mapNext() throws IOException {
        return items();
    }

    @Override
    public long skipMap() throws IOException {
        return skipItems();
    }

    /// The number of items of a block. A negative one is followed by the block's size in bytes.
    private long items() throws IOException {
        long count = readLong();
        if (count < 0) {
            require(readLong());
            count = -count;
        }
        return checked(count);
    }

    private long checked(long count) throws IOException {
        if (count < 0 || count > Math.min(items, Math.max(in.remaining(), MOST_EMPTY_ITEMS))) {
            throw new IOException(count + " items should follow, but there are " + in.remaining() + " bytes");
        }
        items -= count;
        return count;
    }

    /// Passes over blocks that tell their size.
    private long skipItems() throws IOException {
        long count = readLong();
        while (count < 0) {
            skip(length());
            count = readLong();
        }
        return checked(count);
    }
}
