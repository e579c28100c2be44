package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;

/// Decodes numbers of four or eight bytes into memory, densely. One thread; used again by [#start].
public abstract sealed class FixedDecoder {
    /// Begins a page.
    public abstract void start(long from, long end);

    /// Writes the next `count` numbers to `to`.
    public abstract void read(long to, int count);

    public abstract void skip(int count);

    /// PLAIN: the numbers, little-endian.
    public static final class Plain extends FixedDecoder {
        private final int width;
        private long at;
        private long end;

        public Plain(int width) {
            this.width = width;
        }

        @Override
        public void start(long from, long end) {
            this.at = from;
            this.end = end;
        }

        @Override
        public void read(long to, int count) {
            long from = at;
            skip(count);
            Memory.copy(null, from, null, to, (long) count * width);
        }

        @Override
        public void skip(int count) {
            at += (long) count * width;
            if (at > end) {
                throw new MalformedPageException("the values go beyond the end of their page");
            }
        }
    }

    /// BYTE_STREAM_SPLIT: first bytes of all numbers, then all second bytes, and so on.
    public static final class ByteStreamSplit extends FixedDecoder {
        private final int width;
        private long from;
        private int total;
        private int next;

        public ByteStreamSplit(int width) {
            this.width = width;
        }

        @Override
        public void start(long from, long end) {
            this.from = from;
            this.total = (int) ((end - from) / width);
            this.next = 0;
        }

        @Override
        public void read(long to, int count) {
            long stream = from + next;
            skip(count);
            for (int k = 0; k < width; k++) {
                for (int i = 0; i < count; i++) {
                    Memory.putByte(to + (long) i * width + k, Memory.getByte(stream + i));
                }
                stream += total;
            }
        }

        @Override
        public void skip(int count) {
            next += count;
            if (next > total) {
                throw new MalformedPageException("the page ends " + (next - total) + " values too early");
            }
        }
    }

    /// DELTA_BINARY_PACKED.
    public static final class Delta extends FixedDecoder {
        private final DeltaDecoder delta = new DeltaDecoder();
        private final int width;

        public Delta(int width) {
            this.width = width;
        }

        @Override
        public void start(long from, long end) {
            delta.start(from, end);
        }

        @Override
        public void read(long to, int count) {
            if (width == 4) {
                delta.readInts(to, count);
            } else {
                delta.readLongs(to, count);
            }
        }

        @Override
        public void skip(int count) {
            delta.skip(count);
        }
    }
}
