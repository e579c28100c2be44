package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Decodes values that are runs of bytes, as *views*: where each value lies relative to [#base], in the upper 32 bits,
/// and its length, in the lower 32.
///
/// Views stay valid until the next [#start]. One thread.
public abstract sealed class BytesDecoder implements AutoCloseable {
    /// Where the views' offsets count from.
    long base;

    /// Begins a page.
    ///
    /// @param values how many values the page holds at most
    public abstract void start(long from, long end, int values);

    /// Reads the next `count` values' views.
    public abstract void read(long[] views, int offset, int count);

    public abstract void skip(int count);

    public final long base() {
        return base;
    }

    @Override
    public void close() {}

    public static int length(long view) {
        return (int) view;
    }

    static long view(long offset, int length) {
        return offset << 32 | length;
    }

    /// PLAIN: each value after its length in four bytes.
    public static final class Plain extends BytesDecoder {
        private long at;
        private long end;

        @Override
        public void start(long from, long end, int values) {
            this.base = from;
            this.at = from;
            this.end = end;
        }

        @Override
        public void read(long[] views, int offset, int count) {
            long position = at;
            for (int i = offset; i < offset + count; i++) {
                int length = lengthAt(position);
                views[i] = view(position + 4 - base, length);
                position += 4L + length;
            }
            at = position;
        }

        @Override
        public void skip(int count) {
            for (int i = 0; i < count; i++) {
                at += 4L + lengthAt(at);
            }
        }

        private int lengthAt(long position) {
            int length = position + 4 <= end ? Memory.getInt(position) : -1;
            if (length < 0 || position + 4 + length > end) {
                throw new MalformedPageException("a value goes beyond the end of its page");
            }
            return length;
        }
    }

    /// PLAIN of values that all have the same length.
    public static final class PlainFixed extends BytesDecoder {
        private final int length;
        private long at;
        private long end;

        public PlainFixed(int length) {
            this.length = length;
        }

        @Override
        public void start(long from, long end, int values) {
            this.base = from;
            this.at = from;
            this.end = end;
        }

        @Override
        public void read(long[] views, int offset, int count) {
            long first = at - base;
            skip(count);
            for (int i = 0; i < count; i++) {
                views[offset + i] = view(first + (long) i * length, length);
            }
        }

        @Override
        public void skip(int count) {
            at += (long) count * length;
            if (at > end) {
                throw new MalformedPageException("the values go beyond the end of their page");
            }
        }
    }

    /// BYTE_STREAM_SPLIT of values that all have the same length.
    public static final class SplitFixed extends BytesDecoder {
        private final int length;
        private final NativeBuffer joined;
        private int next;
        private int total;

        public SplitFixed(int length, BufferAllocator allocator) {
            this.length = length;
            this.joined = new NativeBuffer(allocator);
        }

        @Override
        public void start(long from, long end, int values) {
            total = (int) ((end - from) / length);
            next = 0;
            base = joined.reserve((long) total * length).memoryAddress();
            for (int k = 0; k < length; k++) {
                long stream = from + (long) k * total;
                for (int i = 0; i < total; i++) {
                    Memory.putByte(base + (long) i * length + k, Memory.getByte(stream + i));
                }
            }
        }

        @Override
        public void read(long[] views, int offset, int count) {
            int first = next;
            skip(count);
            for (int i = 0; i < count; i++) {
                views[offset + i] = view((long) (first + i) * length, length);
            }
        }

        @Override
        public void skip(int count) {
            next += count;
            if (next > total) {
                throw new MalformedPageException("the page ends " + (next - total) + " values too early");
            }
        }

        @Override
        public void close() {
            joined.close();
        }
    }

    /// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
    public static final class DeltaLength extends BytesDecoder {
        private final DeltaDecoder delta = new DeltaDecoder();
        private int[] lengths = new int[0];
        private int next;
        private int total;
        private long at;
        private long end;

        @Override
        public void start(long from, long end, int values) {
            delta.start(from, end);
            total = delta.left();
            if (total > values) {
                throw new MalformedPageException(total + " lengths in a page of " + values + " values");
            }
            if (lengths.length < total) {
                lengths = new int[total];
            }
            delta.readLengths(lengths, 0, total);
            this.base = delta.position();
            this.at = base;
            this.end = end;
            this.next = 0;
        }

        @Override
        public void read(long[] views, int offset, int count) {
            check(count);
            long position = at - base;
            for (int i = 0; i < count; i++) {
                int length = lengths[next + i];
                views[offset + i] = view(position, length);
                position += length;
            }
            advance(position, count);
        }

        @Override
        public void skip(int count) {
            check(count);
            long position = at - base;
            for (int i = 0; i < count; i++) {
                position += lengths[next + i];
            }
            advance(position, count);
        }

        private void check(int count) {
            if (next + count > total) {
                throw new MalformedPageException("the page ends " + (next + count - total) + " values too early");
            }
        }

        private void advance(long position, int count) {
            next += count;
            at = base + position;
            if (at > end) {
                throw new MalformedPageException("the values go beyond the end of their page");
            }
        }
    }

    /// DELTA_BYTE_ARRAY: each value as the length of what it shares with the one before, and the rest.
    ///
    /// A page is joined to whole values when it begins, because each needs the one before.
    public static final class DeltaStrings extends BytesDecoder {
        private final DeltaDecoder prefixes = new DeltaDecoder();
        private final DeltaLength suffixes = new DeltaLength();
        private final NativeBuffer joined;
        private int[] prefixLengths = new int[0];
        private long[] whole = new long[0];
        private int next;
        private int total;

        public DeltaStrings(BufferAllocator allocator) {
            this.joined = new NativeBuffer(allocator);
        }

        @Override
        public void start(long from, long end, int values) {
            prefixes.start(from, end);
            total = prefixes.left();
            next = 0;
            if (total > values) {
                throw new MalformedPageException(total + " prefixes in a page of " + values + " values");
            }
            if (whole.length < total) {
                whole = new long[total];
                prefixLengths = new int[total];
            }
            prefixes.readLengths(prefixLengths, 0, total);
            suffixes.start(prefixes.position(), end, total);
            suffixes.read(whole, 0, total);
            join();
        }

        private void join() {
            long bytes = 0;
            int before = 0;
            for (int i = 0; i < total; i++) {
                if (prefixLengths[i] > before) {
                    throw new MalformedPageException("a value shares more than the one before has");
                }
                before = prefixLengths[i] + length(whole[i]);
                bytes += before;
                if (bytes > Integer.MAX_VALUE) {
                    throw new MalformedPageException("a page holds more than 2 GiB of values");
                }
            }
            ArrowBuf out = joined.reserve(bytes);
            base = out.memoryAddress();
            long at = base;
            long previous = base;
            for (int i = 0; i < total; i++) {
                int suffix = length(whole[i]);
                long from = suffixes.base() + (whole[i] >>> 32);
                Memory.copy(null, previous, null, at, prefixLengths[i]);
                Memory.copy(null, from, null, at + prefixLengths[i], suffix);
                whole[i] = view(at - base, prefixLengths[i] + suffix);
                previous = at;
                at += prefixLengths[i] + suffix;
            }
        }

        @Override
        public void read(long[] views, int offset, int count) {
            int first = next;
            skip(count);
            System.arraycopy(whole, first, views, offset, count);
        }

        @Override
        public void skip(int count) {
            next += count;
            if (next > total) {
                throw new MalformedPageException("the page ends " + (next - total) + " values too early");
            }
        }

        @Override
        public void close() {
            joined.close();
        }
    }
}
