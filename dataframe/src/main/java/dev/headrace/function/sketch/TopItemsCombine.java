package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.function.aggregate.Fold;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// `approx_top_k_combine` of sketches that `approx_top_k_accumulate` made. Nulls don't count.
///
/// @param items the type of the items, by the column; each sketch also says it itself
/// @param maxItems how many items the result follows; absent: as many as each of the sketches
record TopItemsCombine(DataType items, OptionalInt maxItems) implements Fold<TopItemsCombine.Combined> {
    private static final String NAME = "approx_top_k_combine";
    private static final StructType STATE = new StructType()
            .add("sketch", DataTypes.BinaryType, false)
            .add("maxItemsTracked", DataTypes.IntegerType, false)
            .add("itemDataTypeDDL", DataTypes.StringType, false);

    /// @param maxItems as the sketches say
    record Combined(TopItems items, int maxItems, ItemCodec codec) {}

    @Override
    public DataType resultType() {
        return TopItemsFold.sketchType(items);
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public DataType stateType() {
        return STATE;
    }

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return HeapUse.of(groups, 800, valueBytes, TopItems.mostBytes(maxItems.orElse(TopItems.LIMIT)));
    }

    @Override
    public @Nullable Combined add(@Nullable Combined state, @Nullable Object[] arguments) {
        if (!(arguments[0] instanceof List<?> fields)) {
            return state;
        }
        if (!(fields.get(0) instanceof Slice sketch)
                || !(fields.get(1) instanceof Integer size)
                || !(fields.get(3) instanceof Slice ddl)) {
            throw SketchKind.APPROX_TOP_K.incomplete(NAME);
        }
        return SketchKind.APPROX_TOP_K.<Combined>read(NAME, sketch, image -> {
            ItemCodec codec =
                    new ItemCodec(StructType.fromDDL(ddl.toString()).field(0).dataType());
            Combined one = new Combined(TopItems.read(image, codec), size, codec);
            return merge(state == null ? empty(size, codec) : state, one);
        });
    }

    /// Without a size of its own the result follows as many items as can be.
    private Combined empty(int size, ItemCodec codec) {
        return new Combined(TopItems.following(maxItems.orElse(TopItems.LIMIT)), maxItems.orElse(size), codec);
    }

    @Override
    public Combined merge(Combined a, Combined b) {
        if (maxItems.isEmpty() && a.maxItems() != b.maxItems()) {
            throw new DataException(
                    "APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH",
                    NAME + ": one sketch follows " + a.maxItems() + " items, another one " + b.maxItems()
                            + ". Say how many the result is to follow as the second argument.");
        }
        if (!a.codec().equals(b.codec())) {
            throw new DataException(
                    "APPROX_TOP_K_SKETCH_TYPE_NOT_MATCH",
                    NAME + ": one sketch is of items of type "
                            + a.codec().type().simpleString() + ", another one of "
                            + b.codec().type().simpleString() + ". Combine sketches of one type.");
        }
        a.items().merge(b.items());
        return a;
    }

    @Override
    public Object toCell(Combined state) {
        return List.of(
                state.items().bytes(state.codec()),
                state.maxItems(),
                Slice.utf8(state.codec().ddl()));
    }

    @Override
    public Combined fromCell(Object cell) {
        List<?> fields = (List<?>) cell;
        String ddl = Objects.requireNonNull(fields.get(2)).toString();
        ItemCodec codec = new ItemCodec(StructType.fromDDL(ddl).field(0).dataType());
        byte[] bytes = ((Slice) Objects.requireNonNull(fields.get(0))).bytes();
        return new Combined(TopItems.read(bytes, codec), (Integer) Objects.requireNonNull(fields.get(1)), codec);
    }

    @Override
    public Object result(@Nullable Combined state) {
        Combined combined = state == null ? empty(TopItems.DEFAULT_MAX_ITEMS, new ItemCodec(items)) : state;
        return TopItemsFold.sketchCell(combined.items(), combined.maxItems(), combined.codec());
    }
}
