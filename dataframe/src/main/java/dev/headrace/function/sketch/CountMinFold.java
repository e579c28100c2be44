package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import org.jspecify.annotations.Nullable;

/// `count_min_sketch` of integers, texts and binaries. Nulls don't count.
record CountMinFold(int depth, int width, int seed) implements SketchFold<CountMin> {
    private static final String NAME = "count_min_sketch";

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return groups * (8L * depth * (width + 1) + 100);
    }

    private CountMin empty() {
        return CountMin.create(depth, width, seed);
    }

    @Override
    public @Nullable CountMin add(@Nullable CountMin state, @Nullable Object[] arguments) {
        Object value = arguments[0];
        if (value == null) {
            return state;
        }
        CountMin sketch = state == null ? empty() : state;
        if (value instanceof Slice bytes) {
            sketch.add(bytes, 1);
        } else {
            sketch.add(((Number) value).longValue(), 1);
        }
        return sketch;
    }

    @Override
    public CountMin merge(CountMin a, CountMin b) {
        a.merge(b);
        return a;
    }

    @Override
    public Object toCell(CountMin state) {
        return Slice.of(state.bytes());
    }

    @Override
    public CountMin fromCell(Object cell) {
        return CountMin.read(NAME, ((Slice) cell).bytes());
    }

    @Override
    public Object result(@Nullable CountMin state) {
        return toCell(state == null ? empty() : state);
    }
}
