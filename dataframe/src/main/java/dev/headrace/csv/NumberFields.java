package dev.headrace.csv;

import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.DecimalScan;
import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.ParsePosition;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Readers of numbers with a point.
final class NumberFields {
    private NumberFields() {}

    /// Reads `double` or `float`.
    static final class OfDouble extends FieldReader {
        private final byte[] kinds;
        private final FixedWriter column;
        private final boolean single;
        private final CsvOptions.Words words;
        /// Whether a word for what is no number, such as `-999`, is the text of one.
        private final boolean hasNumericWord;

        private final DecimalScan scan = new DecimalScan();

        /// @param single whether the column is of `float`
        OfDouble(CsvSyntax syntax, FixedWriter column, boolean single, CsvOptions.Words words) {
            this.kinds = syntax.kinds();
            this.column = column;
            this.single = single;
            this.words = words;
            this.hasNumericWord = Stream.of(words.nan(), words.positiveInfinity(), words.negativeInfinity())
                    .anyMatch(word -> word.chars().anyMatch(c -> c >= '0' && c <= '9'));
        }

        @Override
        int read(byte[] data, int pos, int row) {
            int end = scan.scan(data, pos);
            if (end == pos || kinds[CsvSyntax.at(data, end) & 0xff] == CsvSyntax.PLAIN || hasNumericWord) {
                return OTHER;
            }
            putScanned(data, row);
            return end;
        }

        private void putScanned(byte[] data, int row) {
            if (single) {
                column.putFloat(row, scan.floatValue(data));
            } else {
                column.putDouble(row, scan.doubleValue(data));
            }
        }

        @Override
        boolean put(byte[] text, int from, int to, int row) {
            if (to > from && scan.scan(text, from) == to && !hasNumericWord) {
                putScanned(text, row);
                return true;
            }
            String number = new String(text, from, to - from, StandardCharsets.UTF_8);
            double word = word(number);
            if (Double.isFinite(word)) {
                return putNumber(number, row);
            }
            if (single) {
                column.putFloat(row, (float) word);
            } else {
                column.putDouble(row, word);
            }
            return true;
        }

        private double word(String text) {
            return text.equals(words.nan())
                    ? Double.NaN
                    : text.equals(words.positiveInfinity())
                            ? Double.POSITIVE_INFINITY
                            : text.equals(words.negativeInfinity()) ? Double.NEGATIVE_INFINITY : 0;
        }

        private boolean putNumber(String number, int row) {
            try {
                if (single) {
                    column.putFloat(row, Float.parseFloat(number));
                } else {
                    column.putDouble(row, Double.parseDouble(number));
                }
                return true;
            } catch (NumberFormatException _) {
                return false;
            }
        }
    }

    /// Reads decimals; digits that the scale has no room for are rounded off.
    static final class OfDecimal extends FieldReader {
        private static final int MAX_CHARS = 1000;

        private final byte[] kinds;
        private final FixedWriter column;
        private final DecimalType type;
        private final @Nullable DecimalFormat format;
        private final long max;
        private final DecimalScan scan = new DecimalScan();

        /// @param locale in which numbers are written
        OfDecimal(CsvSyntax syntax, FixedWriter column, DecimalType type, Locale locale) {
            this.kinds = syntax.kinds();
            this.column = column;
            this.type = type;
            this.format = locale.equals(Locale.US) ? null : format(locale);
            this.max = type.precision() > 18
                    ? Long.MAX_VALUE
                    : BigInteger.TEN.pow(type.precision()).longValue() - 1;
        }

        private static DecimalFormat format(Locale locale) {
            DecimalFormat format = new DecimalFormat("", new DecimalFormatSymbols(locale));
            format.setParseBigDecimal(true);
            return format;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            if (format != null) {
                return OTHER;
            }
            int end = scan.scan(data, pos);
            boolean whole = end > pos && kinds[CsvSyntax.at(data, end) & 0xff] != CsvSyntax.PLAIN;
            return whole && putScanned(row) ? end : OTHER;
        }

        private boolean putScanned(int row) {
            if (!scan.isSmall(type.scale())) {
                return false;
            }
            long unscaled = scan.smallUnscaledValue(type.scale());
            if (unscaled > max || unscaled < -max) {
                return false;
            }
            column.putDecimal(row, unscaled >> 63, unscaled);
            return true;
        }

        @Override
        boolean put(byte[] text, int from, int to, int row) {
            if (format == null && to > from && scan.scan(text, from) == to && putScanned(row)) {
                return true;
            }
            if (to - from > MAX_CHARS) {
                return false;
            }
            @Nullable BigDecimal value = decimal(new String(text, from, to - from, StandardCharsets.UTF_8), format);
            if (value == null || Math.abs((long) value.scale()) > MAX_CHARS) {
                return false;
            }
            BigDecimal fitting = value.setScale(type.scale(), RoundingMode.HALF_UP);
            if (fitting.precision() > type.precision()) {
                return false;
            }
            column.putDecimal(row, fitting.unscaledValue());
            return true;
        }

        private static @Nullable BigDecimal decimal(String text, @Nullable DecimalFormat format) {
            if (format != null) {
                ParsePosition position = new ParsePosition(0);
                BigDecimal value = (BigDecimal) format.parse(text, position);
                return position.getIndex() == text.length() ? value : null;
            }
            try {
                return new BigDecimal(text.replace(",", ""));
            } catch (NumberFormatException _) {
                return null;
            }
        }
    }
}
