package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;
import org.jspecify.annotations.Nullable;

/// `hll_union_agg`. Nulls don't count.
///
/// @param anySize whether sketches of different sizes may meet
record HllUnionFold(boolean anySize) implements SketchFold<HllUnion> {
    private static final String NAME = "hll_union_agg";

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return HeapUse.of(groups, 200, valueBytes, (1L << Hll.MAX_LG_K) + 100);
    }

    @Override
    public @Nullable HllUnion add(@Nullable HllUnion state, @Nullable Object[] arguments) {
        return arguments[0] instanceof Slice bytes
                ? SketchKind.HLL.<HllUnion>read(NAME, bytes, image -> with(state, Hll.read(image)))
                : state;
    }

    private HllUnion with(@Nullable HllUnion state, HllSketch sketch) {
        HllUnion union = state == null ? new HllUnion(sketch.getLgConfigK()) : state;
        check(union.getLgConfigK(), sketch.getLgConfigK());
        union.update(sketch);
        return union;
    }

    private void check(int a, int b) {
        if (!anySize) {
            Hll.checkEqual(NAME, a, b);
        }
    }

    @Override
    public HllUnion merge(HllUnion a, HllUnion b) {
        check(a.getLgConfigK(), b.getLgConfigK());
        a.update(b.getResult(TgtHllType.HLL_8));
        return a;
    }

    @Override
    public Object toCell(HllUnion state) {
        return Slice.of(state.toCompactByteArray());
    }

    @Override
    public HllUnion fromCell(Object cell) {
        return HllUnion.heapify(((Slice) cell).bytes());
    }

    @Override
    public Object result(@Nullable HllUnion state) {
        HllUnion union = state == null ? new HllUnion(Hll.DEFAULT_LG_K) : state;
        return Slice.of(Hll.bytes(Hll.withoutOrder(union.getResult(TgtHllType.HLL_8))));
    }
}
