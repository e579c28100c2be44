package dev.headrace.avro;

import dev.headrace.cancellation.Cancellation;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/// The bytes that stand behind the header of a file and behind each of its blocks, by which the first block of a part
/// of a file is found. The library looks at one byte after the other, and goes on behind the part.
final class SyncMarker {
    static final int BYTES = 16;
    private static final int BYTES_AT_ONCE = 64 << 10;

    private final FileInput file;
    private final byte[] marker;

    /// @param firstBlock where the first block of the file begins
    SyncMarker(FileInput file, long firstBlock) throws IOException {
        this.file = file;
        marker = new byte[BYTES];
        file.seek(firstBlock - BYTES);
        if (fill(marker, 0, BYTES) < BYTES) {
            throw new EOFException("it ends within the header");
        }
    }

    /// Where the first block begins whose marker is among the bytes `[from, end)`; `end` if there is none.
    long blockFrom(long from, long end) throws IOException {
        byte[] buffer = new byte[BYTES_AT_ONCE];
        int kept = 0;
        file.seek(from);
        for (long at = from; at < end; ) {
            Cancellation.checkThread();
            int wanted = (int) Math.min(buffer.length - kept, end - at);
            int read = fill(buffer, kept, wanted);
            int filled = kept + read;
            for (int i = 0; i + BYTES <= filled; i++) {
                if (buffer[i] == marker[0] && Arrays.equals(buffer, i, i + BYTES, marker, 0, BYTES)) {
                    return at - kept + i + BYTES;
                }
            }
            if (read < wanted) {
                throw new EOFException("it ends at byte " + (at + read));
            }
            at += read;
            kept = Math.min(filled, BYTES - 1);
            System.arraycopy(buffer, filled - kept, buffer, 0, kept);
        }
        return end;
    }

    private int fill(byte[] into, int from, int count) throws IOException {
        int filled = 0;
        while (filled < count) {
            int read = file.read(into, from + filled, count - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }
}
