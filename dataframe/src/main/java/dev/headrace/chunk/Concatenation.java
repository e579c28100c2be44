package dev.headrace.chunk;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.ResourceException;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// Puts columns behind each other by copying memory.
final class Concatenation {
    private Concatenation() {}

    static boolean isPossible(FieldVector vector) {
        return !(vector instanceof BitVector)
                && (vector instanceof BaseFixedWidthVector || vector instanceof BaseVariableWidthVector);
    }

    /// Fills an empty vector with a column of the chunks.
    ///
    /// @param rows of all chunks together
    static void append(FieldVector target, List<Chunk> chunks, int column, int rows) {
        if (target instanceof BaseVariableWidthVector bytes) {
            appendBytes(bytes, chunks, column, rows);
        } else {
            appendFixed((BaseFixedWidthVector) target, chunks, column, rows);
        }
    }

    private static void appendFixed(BaseFixedWidthVector target, List<Chunk> chunks, int column, int rows) {
        Columns.allocate(target, rows);
        int width = target.getTypeWidth();
        long out = target.getDataBuffer().memoryAddress();
        for (Chunk chunk : chunks) {
            Cancellation.checkThread();
            if (chunk.rowCount() > 0) {
                long bytes = (long) width * chunk.rowCount();
                Memory.copy(null, chunk.column(column).getDataBuffer().memoryAddress(), null, out, bytes);
                out += bytes;
            }
        }
        appendValidity(target, chunks, column);
    }

    private static void appendBytes(BaseVariableWidthVector target, List<Chunk> chunks, int column, int rows) {
        long total = 0;
        for (Chunk chunk : chunks) {
            total += bytes(chunk, column);
        }
        if (total > Integer.MAX_VALUE) {
            throw ResourceException.chunkTooLarge(target.getName());
        }
        target.allocateNew(Math.max(total, 1), Math.max(rows, 1));
        long offsets = target.getOffsetBuffer().memoryAddress();
        long out = target.getDataBuffer().memoryAddress();
        int cursor = 0;
        int row = 0;
        Memory.putInt(offsets, 0);
        for (Chunk chunk : chunks) {
            Cancellation.checkThread();
            if (chunk.rowCount() == 0) {
                continue;
            }
            FieldVector source = chunk.column(column);
            long from = source.getOffsetBuffer().memoryAddress();
            int first = Memory.getInt(from);
            int bytes = (int) bytes(chunk, column);
            Memory.copy(null, source.getDataBuffer().memoryAddress() + first, null, out + cursor, bytes);
            for (int i = 1; i <= chunk.rowCount(); i++) {
                Memory.putInt(offsets + 4L * (row + i), Memory.getInt(from + 4L * i) - first + cursor);
            }
            row += chunk.rowCount();
            cursor += bytes;
        }
        target.setLastSet(rows - 1);
        appendValidity(target, chunks, column);
    }

    private static long bytes(Chunk chunk, int column) {
        if (chunk.rowCount() == 0) {
            return 0;
        }
        long offsets = chunk.column(column).getOffsetBuffer().memoryAddress();
        return (long) Memory.getInt(offsets + 4L * chunk.rowCount()) - Memory.getInt(offsets);
    }

    private static void appendValidity(FieldVector target, List<Chunk> chunks, int column) {
        long bits = target.getValidityBuffer().memoryAddress();
        Memory.fill(bits, target.getValidityBuffer().capacity(), (byte) 0xff);
        int row = 0;
        for (Chunk chunk : chunks) {
            Cancellation.checkThread();
            FieldVector source = chunk.column(column);
            if (chunk.rowCount() > 0 && source.getNullCount() > 0) {
                long present = source.getValidityBuffer().memoryAddress();
                for (int i = 0; i < chunk.rowCount(); i++) {
                    if (!Memory.bit(present, i)) {
                        Memory.clearBit(bits, row + i);
                    }
                }
            }
            row += chunk.rowCount();
        }
    }
}
