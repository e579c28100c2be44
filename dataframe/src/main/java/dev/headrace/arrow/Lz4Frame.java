package dev.headrace.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Decompresses one LZ4 frame; checksums are passed over.
///
/// A frame is a magic number, flags, blocks each with its length before it (the highest bit says: not compressed), and
/// the length 0. A block is a row of literals and copies of what came up to 64 KB before, also in earlier blocks.
final class Lz4Frame {
    private static final int MAGIC = 0x184d2204;
    private static final int BLOCK_CHECKSUMS = 1 << 4;
    private static final int CONTENT_SIZE = 1 << 3;
    private static final int DICTIONARY_ID = 1;
    private static final int PLAIN = 1 << 31;
    private static final int MIN_MATCH = 4;
    /// A length of 15 in a token goes on in the bytes behind it.
    private static final int LONG = 15;

    private final byte[] in;
    private final ByteBuffer frame;
    private final byte[] out;
    private int at;

    /// @param length of what comes out
    Lz4Frame(byte[] frame, int length) {
        this.in = frame;
        this.frame = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        this.out = new byte[length];
    }

    /// @throws IllegalArgumentException if this is no frame of that length
    byte[] decompress() {
        try {
            if (frame.getInt() != MAGIC) {
                throw damaged();
            }
            int flags = frame.get();
            int header = 2 + ((flags & CONTENT_SIZE) != 0 ? 8 : 0) + ((flags & DICTIONARY_ID) != 0 ? 4 : 0);
            frame.position(frame.position() + header);
            for (int size = frame.getInt(); size != 0; size = frame.getInt()) {
                int bytes = size & ~PLAIN;
                if (bytes > frame.remaining()) {
                    throw damaged();
                }
                if ((size & PLAIN) != 0) {
                    literals(frame.position(), bytes);
                } else {
                    block(frame.position(), frame.position() + bytes);
                }
                frame.position(frame.position() + bytes + ((flags & BLOCK_CHECKSUMS) != 0 ? 4 : 0));
            }
        } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException | IllegalArgumentException damaged) {
            throw new IllegalArgumentException("a buffer that LZ4 can't read", damaged);
        }
        if (at != out.length) {
            throw damaged();
        }
        return out;
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException("a buffer that LZ4 can't read");
    }

    private void literals(int from, int count) {
        System.arraycopy(in, from, out, at, count);
        at += count;
    }

    private void block(int from, int end) {
        int p = from;
        while (p < end) {
            int token = in[p++] & 0xff;
            int count = token >>> 4;
            if (count == LONG) {
                int more;
                do {
                    more = in[p++] & 0xff;
                    count += more;
                } while (more == 0xff);
            }
            literals(p, count);
            p += count;
            if (p >= end) {
                return;
            }
            int distance = (in[p] & 0xff) | (in[p + 1] & 0xff) << 8;
            p += 2;
            count = token & LONG;
            if (count == LONG) {
                int more;
                do {
                    more = in[p++] & 0xff;
                    count += more;
                } while (more == 0xff);
            }
            match(distance, count + MIN_MATCH);
        }
    }

    /// A copy may overlap what it writes: then it repeats it.
    private void match(int distance, int count) {
        if (distance == 0 || distance > at) {
            throw damaged();
        }
        for (int i = 0; i < count; i++) {
            out[at] = out[at - distance];
            at++;
        }
    }
}
