package dev.headrace.parquet;

import dev.headrace.chunk.Slice;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/// What is known about a file that was written.
///
/// @param rowCount how many rows it has
/// @param sizeBytes its length
/// @param columns by name, as far as they are not within lists or maps
public record ParquetFileStatistics(long rowCount, long sizeBytes, Map<String, Column> columns) {
    public ParquetFileStatistics {
        columns = Map.copyOf(columns);
    }

    /// What is known about a column.
    public sealed interface Column {}

    /// A column of values.
    ///
    /// @param nullCount how many rows have no value, for null itself or within a null struct
    /// @param min the least value, a [dev.headrace.chunk.Cell] object; empty if there is none, or if one is NaN
    /// @param max the greatest value; empty in the same cases
    public record Values(long nullCount, Optional<Object> min, Optional<Object> max) implements Column {}

    /// A struct.
    ///
    /// @param fields by name
    public record Struct(Map<String, Column> fields) implements Column {
        public Struct {
            fields = Map.copyOf(fields);
        }
    }

    static ParquetFileStatistics of(StructType schema, List<BlockMetaData> rowGroups, long sizeBytes) {
        Map<List<String>, Statistics<?>> merged = new LinkedHashMap<>();
        Set<List<String>> unbounded = new HashSet<>();
        long rows = 0;
        for (BlockMetaData group : rowGroups) {
            rows += group.getRowCount();
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                Statistics<?> statistics = chunk.getStatistics();
                List<String> path = List.of(chunk.getPath().toArray());
                if (!statistics.hasNonNullValue() && statistics.getNumNulls() != chunk.getValueCount()) {
                    unbounded.add(path);
                }
                merged.merge(path, statistics.copy(), ParquetFileStatistics::merge);
            }
        }
        return new ParquetFileStatistics(rows, sizeBytes, fields(schema, List.of(), merged, unbounded));
    }

    private static Statistics<?> merge(Statistics<?> left, Statistics<?> right) {
        left.mergeStatistics(right);
        return left;
    }

    private static Map<String, Column> fields(
            StructType struct,
            List<String> prefix,
            Map<List<String>, Statistics<?>> merged,
            Set<List<String>> unbounded) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (StructField field : struct) {
            List<String> path = new java.util.ArrayList<>(prefix);
            path.add(field.name());
            if (field.dataType() instanceof StructType inner) {
                columns.put(field.name(), new Struct(fields(inner, path, merged, unbounded)));
            } else if (!field.dataType().isNested() && merged.containsKey(path)) {
                columns.put(field.name(), values(merged.get(path), !unbounded.contains(path), field.dataType()));
            }
        }
        return columns;
    }

    /// @param complete whether each row group that has values has bounds: writers leave long ones out
    private static Values values(Statistics<?> statistics, boolean complete, DataType type) {
        boolean bounded = complete
                && statistics.hasNonNullValue()
                && !(statistics.isNanCountSet() && statistics.getNanCount() > 0);
        return new Values(
                statistics.getNumNulls(),
                bounded ? Optional.ofNullable(cell(statistics.genericGetMin(), type)) : Optional.empty(),
                bounded ? Optional.ofNullable(cell(statistics.genericGetMax(), type)) : Optional.empty());
    }

    private static @Nullable Object cell(@Nullable Object value, DataType type) {
        return switch (value) {
            case null -> null;
            case Integer number when type instanceof ByteType -> number.byteValue();
            case Integer number when type instanceof ShortType -> number.shortValue();
            case Integer number when type instanceof DecimalType(int _, int scale) -> BigDecimal.valueOf(number, scale);
            case Long number when type instanceof DecimalType(int _, int scale) -> BigDecimal.valueOf(number, scale);
            case Binary binary when type instanceof DecimalType(int _, int scale) ->
                new BigDecimal(new BigInteger(binary.getBytes()), scale);
            case Binary binary -> Slice.of(binary.getBytes());
            default -> value;
        };
    }
}
