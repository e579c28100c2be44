package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import java.io.InputStream;

/// Bytes in memory as a stream, for the parsers of page headers.
final class MemoryInput extends InputStream {
    private final long from;
    private final int length;
    private int position;
    private boolean ended;

    MemoryInput(long from, int length) {
        this.from = from;
        this.length = length;
    }

    /// How many bytes have been taken.
    int position() {
        return position;
    }

    /// Whether more was asked for than there is.
    boolean ended() {
        return ended;
    }

    @Override
    public int read() {
        if (position == length) {
            ended = true;
            return -1;
        }
        return Memory.getByte(from + position++) & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
        int take = Math.min(count, length - position);
        if (take == 0 && count > 0) {
            ended = true;
            return -1;
        }
        Memory.copy(null, from + position, into, Memory.BYTES + offset, take);
        position += take;
        return take;
    }

    @Override
    public int available() {
        return length - position;
    }
}
