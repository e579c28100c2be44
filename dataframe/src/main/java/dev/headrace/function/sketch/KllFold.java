package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import java.util.OptionalInt;
import org.apache.datasketches.kll.KllSketch;
import org.jspecify.annotations.Nullable;

/// `kll_sketch_agg_…` of values and `kll_merge_agg_…` of sketches. Nulls don't count. Of more than `k` values a sketch
/// keeps some, which it chooses by lot.
///
/// @param name the function's
/// @param k how exact the sketch is; absent: as the first of the sketches
record KllFold(String name, KllKind kind, OptionalInt k, boolean ofSketches) implements SketchFold<KllSketch> {
    /// A sketch has room for `k` values from the beginning, and for not many more than three times as many in the end.
    @Override
    public long heapBytes(long groups, long valueBytes) {
        long one = 8L * k.orElse(KllKind.DEFAULT_K);
        return HeapUse.of(groups, one + 200, valueBytes, 4 * one + 400);
    }

    @Override
    public @Nullable KllSketch add(@Nullable KllSketch state, @Nullable Object[] arguments) {
        Object value = arguments[0];
        if (value == null) {
            return state;
        }
        if (ofSketches) {
            return SketchKind.KLL.<KllSketch>read(name, (Slice) value, image -> with(state, kind.view(image)));
        }
        KllSketch sketch = state == null ? empty() : state;
        kind.update(sketch, value);
        return sketch;
    }

    private KllSketch with(@Nullable KllSketch state, KllSketch other) {
        KllSketch sketch = state == null ? kind.create(k.orElse(other.getK())) : state;
        sketch.merge(other);
        return sketch;
    }

    private KllSketch empty() {
        return kind.create(k.orElse(KllKind.DEFAULT_K));
    }

    @Override
    public KllSketch merge(KllSketch a, KllSketch b) {
        a.merge(b);
        return a;
    }

    @Override
    public Object toCell(KllSketch state) {
        return Slice.of(kind.bytes(state));
    }

    @Override
    public KllSketch fromCell(Object cell) {
        return kind.read(((Slice) cell).bytes());
    }

    @Override
    public Object result(@Nullable KllSketch state) {
        return toCell(state == null ? empty() : state);
    }
}
