package dev.headrace.parquet.metadata;

import java.util.Arrays;
import org.apache.parquet.CorruptStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.ColumnOrder.ColumnOrderName;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// Decodes a column chunk's statistics (`Statistics` in `parquet.thrift`), as far as its bounds can be trusted.
///
/// Files have two pairs of bounds. `min_value` and `max_value` are in the order that the footer gives the column, and
/// hold where that is one that we know. The older `min` and `max` were always compared as signed numbers or bytes:
/// they hold for types that compare so, and where they are the same; but not those of bytes by writers that are known
/// to have got them wrong.
final class ChunkStatistics {
    private ChunkStatistics() {}

    /// @param present whether the file has any
    static Statistics<?> read(CompactReader in, boolean present, PrimitiveType type, @Nullable String createdBy) {
        Statistics.Builder statistics = Statistics.getBuilderForReading(type);
        if (!present) {
            return statistics.build();
        }
        byte[] oldMax = null;
        byte[] oldMin = null;
        byte[] max = null;
        byte[] min = null;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> oldMax = in.binary();
                case 2 -> oldMin = in.binary();
                case 3 -> statistics.withNumNulls(in.i64());
                case 5 -> max = in.binary();
                case 6 -> min = in.binary();
                case 9 -> statistics.withNanCount(in.i64());
                default -> in.skip();
            }
        }
        if (min != null && max != null) {
            if (isOrdered(type) || Arrays.equals(min, max)) {
                statistics.withMin(min).withMax(max);
            }
        } else if (oldMin != null
                && oldMax != null
                && (comparesSigned(type) || Arrays.equals(oldMin, oldMax))
                && !CorruptStatistics.shouldIgnoreStatistics(createdBy, type.getPrimitiveTypeName())) {
            statistics.withMin(oldMin).withMax(oldMax);
        }
        return statistics.build();
    }

    /// Whether bounds of the column are in an order that we know.
    static boolean isOrdered(PrimitiveType type) {
        return type.columnOrder().getColumnOrderName() != ColumnOrderName.UNDEFINED;
    }

    private static boolean comparesSigned(PrimitiveType type) {
        return switch (type.getLogicalTypeAnnotation()) {
            case IntLogicalTypeAnnotation integer -> integer.isSigned();
            case DateLogicalTypeAnnotation _,
                    TimeLogicalTypeAnnotation _,
                    TimestampLogicalTypeAnnotation _,
                    Float16LogicalTypeAnnotation _ -> true;
            case DecimalLogicalTypeAnnotation _, IntervalLogicalTypeAnnotation _, UnknownLogicalTypeAnnotation _ ->
                false;
            case null, default ->
                switch (type.getPrimitiveTypeName()) {
                    case BOOLEAN, INT32, INT64, FLOAT, DOUBLE -> true;
                    case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> false;
                };
        };
    }
}
