package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.column.values.bloomfilter.BlockSplitBloomFilter;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// Gathers the hashes of a column's values in a row group, so that the filter can be as large as the number of
/// different values asks for.
final class BloomFilterBuilder {
    private final PrimitiveTypeName type;
    private final double chance;
    private final int maxBytes;
    private final BlockSplitBloomFilter hasher = new BlockSplitBloomFilter(BlockSplitBloomFilter.LOWER_BOUND_BYTES);
    private long[] hashes = new long[0];
    private int count;

    BloomFilterBuilder(PrimitiveTypeName type, double chance, int maxBytes) {
        this.type = type;
        this.chance = chance;
        this.maxBytes = maxBytes;
    }

    /// @param values integers as they are, floating-point numbers as their bits
    void add(long[] values, int rows) {
        reserve(rows);
        for (int i = 0; i < rows; i++) {
            hashes[count++] = switch (type) {
                case INT32 -> hasher.hash((int) values[i]);
                case FLOAT -> hasher.hash(Float.intBitsToFloat((int) values[i]));
                case DOUBLE -> hasher.hash(Double.longBitsToDouble(values[i]));
                default -> hasher.hash(values[i]);
            };
        }
    }

    void add(long[] addresses, int[] lengths, int rows) {
        reserve(rows);
        for (int i = 0; i < rows; i++) {
            byte[] bytes = new byte[lengths[i]];
            Memory.copy(null, addresses[i], bytes, Memory.BYTES, lengths[i]);
            hashes[count++] = hasher.hash(Binary.fromConstantByteArray(bytes));
        }
    }

    private void reserve(int more) {
        if (hashes.length < count + more) {
            hashes = Arrays.copyOf(hashes, Math.max(count + more, 2 * hashes.length));
        }
    }

    /// The filter of the row group, which is forgotten; empty if it has no values.
    Optional<BloomFilter> finish() {
        if (count == 0) {
            return Optional.empty();
        }
        Arrays.sort(hashes, 0, count);
        long distinct = 1;
        for (int i = 1; i < count; i++) {
            distinct += hashes[i] == hashes[i - 1] ? 0 : 1;
        }
        int bytes = BlockSplitBloomFilter.optimalNumOfBits(distinct, chance) / Byte.SIZE;
        BloomFilter filter = new BlockSplitBloomFilter(Math.min(bytes, maxBytes), maxBytes);
        for (int i = 0; i < count; i++) {
            filter.insertHash(hashes[i]);
        }
        count = 0;
        return Optional.of(filter);
    }
}
