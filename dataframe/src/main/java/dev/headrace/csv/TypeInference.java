package dev.headrace.csv;

import dev.headrace.parse.DecimalScan;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the narrowest type that holds all values of a column, for each column of a record: the first of int, bigint,
/// decimal without a fraction, double, date, timestamp and boolean; string if they have nothing in common. Used by one
/// thread.
final class TypeInference {
    private final List<Column> columns;

    TypeInference(int columnCount, CsvOptions options, boolean prefersDate) {
        TimeFormats formats = options.times().formats();
        this.columns = Stream.generate(() -> new Column(options, formats, prefersDate))
                .limit(columnCount)
                .toList();
    }

    /// Readers that learn the types of what they are given.
    List<? extends FieldReader> readers() {
        return columns;
    }

    /// Adds what another inference with as many columns has learnt.
    void merge(TypeInference other) {
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).add(other.columns.get(i).type);
        }
    }

    DataType type(int column) {
        DataType type = columns.get(column).type;
        return type.equals(DataTypes.NullType) ? DataTypes.StringType : type;
    }

    private static final class Column extends FieldReader {
        private final CsvOptions.Words words;
        private final TimeFormats formats;
        private final boolean hasDatePattern;
        private final boolean hasTimestampPattern;
        private final boolean prefersDate;
        private final DecimalScan scan = new DecimalScan();
        private DataType type = DataTypes.NullType;

        Column(CsvOptions options, TimeFormats formats, boolean prefersDate) {
            this.words = options.words();
            this.formats = formats;
            this.hasDatePattern = options.times().dates().isPresent();
            this.hasTimestampPattern = options.times().timestamps().isPresent();
            this.prefersDate = prefersDate;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            return OTHER;
        }

        @Override
        boolean put(byte[] text, int from, int to, int row) {
            if (to > from && !type.equals(DataTypes.StringType)) {
                add(typeOf(text, from, to));
            }
            return true;
        }

        void add(DataType other) {
            type = widest(type, other);
        }

        private DataType typeOf(byte[] text, int from, int to) {
            int first = text[from] == '+' && to - from > 1 && text[from + 1] != '-' ? from + 1 : from;
            if (scan.scan(text, first) == to && scan.isLong()) {
                long value = scan.longValue();
                return value == (int) value ? DataTypes.IntegerType : DataTypes.LongType;
            }
            int day = prefersDate ? date(text, from, to) : TimestampText.OTHER_DATE;
            if (day != TimestampText.OTHER_DATE) {
                return DataTypes.DateType;
            }
            String value = new String(text, from, to - from, StandardCharsets.UTF_8);
            Optional<DataType> number = number(value);
            if (number.isPresent()) {
                return number.get();
            }
            if (formats.timestamp(text, from, to) != TimestampText.OTHER) {
                return DataTypes.TimestampType;
            }
            boolean truth = value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
            return truth ? DataTypes.BooleanType : DataTypes.StringType;
        }

        /// Without a pattern, only `2026-01-31` and the like, so that a timestamp is not taken for a date.
        private int date(byte[] text, int from, int to) {
            return hasDatePattern ? formats.date(text, from, to) : TimestampText.date(text, from, to);
        }

        private Optional<DataType> number(String value) {
            char first = value.charAt(0);
            boolean word = value.equals(words.nan())
                    || value.equals(words.positiveInfinity())
                    || value.equals(words.negativeInfinity());
            if (word) {
                return Optional.of(DataTypes.DoubleType);
            }
            boolean possible = first <= '9' || first == 'N' || first == 'I';
            return possible ? decimal(value).or(() -> floating(value)) : Optional.empty();
        }

        private static Optional<DataType> decimal(String value) {
            try {
                BigDecimal decimal = new BigDecimal(value);
                boolean whole = decimal.scale() == 0 && decimal.precision() <= DecimalType.MAX_PRECISION;
                return whole ? Optional.of(new DecimalType(decimal.precision(), 0)) : Optional.empty();
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }

        private static Optional<DataType> floating(String value) {
            try {
                Double.parseDouble(value);
                return Optional.of(DataTypes.DoubleType);
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }

        private DataType widest(DataType a, DataType b) {
            if (a.equals(b) || b.equals(DataTypes.NullType)) {
                return a;
            }
            if (a.equals(DataTypes.NullType)) {
                return b;
            }
            if (isNumber(a) && isNumber(b)) {
                return widestNumber(a, b);
            }
            boolean times = isTime(a) && isTime(b) && !hasDatePattern && !hasTimestampPattern;
            return times ? DataTypes.TimestampType : DataTypes.StringType;
        }

        private static DataType widestNumber(DataType a, DataType b) {
            if (a.equals(DataTypes.DoubleType) || b.equals(DataTypes.DoubleType)) {
                return DataTypes.DoubleType;
            }
            if (a instanceof DecimalType || b instanceof DecimalType) {
                int precision = Math.max(precision(a), precision(b));
                return new DecimalType(precision, 0);
            }
            return DataTypes.LongType;
        }

        private static int precision(DataType type) {
            return type instanceof DecimalType decimal
                    ? decimal.precision()
                    : type.equals(DataTypes.IntegerType) ? 10 : 20;
        }

        private static boolean isNumber(DataType type) {
            return type.equals(DataTypes.IntegerType)
                    || type.equals(DataTypes.LongType)
                    || type.equals(DataTypes.DoubleType)
                    || type instanceof DecimalType;
        }

        private static boolean isTime(DataType type) {
            return type.equals(DataTypes.DateType) || type.equals(DataTypes.TimestampType);
        }
    }
}
