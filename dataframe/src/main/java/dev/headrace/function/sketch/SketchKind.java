package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a binary may be said to be.
enum SketchKind {
    HLL("an HLL sketch, such as hll_sketch_agg gives"),
    THETA("a theta sketch, such as theta_sketch_agg gives"),
    KLL("a KLL sketch of the type that the function is named after, such as kll_sketch_agg_bigint gives"),
    APPROX_TOP_K("a sketch of items of this type, such as approx_top_k_accumulate gives"),
    COUNT_MIN("a count-min sketch, such as count_min_sketch gives");

    private static final String CODE = "_INVALID_INPUT_SKETCH_BUFFER";

    private final String what;

    SketchKind(String what) {
        this.what = what;
    }

    /// What `use` makes of bytes from anywhere. The library notices by all sorts of exceptions that they are no sketch,
    /// some of them only when the sketch is used.
    <R> R read(String function, Slice bytes, Function<byte[], R> use) {
        try {
            return use.apply(bytes.bytes());
        } catch (DataException known) {
            throw known;
        } catch (RuntimeException | AssertionError damaged) {
            throw new DataException(
                    name() + CODE,
                    function + ": a binary of " + bytes.length() + " bytes is not " + what + ".",
                    damaged);
        }
    }

    /// What comes of binaries that have been read, one of which the library may find to be no sketch only now.
    <R> R finish(String function, Supplier<R> use) {
        try {
            return use.get();
        } catch (RuntimeException | AssertionError damaged) {
            throw new DataException(name() + CODE, function + ": one of the binaries is not " + what + ".", damaged);
        }
    }

    /// A struct that lacks a part.
    DataException incomplete(String function) {
        return new DataException(name() + CODE, function + ": a struct with a null in it is not " + what + ".");
    }
}
