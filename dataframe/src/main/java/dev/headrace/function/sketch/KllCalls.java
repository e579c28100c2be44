package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.datasketches.kll.KllSketch;
import org.jspecify.annotations.Nullable;

/// The functions of KLL sketches: the receiver of bound calls. Public because generated code calls it.
///
/// @param function the function's name, which says of which type the values are
public record KllCalls(String function) {
    private <R> R read(Slice sketch, Function<KllSketch, R> use) {
        KllKind kind = KllKind.of(function);
        return SketchKind.KLL.read(function, sketch, image -> use.apply(kind.view(image)));
    }

    public long count(Slice sketch) {
        return read(sketch, KllSketch::getN);
    }

    /// What the library says of the sketch.
    public Slice text(Slice sketch) {
        return read(sketch, found -> Slice.utf8(found.toString()));
    }

    public Slice merge(Slice first, Slice second) {
        KllKind kind = KllKind.of(function);
        return read(
                second,
                other -> SketchKind.KLL.read(function, first, image -> {
                    KllSketch merged = kind.read(image);
                    merged.merge(other);
                    return Slice.of(kind.bytes(merged));
                }));
    }

    /// The value up to which this part of all lies.
    public Object quantile(Slice sketch, double rank) {
        if (!(rank >= 0 && rank <= 1)) {
            throw new DataException(
                    "KLL_SKETCH_INVALID_QUANTILE_RANGE",
                    function + ": the rank is " + rank + ". It must be from 0 to 1.");
        }
        KllKind kind = KllKind.of(function);
        return read(sketch, found -> kind.quantile(some(found), rank));
    }

    public List<@Nullable Object> quantiles(Slice sketch, List<?> ranks) {
        List<@Nullable Object> found = new ArrayList<>();
        ranks.forEach(rank -> found.add(rank == null ? null : quantile(sketch, (Double) rank)));
        return found;
    }

    /// The part of all values that are less or equal.
    public double rank(Slice sketch, Object value) {
        KllKind kind = KllKind.of(function);
        return read(sketch, found -> kind.rank(some(found), value));
    }

    private KllSketch some(KllSketch found) {
        if (found.isEmpty()) {
            throw new DataException(
                    "KLL_INVALID_INPUT_SKETCH_BUFFER",
                    function + ": the sketch has no values. Ask kll_sketch_get_n_… before.");
        }
        return found;
    }

    public List<@Nullable Object> ranks(Slice sketch, List<?> values) {
        List<@Nullable Object> found = new ArrayList<>();
        values.forEach(value -> found.add(value == null ? null : rank(sketch, value)));
        return found;
    }
}
