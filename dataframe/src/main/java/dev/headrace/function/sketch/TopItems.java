package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.FrequentItemsSketch;
import org.jspecify.annotations.Nullable;

/// A sketch of the most frequent values of a column, and how many nulls there were. Exact as long as there are no more
/// distinct values than it follows.
final class TopItems {
    static final int DEFAULT_K = 5;
    static final int DEFAULT_MAX_ITEMS = 10_000;
    static final int LIMIT = 1_000_000;

    /// How full the sketch's hash table may be.
    private static final double LOAD = 0.75;

    /// Where the bytes of a sketch that is not empty have the number of values, and how much too low counts may be.
    private static final int LENGTH_AT = 16;
    private static final int ERROR_AT = 24;
    /// And the size of the hash table when it is full, as a power of two.
    private static final int LG_TABLE_AT = 3;

    private final int tableSize;
    private final FrequentItemsSketch<Object> sketch;
    private long nulls;

    private TopItems(int tableSize, FrequentItemsSketch<Object> sketch, long nulls) {
        this.tableSize = tableSize;
        this.sketch = sketch;
        this.nulls = nulls;
    }

    /// @param maxItems how many distinct values are followed at least
    static TopItems following(int maxItems) {
        int size = tableSize(maxItems);
        return new TopItems(size, new FrequentItemsSketch<>(size), 0);
    }

    private static int tableSize(int maxItems) {
        int least = (int) Math.ceil(maxItems / LOAD);
        return Math.max(2, Integer.highestOneBit(least - 1) << 1);
    }

    /// About how many bytes of the heap the largest sketch has.
    static long mostBytes(int maxItems) {
        return 80L * tableSize(maxItems);
    }

    void add(@Nullable Object cell, ItemCodec codec) {
        if (cell == null) {
            nulls++;
        } else {
            sketch.update(codec.item(cell));
        }
    }

    void merge(TopItems other) {
        sketch.merge(other.sketch);
        nulls += other.nulls;
    }

    /// The items and their counts in a hash table that they were put in in their order: it is the same however the
    /// values came, and also when the sketch has been written and read again.
    private FrequentItemsSketch<Object> inOrder() {
        FrequentItemsSketch.Row<Object>[] rows = sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES);
        Arrays.sort(rows, (a, b) -> compare(a.getItem(), b.getItem()));
        FrequentItemsSketch<Object> ordered = new FrequentItemsSketch<>(tableSize);
        for (FrequentItemsSketch.Row<Object> row : rows) {
            ordered.update(row.getItem(), row.getLowerBound());
        }
        return ordered;
    }

    @SuppressWarnings("unchecked") // of the same class all of them
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    /// The sketch's bytes and, as eight more, the number of nulls.
    Slice bytes(ItemCodec codec) {
        boolean some = sketch.getNumActiveItems() > 0;
        byte[] items = (some ? inOrder() : sketch).toByteArray(codec.serDe());
        if (some) {
            ByteBuffer.wrap(items)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(LENGTH_AT, sketch.getStreamLength())
                    .putLong(ERROR_AT, sketch.getMaximumError());
        }
        return Slice.of(ByteBuffer.allocate(items.length + Long.BYTES)
                .put(items)
                .putLong(nulls)
                .array());
    }

    /// @throws RuntimeException if they are no such bytes
    static TopItems read(byte[] bytes, ItemCodec codec) {
        int end = bytes.length - Long.BYTES;
        byte[] items = Arrays.copyOf(bytes, end);
        return new TopItems(
                1 << items[LG_TABLE_AT],
                FrequentItemsSketch.getInstance(MemorySegment.ofArray(items), codec.serDe()),
                ByteBuffer.wrap(bytes).getLong(end));
    }

    /// The most frequent values and how often they are there, as cells of structs; null is a value like others.
    List<Object> most(int k, ItemCodec codec) {
        List<Object> found = new ArrayList<>();
        boolean nullsToCome = nulls > 0;
        long error = sketch.getMaximumError();
        for (FrequentItemsSketch.Row<Object> row : inOrder().getFrequentItems(error, ErrorType.NO_FALSE_POSITIVES)) {
            long count = row.getEstimate() + error;
            if (nullsToCome && nulls > count) {
                found.add(entry(null, nulls));
                nullsToCome = false;
            }
            found.add(entry(codec.cell(row.getItem()), count));
        }
        if (nullsToCome) {
            found.add(entry(null, nulls));
        }
        return found.size() > k ? List.copyOf(found.subList(0, k)) : found;
    }

    private static List<@Nullable Object> entry(@Nullable Object item, long count) {
        List<@Nullable Object> entry = new ArrayList<>();
        entry.add(item);
        entry.add(count);
        return entry;
    }
}
