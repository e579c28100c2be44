package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import org.apache.datasketches.hll.HllSketch;
import org.jspecify.annotations.Nullable;

/// `hll_sketch_agg` of integers, texts and binaries. Nulls and what is empty don't count.
record HllFold(int lgK) implements SketchFold<HllSketch> {
    @Override
    public long heapBytes(long groups, long valueBytes) {
        return HeapUse.of(groups, 200, valueBytes, (1L << lgK) + 100);
    }

    @Override
    public @Nullable HllSketch add(@Nullable HllSketch state, @Nullable Object[] arguments) {
        Object value = arguments[0];
        if (value == null) {
            return state;
        }
        HllSketch sketch = state == null ? Hll.empty(lgK) : state;
        if (value instanceof Slice bytes) {
            sketch.update(bytes.bytes());
        } else {
            sketch.update(((Number) value).longValue());
        }
        return sketch;
    }

    @Override
    public HllSketch merge(HllSketch a, HllSketch b) {
        return Hll.union(lgK, a, b);
    }

    @Override
    public Object toCell(HllSketch state) {
        return Slice.of(state.toCompactByteArray());
    }

    @Override
    public HllSketch fromCell(Object cell) {
        return HllSketch.heapify(((Slice) cell).bytes());
    }

    @Override
    public Object result(@Nullable HllSketch state) {
        return Slice.of(Hll.bytes(Hll.withoutOrder(state == null ? Hll.empty(lgK) : state)));
    }
}
