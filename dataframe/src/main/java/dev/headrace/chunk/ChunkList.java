package dev.headrace.chunk;

import dev.headrace.errors.ResourceException;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// Chunks whose rows are numbered through, so that they can be picked as if they were one chunk, without putting them
/// together first. Owns the chunks.
public final class ChunkList implements AutoCloseable {
    /// For each block of so many rows it is noted where it begins.
    private static final int BLOCK_BITS = 10;

    private final StructType schema;
    private final List<Chunk> chunks;
    private final int rowCount;

    /// The number of each chunk's first row, and behind the last one the number of rows.
    private final int[] starts;

    /// In which chunk each block of rows begins.
    private final int[] blocks;

    /// For each column where it lies; none if there is one chunk that has others than [#isPossible] says.
    private final List<Source> columns = new ArrayList<>();

    /// Takes over the chunks, of which there is at least one.
    ///
    /// @throws ArithmeticException for more rows than an array can have
    public ChunkList(StructType schema, List<Chunk> chunks) {
        this.schema = schema;
        this.chunks = List.copyOf(chunks);
        this.starts = new int[chunks.size() + 1];
        for (int c = 0; c < chunks.size(); c++) {
            starts[c + 1] = Math.addExact(starts[c], chunks.get(c).rowCount());
        }
        this.rowCount = starts[chunks.size()];
        this.blocks = new int[(rowCount >> BLOCK_BITS) + 1];
        int chunk = 0;
        for (int block = 0; block < blocks.length; block++) {
            while (chunk + 1 < chunks.size() && starts[chunk + 1] <= block << BLOCK_BITS) {
                chunk++;
            }
            blocks[block] = chunk;
        }
        boolean inPieces = chunks.size() > 1 || isPossible(chunks.getFirst());
        for (int c = 0; inPieces && c < schema.size(); c++) {
            int column = c;
            columns.add(
                    new Source(chunks.stream().map(each -> each.column(column)).toList()));
        }
    }

    /// Whether rows of these columns can be picked from several chunks.
    public static boolean isPossible(Chunk sample) {
        return sample.columns().stream()
                .allMatch(
                        column -> column instanceof BaseFixedWidthVector || column instanceof BaseVariableWidthVector);
    }

    public int rowCount() {
        return rowCount;
    }

    public List<Chunk> chunks() {
        return chunks;
    }

    /// The rows of these numbers, `rows[from, from + count)`, in that order. The caller closes the result.
    public Chunk gather(int[] rows, int from, int count, BufferAllocator allocator) {
        if (columns.isEmpty()) {
            return Columns.gather(chunks.getFirst(), rows, from, count, allocator);
        }
        int[] in = new int[count];
        int[] at = new int[count];
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            int chunk = blocks[row >> BLOCK_BITS];
            while (row >= starts[chunk + 1]) {
                chunk++;
            }
            in[i] = chunk;
            at[i] = row - starts[chunk];
        }
        List<FieldVector> picked = new ArrayList<>();
        try {
            for (int c = 0; c < schema.size(); c++) {
                FieldVector target = chunks.getFirst().column(c).getField().createVector(allocator);
                picked.add(target);
                columns.get(c).into(target, in, at);
                target.setValueCount(count);
            }
            return new Chunk(schema, picked, count);
        } catch (Throwable failed) {
            Closing.all(picked);
            throw failed;
        }
    }

    @Override
    public void close() {
        Closing.all(chunks);
    }

    /// One column of all chunks. Values are said by the chunk that each is in, and the row there.
    private static final class Source {
        /// Where the bits of validity of each chunk lie; 0 where no value is null.
        private final long[] validities;

        private final long[] data;

        /// Of texts and binaries.
        private final long[] offsets;

        private final boolean nulls;

        Source(List<FieldVector> parts) {
            this.validities = new long[parts.size()];
            this.data = new long[parts.size()];
            this.offsets = new long[parts.size()];
            boolean any = false;
            for (int c = 0; c < data.length; c++) {
                FieldVector part = parts.get(c);
                data[c] = part.getDataBuffer().memoryAddress();
                if (part instanceof BaseVariableWidthVector) {
                    offsets[c] = part.getOffsetBuffer().memoryAddress();
                }
                if (part.getNullCount() > 0) {
                    validities[c] = part.getValidityBuffer().memoryAddress();
                    any = true;
                }
            }
            this.nulls = any;
        }

        private boolean isThere(int chunk, int row) {
            long validity = validities[chunk];
            return validity == 0 || Memory.bit(validity, row);
        }

        void into(FieldVector target, int[] in, int[] at) {
            switch (target) {
                case BaseVariableWidthVector bytes -> bytes(bytes, in, at);
                case BaseFixedWidthVector fixed -> {
                    if (fixed instanceof BitVector) {
                        fixed.allocateNew(Math.max(in.length, 1));
                    } else {
                        Columns.allocate(fixed, in.length);
                    }
                    markPresent(fixed, in, at);
                    fixed(fixed, in, at);
                }
                default -> throw new IllegalStateException("not possible for " + target.getField());
            }
        }

        private void markPresent(FieldVector target, int[] in, int[] at) {
            long validity = target.getValidityBuffer().memoryAddress();
            Memory.fill(validity, target.getValidityBuffer().capacity(), (byte) 0);
            Memory.fill(validity, (in.length + 7) / 8, (byte) 0xff);
            if (nulls) {
                for (int i = 0; i < in.length; i++) {
                    if (!isThere(in[i], at[i])) {
                        Memory.clearBit(validity, i);
                    }
                }
            }
        }

        /// What stands for a null does not matter.
        private void fixed(BaseFixedWidthVector target, int[] in, int[] at) {
            long out = target.getDataBuffer().memoryAddress();
            if (target instanceof BitVector) {
                Memory.fill(out, target.getDataBuffer().capacity(), (byte) 0);
                for (int i = 0; i < in.length; i++) {
                    if (Memory.bit(data[in[i]], at[i])) {
                        Memory.setBit(out, i);
                    }
                }
                return;
            }
            int width = target.getTypeWidth();
            switch (width) {
                case 4 -> {
                    for (int i = 0; i < in.length; i++) {
                        Memory.putInt(out + 4L * i, Memory.getInt(data[in[i]] + 4L * at[i]));
                    }
                }
                case 8 -> {
                    for (int i = 0; i < in.length; i++) {
                        Memory.putLong(out + 8L * i, Memory.getLong(data[in[i]] + 8L * at[i]));
                    }
                }
                case 16 -> {
                    for (int i = 0; i < in.length; i++) {
                        long source = data[in[i]] + 16L * at[i];
                        Memory.putLong(out + 16L * i, Memory.getLong(source));
                        Memory.putLong(out + 16L * i + 8, Memory.getLong(source + 8));
                    }
                }
                default -> {
                    for (int i = 0; i < in.length; i++) {
                        Memory.copy(null, data[in[i]] + (long) width * at[i], null, out + (long) width * i, width);
                    }
                }
            }
        }

        private void bytes(BaseVariableWidthVector target, int[] in, int[] at) {
            long bytes = 0;
            for (int i = 0; i < in.length; i++) {
                long offset = offsets[in[i]] + 4L * at[i];
                bytes += isThere(in[i], at[i]) ? Memory.getInt(offset + 4) - Memory.getInt(offset) : 0;
            }
            if (bytes > Integer.MAX_VALUE) {
                throw ResourceException.chunkTooLarge(target.getName());
            }
            target.allocateNew(Math.max(bytes, 1), Math.max(in.length, 1));
            markPresent(target, in, at);
            long ends = target.getOffsetBuffer().memoryAddress();
            long out = target.getDataBuffer().memoryAddress();
            int cursor = 0;
            Memory.putInt(ends, 0);
            for (int i = 0; i < in.length; i++) {
                if (isThere(in[i], at[i])) {
                    long offset = offsets[in[i]] + 4L * at[i];
                    int start = Memory.getInt(offset);
                    int length = Memory.getInt(offset + 4) - start;
                    Memory.copyApart(data[in[i]] + start, out + cursor, length);
                    cursor += length;
                }
                Memory.putInt(ends + 4L * (i + 1), cursor);
            }
            target.setLastSet(in.length - 1);
        }
    }
}
