package dev.headrace.parquet;

import dev.headrace.errors.HeadraceException;
import dev.headrace.parquet.metadata.BloomHeader;
import dev.headrace.parquet.metadata.CompactReader;
import dev.headrace.parquet.metadata.MalformedMetadataException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.column.values.bloomfilter.BlockSplitBloomFilter;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Operators;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;

/// Asks a row group's bloom filters whether it may have the values that a filter wants.
final class BloomFilters {
    /// A header is some twenty bytes.
    private static final int MAX_HEADER = 256;

    private static final int BLOCK_BYTES = 32;

    private final FileInput input;
    private final BlockMetaData group;
    private final Map<ColumnPath, ColumnChunkMetaData> columns;
    private final Map<ColumnPath, Optional<BloomFilter>> filters = new HashMap<>();

    /// @param compared the columns that the filter compares with single values
    BloomFilters(FileInput input, BlockMetaData group, Set<ColumnPath> compared) {
        this.input = input;
        this.group = group;
        this.columns = group.getColumns().stream()
                .filter(column -> compared.contains(column.getPath()) && column.getBloomFilterOffset() >= 0)
                .collect(Collectors.toMap(ColumnChunkMetaData::getPath, column -> column));
    }

    /// Whether no row of the group satisfies the predicate.
    boolean canDrop(FilterPredicate predicate) {
        return !columns.isEmpty() && drops(predicate);
    }

    private boolean drops(FilterPredicate predicate) {
        return switch (predicate) {
            case Operators.And both -> drops(both.getLeft()) || drops(both.getRight());
            case Operators.Or either -> drops(either.getLeft()) && drops(either.getRight());
            case Operators.Eq<?> equal -> {
                Object value = equal.getValue();
                yield value != null && lacks(equal.getColumn().getColumnPath(), Set.of(value));
            }
            case Operators.In<?> in ->
                !in.getValues().contains(null) && lacks(in.getColumn().getColumnPath(), in.getValues());
            default -> false;
        };
    }

    private boolean lacks(ColumnPath path, Set<?> values) {
        ColumnChunkMetaData column = columns.get(path);
        if (column == null) {
            return false;
        }
        Optional<BloomFilter> filter = filters.computeIfAbsent(path, _ -> read(column));
        return filter.isPresent()
                && values.stream()
                        .noneMatch(value -> filter.get().findHash(filter.get().hash(value)));
    }

    /// @return empty if it is of a kind that came later, or not of whole blocks
    private Optional<BloomFilter> read(ColumnChunkMetaData column) {
        try {
            long offset = column.getBloomFilterOffset();
            int most = (int) Math.min(MAX_HEADER, input.file().length() - offset);
            CompactReader bytes = new CompactReader(input.file().read(offset, most), 0, most);
            BloomHeader header = BloomHeader.read(bytes);
            if (!header.known()) {
                return Optional.empty();
            }
            int length = header.bytes();
            if (length <= 0 || length > BlockSplitBloomFilter.UPPER_BOUND_BYTES) {
                throw new MalformedMetadataException("a bloom filter of " + length + " bytes");
            }
            if (length % BLOCK_BYTES != 0) {
                return Optional.empty();
            }
            return Optional.of(new BlockSplitBloomFilter(input.file().read(offset + bytes.position(), length)));
        } catch (RuntimeException damaged) {
            if (damaged instanceof HeadraceException known) {
                throw known;
            }
            throw ParquetErrors.damaged(
                    input.file().path(), column.getPath().toDotString(), group.getOrdinal(), damaged);
        }
    }
}
