package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.function.Murmur3Hash;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/// A count-min sketch, with Spark's hashes and in its format, version 1: big-endian, the version (4 bytes), the number
/// of values (8), depth (4), width (4), a factor per row (8 each), and the counts, row by row (8 each).
public final class CountMin {
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 20;
    private static final long PRIME = (1L << 31) - 1;

    private final int width;
    private final long[] factors;
    /// Row by row, as many as there are factors.
    private final long[] counts;
    private long total;

    private CountMin(int width, long[] factors, long[] counts, long total) {
        this.width = width;
        this.factors = factors;
        this.counts = counts;
        this.total = total;
    }

    public static CountMin create(int depth, int width, int seed) {
        Random random = new Random(seed);
        long[] factors = new long[depth];
        Arrays.setAll(factors, row -> random.nextInt(Integer.MAX_VALUE));
        return new CountMin(width, factors, new long[Math.multiplyExact(depth, width)], 0);
    }

    /// How wide a sketch is whose counts are at most this part of all too high.
    public static int widthFor(double relativeError) {
        return (int) Math.ceil(2 / relativeError);
    }

    /// How deep a sketch is whose counts are within the error with this probability.
    public static int depthFor(double confidence) {
        return (int) Math.ceil(-Math.log(1 - confidence) / Math.log(2));
    }

    public int depth() {
        return factors.length;
    }

    public int width() {
        return width;
    }

    /// How many values were counted.
    public long total() {
        return total;
    }

    public void add(long value, long times) {
        for (int row = 0; row < factors.length; row++) {
            counts[cell(row, value)] += times;
        }
        total += times;
    }

    /// Counts a text or a binary.
    public void add(Slice value, long times) {
        int first = Murmur3Hash.hash(value, 0);
        int second = Murmur3Hash.hash(value, first);
        for (int row = 0; row < factors.length; row++) {
            counts[cell(row, first, second)] += times;
        }
        total += times;
    }

    /// How often a value was counted, or more.
    public long count(long value) {
        long least = Long.MAX_VALUE;
        for (int row = 0; row < factors.length; row++) {
            least = Math.min(least, counts[cell(row, value)]);
        }
        return least;
    }

    /// How often a text or a binary was counted, or more.
    public long count(Slice value) {
        int first = Murmur3Hash.hash(value, 0);
        int second = Murmur3Hash.hash(value, first);
        long least = Long.MAX_VALUE;
        for (int row = 0; row < factors.length; row++) {
            least = Math.min(least, counts[cell(row, first, second)]);
        }
        return least;
    }

    private int cell(int row, long value) {
        long hash = factors[row] * value;
        hash += hash >> Integer.SIZE;
        return row * width + (int) (hash & PRIME) % width;
    }

    private int cell(int row, int first, int second) {
        return row * width + Math.abs((first + row * second) % width);
    }

    /// Whether the other has the same size and hashes, and so can be merged.
    public boolean isLike(CountMin other) {
        return width == other.width && Arrays.equals(factors, other.factors);
    }

    public void merge(CountMin other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    public byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + (factors.length + counts.length) * Long.BYTES)
                .putInt(VERSION)
                .putLong(total)
                .putInt(factors.length)
                .putInt(width);
        bytes.asLongBuffer().put(factors).put(counts);
        return bytes.array();
    }

    /// @param function for messages
    /// @throws dev.headrace.errors.DataException `COUNT_MIN_INVALID_INPUT_SKETCH_BUFFER`
    public static CountMin read(String function, byte[] bytes) {
        return SketchKind.COUNT_MIN.read(function, Slice.of(bytes), CountMin::parse);
    }

    private static CountMin parse(byte[] image) {
        ByteBuffer bytes = ByteBuffer.wrap(image);
        int version = bytes.getInt();
        long total = bytes.getLong();
        int depth = bytes.getInt();
        int width = bytes.getInt();
        if (version != VERSION
                || depth < 1
                || width < 1
                || HEAD_BYTES + Long.BYTES * (depth + (long) depth * width) != image.length) {
            throw new IllegalArgumentException("version " + version + ", " + depth + " rows of " + width);
        }
        long[] factors = new long[depth];
        long[] counts = new long[depth * width];
        bytes.asLongBuffer().get(factors).get(counts);
        return new CountMin(width, factors, counts, total);
    }
}
