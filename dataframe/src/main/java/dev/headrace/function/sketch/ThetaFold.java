package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import java.util.List;
import org.apache.datasketches.theta.ThetaUnion;
import org.jspecify.annotations.Nullable;

/// `theta_sketch_agg` of numbers, texts, binaries and arrays of integers, and `theta_union_agg` of sketches. Nulls and
/// what is empty don't count. A sketch keeps the least hashes, so the bytes depend on the values alone.
///
/// @param lgEntries how many hashes are kept, as a power of two
/// @param ofSketches whether the values are sketches
record ThetaFold(int lgEntries, boolean ofSketches) implements SketchFold<ThetaUnion> {
    /// Hashes of eight bytes, in a table of up to twice as many as are kept.
    @Override
    public long heapBytes(long groups, long valueBytes) {
        return HeapUse.of(groups, 500, valueBytes, (16L << lgEntries) + 300);
    }

    @Override
    public @Nullable ThetaUnion add(@Nullable ThetaUnion state, @Nullable Object[] arguments) {
        Object value = arguments[0];
        if (value == null) {
            return state;
        }
        ThetaUnion union = state == null ? Theta.newUnion(lgEntries) : state;
        if (ofSketches) {
            return SketchKind.THETA.read("theta_union_agg", (Slice) value, image -> {
                union.union(Theta.read(image));
                return union;
            });
        }
        update(union, value);
        return union;
    }

    private static void update(ThetaUnion union, Object value) {
        switch (value) {
            case Slice bytes -> union.update(bytes.bytes());
            case Float number -> union.update(number.doubleValue());
            case Double number -> union.update(number);
            case Number number -> union.update(number.longValue());
            case List<?> list -> updateAll(union, list);
            default -> throw new IllegalArgumentException("no sketch of " + value);
        }
    }

    /// An array is one value. A null in it counts as 0, as in Spark.
    private static void updateAll(ThetaUnion union, List<?> list) {
        if (list.stream().anyMatch(Long.class::isInstance)) {
            union.update(list.stream()
                    .mapToLong(element -> element == null ? 0 : (Long) element)
                    .toArray());
        } else {
            union.update(list.stream()
                    .mapToInt(element -> element == null ? 0 : (Integer) element)
                    .toArray());
        }
    }

    @Override
    public ThetaUnion merge(ThetaUnion a, ThetaUnion b) {
        a.union(b.getResult());
        return a;
    }

    @Override
    public Object toCell(ThetaUnion state) {
        return Slice.of(state.getResult().toByteArrayCompressed());
    }

    @Override
    public ThetaUnion fromCell(Object cell) {
        ThetaUnion union = Theta.newUnion(lgEntries);
        union.union(Theta.read(((Slice) cell).bytes()));
        return union;
    }

    @Override
    public Object result(@Nullable ThetaUnion state) {
        return toCell(state == null ? Theta.newUnion(lgEntries) : state);
    }
}
