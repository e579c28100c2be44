package dev.headrace;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.function.sketch.CountMin;
import java.nio.charset.StandardCharsets;

/// About how often each value occurs among many, in little memory: what `count_min_sketch` and
/// [DataFrameStatFunctions#countMinSketch] give, in the format of Spark's class of this name.
///
/// An estimate is never too low; with a probability of [#confidence] it is at most [#relativeError] times [#totalCount]
/// too high. Values are integers of any size, texts and binaries. Not thread-safe.
public final class CountMinSketch {
    private final CountMin counts;

    private CountMinSketch(CountMin counts) {
        this.counts = counts;
    }

    /// An empty sketch.
    ///
    /// @param eps the relative error, more than 0
    /// @param confidence more than 0, less than 1
    /// @throws QueryException `INVALID_PARAMETER_VALUE` if one of them is out of its range
    public static CountMinSketch create(double eps, double confidence, int seed) {
        if (!(eps > 0) || !(confidence > 0 && confidence < 1)) {
            throw new QueryException(
                    "INVALID_PARAMETER_VALUE",
                    "A count-min sketch with a relative error of '" + eps + "' and a confidence of '" + confidence
                            + "': the error must be more than 0, and the confidence more than 0 and less than 1.");
        }
        return create(CountMin.depthFor(confidence), CountMin.widthFor(eps), seed);
    }

    /// An empty sketch of so many counters.
    ///
    /// @throws QueryException `INVALID_PARAMETER_VALUE` if one of them is less than 1, or there are more than an array
    ///     can have
    public static CountMinSketch create(int depth, int width, int seed) {
        if (depth < 1 || width < 1 || (long) depth * width > Integer.MAX_VALUE / Long.BYTES) {
            throw new QueryException(
                    "INVALID_PARAMETER_VALUE",
                    "A count-min sketch of '" + depth + "' rows of '" + width
                            + "' counters: there must be one of each, and no more than "
                            + Integer.MAX_VALUE / Long.BYTES + " counters in all.");
        }
        return new CountMinSketch(CountMin.create(depth, width, seed));
    }

    /// The sketch in these bytes.
    ///
    /// @throws dev.headrace.errors.DataException `COUNT_MIN_INVALID_INPUT_SKETCH_BUFFER` if they are none
    public static CountMinSketch readFrom(byte[] bytes) {
        return new CountMinSketch(CountMin.read("CountMinSketch.readFrom", bytes));
    }

    public byte[] toByteArray() {
        return counts.bytes();
    }

    /// How much too high an estimate is at most, as a part of [#totalCount].
    public double relativeError() {
        return 2.0 / counts.width();
    }

    /// How probable it is that an estimate is as exact as [#relativeError] says.
    public double confidence() {
        return 1 - 1 / Math.pow(2, counts.depth());
    }

    public int depth() {
        return counts.depth();
    }

    public int width() {
        return counts.width();
    }

    /// How many values were counted.
    public long totalCount() {
        return counts.total();
    }

    /// Counts a value once.
    ///
    /// @param item a `Byte`, `Short`, `Integer`, `Long`, `String` or `byte[]`
    /// @throws QueryException `INVALID_PARAMETER_VALUE` if it is none of them
    public void add(Object item) {
        add(item, 1);
    }

    /// Counts a value so many times.
    ///
    /// @param count not negative
    public void add(Object item, long count) {
        if (count < 0) {
            throw new QueryException(
                    "INVALID_PARAMETER_VALUE",
                    "CountMinSketch.add: '" + count + "' is negative. Nothing is taken back.");
        }
        switch (item) {
            case String text -> counts.add(bytes(text), count);
            case byte[] bytes -> counts.add(Slice.of(bytes), count);
            default -> counts.add(integer(item), count);
        }
    }

    public void addLong(long item) {
        counts.add(item, 1);
    }

    public void addString(String item) {
        counts.add(bytes(item), 1);
    }

    public void addBinary(byte[] item) {
        counts.add(Slice.of(item), 1);
    }

    /// How often a value was counted, or more.
    ///
    /// @param item as for [#add]
    public long estimateCount(Object item) {
        return switch (item) {
            case String text -> counts.count(bytes(text));
            case byte[] bytes -> counts.count(Slice.of(bytes));
            default -> counts.count(integer(item));
        };
    }

    private static Slice bytes(String text) {
        return Slice.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long integer(Object item) {
        return switch (item) {
            case Long number -> number;
            case Integer number -> number;
            case Short number -> number;
            case Byte number -> number;
            default ->
                throw new QueryException(
                        "INVALID_PARAMETER_VALUE",
                        "CountMinSketch: '" + item + "' is a "
                                + item.getClass().getSimpleName()
                                + ". Expected: Byte, Short, Integer, Long, String or byte[].");
        };
    }

    /// Adds what another sketch has counted.
    ///
    /// @param other of the same depth, width and seed
    /// @return this sketch
    /// @throws QueryException `INVALID_PARAMETER_VALUE` if it is of another size or seed
    public CountMinSketch mergeInPlace(CountMinSketch other) {
        if (!counts.isLike(other.counts)) {
            throw new QueryException(
                    "INVALID_PARAMETER_VALUE",
                    "CountMinSketch.mergeInPlace: one sketch has " + depth() + " rows of " + width()
                            + " counters, the other one " + other.depth() + " of " + other.width()
                            + ". They must be equal, and made with the same seed.");
        }
        counts.merge(other.counts);
        return this;
    }
}
