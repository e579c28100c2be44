package dev.headrace.function.aggregate;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.ResourceException;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.types.DataType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/// The extreme of strings or binaries, in the order of unsigned bytes.
final class BytesExtreme implements GroupAccumulator {
    private final DataType type;
    private final boolean max;
    private final SlotBytes best;
    private final Slice candidate = new Slice();
    private final Slice current = new Slice();

    BytesExtreme(DataType type, boolean max, BufferAllocator allocator) {
        this.type = type;
        this.max = max;
        best = new SlotBytes(allocator);
    }

    @Override
    public void resize(int slots) {
        best.resize(slots);
    }

    @Override
    public void update(List<FieldVector> arguments, int[] slots, int rows) {
        FieldVector values = arguments.getFirst();
        if (values.getNullCount() >= rows) {
            return;
        }
        long data = values.getDataBuffer().memoryAddress();
        long offsets = values.getOffsetBuffer().memoryAddress();
        long validity =
                values.getNullCount() == 0 ? 0 : values.getValidityBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            if (validity == 0 || Memory.bit(validity, i)) {
                int start = Memory.getInt(offsets + (long) i * Integer.BYTES);
                int end = Memory.getInt(offsets + (long) (i + 1) * Integer.BYTES);
                candidate.set(null, data + start, end - start);
                offer(slots[i]);
            }
        }
    }

    private void offer(int slot) {
        if (!best.isNull(slot)) {
            best.get(slot, current);
            int order = candidate.compareTo(current);
            if (max ? order <= 0 : order >= 0) {
                return;
            }
        }
        best.set(slot, candidate);
    }

    @Override
    public void merge(List<FieldVector> partials, int[] slots, int rows) {
        update(partials, slots, rows);
    }

    @Override
    public List<FieldVector> partials(int from, int count, BufferAllocator allocator) {
        return List.of(results(from, count, allocator));
    }

    @Override
    public FieldVector results(int from, int count, BufferAllocator allocator) {
        BaseVariableWidthVector vector = (BaseVariableWidthVector) ArrowTypes.newVector("extreme", type, allocator);
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += Math.max(best.length(from + i), 0);
        }
        if (bytes > Integer.MAX_VALUE) {
            throw ResourceException.chunkTooLarge(vector.getName());
        }
        try {
            vector.allocateNew(bytes, count);
            for (int i = 0; i < count; i++) {
                if (!best.isNull(from + i)) {
                    best.get(from + i, current);
                    vector.setSafe(i, current.bytes());
                }
            }
            vector.setValueCount(count);
            return vector;
        } catch (Throwable failed) {
            vector.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        best.close();
    }
}
