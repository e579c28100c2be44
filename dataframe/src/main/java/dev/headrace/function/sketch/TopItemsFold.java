package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.function.aggregate.Fold;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The aggregates of values that keep a sketch of the frequent ones.
sealed interface TopItemsFold extends Fold<TopItems> {
    ItemCodec codec();

    int maxItems();

    @Override
    default boolean nullable() {
        return false;
    }

    @Override
    default DataType stateType() {
        return DataTypes.BinaryType;
    }

    @Override
    default long heapBytes(long groups, long valueBytes) {
        return HeapUse.of(groups, 800, valueBytes, TopItems.mostBytes(maxItems()));
    }

    @Override
    default TopItems add(@Nullable TopItems state, @Nullable Object[] arguments) {
        TopItems items = state == null ? TopItems.following(maxItems()) : state;
        items.add(arguments[0], codec());
        return items;
    }

    @Override
    default TopItems merge(TopItems a, TopItems b) {
        a.merge(b);
        return a;
    }

    @Override
    default Object toCell(TopItems state) {
        return state.bytes(codec());
    }

    @Override
    default TopItems fromCell(Object cell) {
        return TopItems.read(((Slice) cell).bytes(), codec());
    }

    /// `approx_top_k`: the most frequent values themselves.
    record Most(ItemCodec codec, int k, int maxItems) implements TopItemsFold {
        @Override
        public DataType resultType() {
            return new ArrayType(codec.entry(), false);
        }

        @Override
        public Object result(@Nullable TopItems state) {
            return state == null ? List.of() : state.most(k, codec);
        }
    }

    /// `approx_top_k_accumulate`: the sketch, with what is needed to read it.
    record Accumulate(ItemCodec codec, int maxItems) implements TopItemsFold {
        @Override
        public DataType resultType() {
            return sketchType(codec.type());
        }

        @Override
        public Object result(@Nullable TopItems state) {
            return sketchCell(state == null ? TopItems.following(maxItems) : state, maxItems, codec);
        }
    }

    /// The type of a sketch with what is needed to read it: `itemDataType` is always null, and says by its type of
    /// which type the items are.
    static StructType sketchType(DataType items) {
        return new StructType()
                .add("sketch", DataTypes.BinaryType, false)
                .add("maxItemsTracked", DataTypes.IntegerType, false)
                .add("itemDataType", items, true)
                .add("itemDataTypeDDL", DataTypes.StringType, false);
    }

    static List<@Nullable Object> sketchCell(TopItems items, int maxItems, ItemCodec codec) {
        List<@Nullable Object> cell = new ArrayList<>();
        cell.add(items.bytes(codec));
        cell.add(maxItems);
        cell.add(null);
        cell.add(Slice.utf8(codec.ddl()));
        return cell;
    }
}
