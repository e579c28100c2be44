package dev.headrace.parquet;

import dev.headrace.parquet.encoding.MalformedPageException;
import dev.headrace.parquet.metadata.CompactReader;
import dev.headrace.parquet.metadata.MalformedMetadataException;
import dev.headrace.parquet.metadata.PageBounds;
import dev.headrace.parquet.metadata.PageLocations;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.DictionaryPageReadStore;
import org.apache.parquet.filter2.columnindex.RowRanges;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.dictionarylevel.DictionaryFilter;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.statisticslevel.StatisticsFilter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexFilter;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexStore;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// Decides which rows of a row group to read: by its statistics, its dictionaries, its bloom filters, and
/// the statistics of its pages.
final class RowGroupFilter {
    /// The library makes objects of a dictionary's entries: beyond this (compressed bytes), that costs more than it
    /// saves.
    private static final int MAX_DICTIONARY = 64 << 10;

    private final FileInput input;
    private final ParquetFooter footer;
    private final PushedFilter filter;
    private final Set<ColumnPath> comparedWithValues;
    private final BufferAllocator allocator;

    RowGroupFilter(FileInput input, ParquetFooter footer, ParquetScan scan, BufferAllocator allocator) {
        this.input = input;
        this.footer = footer;
        this.allocator = allocator;
        this.filter = PushedFilter.of(scan, footer);
        this.comparedWithValues = PushedFilter.comparedWithValues(filter);
    }

    /// The rows of a row group that the filter may hold for; empty if there are none.
    Optional<RowGroup> select(int ordinal) {
        try {
            return selectBy(ordinal);
        } catch (MalformedMetadataException damaged) {
            throw ParquetErrors.damagedFooter(footer.path(), damaged);
        }
    }

    private Optional<RowGroup> selectBy(int ordinal) {
        BlockMetaData group = footer.rowGroups().get(ordinal);
        if (group.getRowCount() == 0) {
            return Optional.empty();
        }
        return switch (filter) {
            case PushedFilter.Never() -> Optional.empty();
            case PushedFilter.Unknown() -> Optional.of(whole(ordinal, group));
            case PushedFilter.Test(FilterPredicate predicate) -> {
                if (StatisticsFilter.canDrop(predicate, group.getColumns())
                        || dictionariesDrop(predicate, group)
                        || new BloomFilters(input, group, comparedWithValues).canDrop(predicate)) {
                    yield Optional.empty();
                }
                yield byPages(ordinal, group, predicate);
            }
        };
    }

    private static RowGroup whole(int ordinal, BlockMetaData group) {
        return new RowGroup(ordinal, group, List.of(new RowGroup.Range(0, group.getRowCount())), _ -> null);
    }

    /// The dictionaries of columns that are compared with single values. For bounds, statistics say almost as much.
    private boolean dictionariesDrop(FilterPredicate predicate, BlockMetaData group) {
        if (comparedWithValues.isEmpty()) {
            return false;
        }
        try (Dictionaries dictionaries = new Dictionaries(group)) {
            return DictionaryFilter.canDrop(predicate, group.getColumns(), dictionaries);
        } catch (ParquetDecodingException | IndexOutOfBoundsException damaged) {
            throw ParquetErrors.damaged(footer.path(), names(comparedWithValues), group.getOrdinal(), damaged);
        }
    }

    private static String names(Set<ColumnPath> columns) {
        return columns.stream().map(ColumnPath::toDotString).collect(Collectors.joining(", "));
    }

    /// Reads dictionary pages for the library's filter.
    private final class Dictionaries implements DictionaryPageReadStore {
        private final BlockMetaData group;

        Dictionaries(BlockMetaData group) {
            this.group = group;
        }

        @Override
        public @Nullable DictionaryPage readDictionaryPage(org.apache.parquet.column.ColumnDescriptor descriptor) {
            ColumnPath path = ColumnPath.get(descriptor.getPath());
            for (ColumnChunkMetaData column : group.getColumns()) {
                if (column.getPath().equals(path) && comparedWithValues.contains(path) && worthReading(column)) {
                    return read(column);
                }
            }
            return null;
        }

        private static boolean worthReading(ColumnChunkMetaData column) {
            long bytes = column.getFirstDataPageOffset() - column.getDictionaryPageOffset();
            return column.hasDictionaryPage()
                    && bytes <= MAX_DICTIONARY
                    && PageDecompressor.supports(column.getCodec());
        }

        private @Nullable DictionaryPage read(ColumnChunkMetaData column) {
            try (ColumnPages pages = new ColumnPages(input, false, false, allocator)) {
                pages.start(column, null);
                return checked(pages.readDictionaryOnly(), column.getPrimitiveType());
            } catch (MalformedPageException malformed) {
                throw ParquetErrors.damaged(
                        footer.path(), column.getPath().toDotString(), group.getOrdinal(), malformed);
            }
        }

        /// The library makes room for as many values as the page says it has, and reads texts as long as they say.
        private static @Nullable DictionaryPage checked(@Nullable DictionaryPage page, PrimitiveType type)
                throws MalformedPageException {
            if (page == null) {
                return null;
            }
            int width = switch (type.getPrimitiveTypeName()) {
                case BOOLEAN -> 1;
                case INT32, FLOAT, BINARY -> Integer.BYTES;
                case INT64, DOUBLE -> Long.BYTES;
                case INT96 -> 12;
                case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
            };
            int entries = page.getDictionarySize();
            int bytes = page.getUncompressedSize();
            if ((long) entries * width > bytes) {
                throw new MalformedPageException("a dictionary of " + entries + " entries in " + bytes + " bytes");
            }
            return page;
        }
    }

    private Optional<RowGroup> byPages(int ordinal, BlockMetaData group, FilterPredicate predicate) {
        PageIndexes indexes = new PageIndexes(group);
        if (!indexes.complete()) {
            return Optional.of(whole(ordinal, group));
        }
        Set<ColumnPath> paths = new HashSet<>();
        group.getColumns().forEach(column -> paths.add(column.getPath()));
        RowRanges rows =
                ColumnIndexFilter.calculateRowRanges(FilterCompat.get(predicate), indexes, paths, group.getRowCount());
        if (rows.rowCount() == group.getRowCount()) {
            return Optional.of(whole(ordinal, group));
        }
        List<RowGroup.Range> ranges = rows.getRanges().stream()
                .map(range -> new RowGroup.Range(range.from, range.to + 1))
                .toList();
        return ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(new RowGroup(ordinal, group, ranges, indexes::getOffsetIndex));
    }

    /// The page indexes of a row group, read when they are asked for.
    private final class PageIndexes implements ColumnIndexStore {
        private final Map<ColumnPath, ColumnChunkMetaData> columns = new HashMap<>();
        private final Map<ColumnPath, OffsetIndex> offsets = new HashMap<>();
        private final int ordinal;
        private final long rowCount;

        PageIndexes(BlockMetaData group) {
            ordinal = group.getOrdinal();
            rowCount = group.getRowCount();
            group.getColumns().forEach(column -> columns.put(column.getPath(), column));
        }

        /// Whether all columns say where their pages lie.
        boolean complete() {
            return columns.values().stream().allMatch(column -> column.getOffsetIndexReference() != null);
        }

        @Override
        public @Nullable ColumnIndex getColumnIndex(ColumnPath path) {
            ColumnChunkMetaData column = columns.get(path);
            if (column == null || column.getColumnIndexReference() == null) {
                return null;
            }
            try {
                ColumnIndex bounds =
                        PageBounds.read(bytes(column.getColumnIndexReference()), column.getPrimitiveType());
                if (bounds != null) {
                    requireSamePages(bounds, getOffsetIndex(path));
                }
                return bounds;
            } catch (MalformedMetadataException damaged) {
                throw ParquetErrors.damaged(footer.path(), path.toDotString(), ordinal, damaged);
            }
        }

        /// The library takes the places of the pages that may match, as many as there are bounds.
        private static void requireSamePages(ColumnIndex bounds, OffsetIndex places) {
            int pages = bounds.getNullPages().size();
            if (pages != places.getPageCount()) {
                throw new MalformedMetadataException(
                        "an index of bounds of " + pages + " pages, and one of places of " + places.getPageCount());
            }
        }

        @Override
        public OffsetIndex getOffsetIndex(ColumnPath path) {
            return offsets.computeIfAbsent(path, this::readOffsetIndex);
        }

        private OffsetIndex readOffsetIndex(ColumnPath path) {
            ColumnChunkMetaData column = columns.get(path);
            if (column == null) {
                throw new MissingOffsetIndexException(path);
            }
            try {
                return PageLocations.read(bytes(column.getOffsetIndexReference()), rowCount);
            } catch (MalformedMetadataException damaged) {
                throw ParquetErrors.damaged(footer.path(), path.toDotString(), ordinal, damaged);
            }
        }

        private CompactReader bytes(IndexReference reference) {
            long from = reference.getOffset();
            int length = reference.getLength();
            if (from > input.file().length() - length) {
                throw new MalformedMetadataException(
                        "an index of " + length + " bytes from byte " + from + " on is not in the file");
            }
            return new CompactReader(input.file().read(from, length), 0, length);
        }
    }
}
