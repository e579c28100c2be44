package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.files.LegacyCalendar;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.Optional;
import java.util.function.Function;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// By which calendars the dates and times of a file are counted: ours, unless an old one is given.
///
/// @param legacy that of dates, and of timestamps of 64 bits
/// @param legacyInt96 that of timestamps of 96 bits, which Spark has turned over later
record FileTimes(Optional<LegacyCalendar> legacy, Optional<LegacyCalendar> legacyInt96) {
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /// @param notes what the file has noted under a key; null for nothing
    static FileTimes of(Function<String, @Nullable String> notes) {
        return new FileTimes(
                LegacyCalendar.of(notes, "3.0.0", "org.apache.spark.legacyDateTime"),
                LegacyCalendar.of(notes, "3.1.0", "org.apache.spark.legacyINT96"));
    }

    /// With what is left to do once the file's numbers are those of the type.
    LeafTarget understood(PrimitiveType file, DataType type, LeafTarget target) {
        NumberConversion moved = moved(file, type);
        if (moved == null) {
            return target;
        }
        return switch (target) {
            case LeafTarget.Number(int width, NumberConversion conversion) ->
                new LeafTarget.Number(width, conversion == null ? moved : conversion.then(moved));
            case LeafTarget.FromBytes(int width, BytesConversion conversion) ->
                new LeafTarget.FromBytes(width, conversion.then(moved));
            case LeafTarget other -> other;
        };
    }

    /// Whether the values of a column are the numbers that the file has.
    boolean areAsStored(PrimitiveType file, DataType type) {
        return moved(file, type) == null;
    }

    /// Whether the file's numbers compare with that of a constant as the values do with the constant.
    boolean areComparable(PrimitiveType file, DataType type, Object constant) {
        if (areAsStored(file, type)) {
            return true;
        }
        return switch (constant) {
            case Integer days -> LegacyCalendar.isSameFromDay(days);
            case Long micros -> LegacyCalendar.isSameFromMicros(micros);
            default -> false;
        };
    }

    private @Nullable NumberConversion moved(PrimitiveType file, DataType type) {
        return switch (type) {
            case DateType _ -> legacy.map(FileTimes::days).orElse(null);
            // There were no such types then: it is a date that is read as one.
            case TimestampNTZType _ ->
                file.getLogicalTypeAnnotation() instanceof DateLogicalTypeAnnotation
                        ? legacy.map(FileTimes::wholeDays).orElse(null)
                        : null;
            case TimestampType _ when file.getPrimitiveTypeName() == PrimitiveTypeName.INT96 ->
                legacyInt96.map(FileTimes::micros).orElse(null);
            case TimestampType _ ->
                file.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation time
                                && time.getUnit() != TimeUnit.NANOS
                        ? legacy.map(FileTimes::micros).orElse(null)
                        : null;
            case DataType _ -> null;
        };
    }

    private static NumberConversion days(LegacyCalendar calendar) {
        return (from, to, count) -> {
            for (int i = 0; i < count; i++) {
                Memory.putInt(to + 4L * i, calendar.days(Memory.getInt(from + 4L * i)));
            }
        };
    }

    private static NumberConversion wholeDays(LegacyCalendar calendar) {
        return (from, to, count) -> {
            for (int i = 0; i < count; i++) {
                int day = (int) (Memory.getLong(from + 8L * i) / MICROS_PER_DAY);
                Memory.putLong(to + 8L * i, calendar.days(day) * MICROS_PER_DAY);
            }
        };
    }

    private static NumberConversion micros(LegacyCalendar calendar) {
        return (from, to, count) -> {
            for (int i = 0; i < count; i++) {
                Memory.putLong(to + 8L * i, calendar.micros(Memory.getLong(from + 8L * i)));
            }
        };
    }
}
