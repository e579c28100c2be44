package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.types.DataType;
import java.util.List;

/// The most frequent items of a sketch that `approx_top_k_accumulate` made: the receiver of bound calls. Public because
/// generated code calls it.
///
/// @param items their type
/// @param k how many are wanted
public record TopItemsEstimate(DataType items, int k) {
    private static final String NAME = "approx_top_k_estimate";

    public List<Object> estimate(List<?> sketch) {
        if (!(sketch.get(0) instanceof Slice bytes) || !(sketch.get(1) instanceof Integer maxItems)) {
            throw SketchKind.APPROX_TOP_K.incomplete(NAME);
        }
        if (k > maxItems) {
            throw tooFew(maxItems, k);
        }
        ItemCodec codec = new ItemCodec(items);
        return SketchKind.APPROX_TOP_K.read(
                NAME, bytes, image -> TopItems.read(image, codec).most(k, codec));
    }

    private static DataException tooFew(int maxItems, int k) {
        return new DataException(
                "APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K",
                NAME + ": the sketch follows " + maxItems + " items, and " + k
                        + " are wanted. Make one that follows more, or ask for fewer.");
    }
}
