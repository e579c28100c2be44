package dev.headrace.json;

import dev.headrace.columns.BitWriter;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.DecimalScan;
import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Readers of single values other than whole numbers, strings and times.
final class ScalarReaders {
    private ScalarReaders() {}

    /// Reads `true` and `false`.
    static final class OfBoolean extends ValueReader {
        private final JsonSyntax syntax;
        private final BitWriter column;

        OfBoolean(JsonSyntax syntax, BitWriter column) {
            this.syntax = syntax;
            this.column = column;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            byte c = JsonSyntax.at(data, pos);
            if (c != 't' && c != 'f') {
                return readOther(syntax, column, data, pos, row);
            }
            int end = syntax.skipBoolean(data, pos);
            column.putBoolean(row, c == 't');
            return end;
        }
    }

    /// Reads numbers into `double` or `float`, and the strings that stand for what JSON has no numbers for.
    static final class OfDouble extends ValueReader {
        private final JsonSyntax syntax;
        private final FixedWriter column;
        private final boolean single;
        private final boolean nonNumeric;
        private final DecimalScan scan = new DecimalScan();

        /// @param single whether the column is of `float`
        /// @param nonNumeric whether `"NaN"`, `"Infinity"`, `"-INF"` … are numbers
        OfDouble(JsonSyntax syntax, FixedWriter column, boolean single, boolean nonNumeric) {
            this.syntax = syntax;
            this.column = column;
            this.single = single;
            this.nonNumeric = nonNumeric;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            byte c = JsonSyntax.at(data, pos);
            if (c == '-' || c >= '0' && c <= '9') {
                return readNumber(data, pos, row);
            }
            if (c != '"') {
                return readOther(syntax, column, data, pos, row);
            }
            int end = syntax.skipString(data, pos + 1);
            double value = nonNumeric ? nonNumeric(Text.ascii(data, pos + 1, end - 1)) : 0;
            if (Double.isFinite(value)) {
                return ~end;
            }
            put(row, value);
            return end;
        }

        private int readNumber(byte[] data, int pos, int row) {
            int end = scan.scan(data, pos);
            if (!scan.isStrict()) {
                throw syntax.malformed(pos, "a number as JSON has them");
            }
            if (single) {
                column.putFloat(row, scan.floatValue(data));
            } else {
                column.putDouble(row, scan.doubleValue(data));
            }
            return end;
        }

        private static double nonNumeric(String text) {
            return switch (text) {
                case "NaN" -> Double.NaN;
                case "+INF", "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
                case "-INF", "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> 0;
            };
        }

        private void put(int row, double value) {
            if (single) {
                column.putFloat(row, (float) value);
            } else {
                column.putDouble(row, value);
            }
        }
    }

    /// Reads numbers, and strings that hold them, into decimals; digits that the scale has no room for are rounded off.
    static final class OfDecimal extends ValueReader {
        private final JsonSyntax syntax;
        private final FixedWriter column;
        private final DecimalType type;
        private final long max;
        private final DecimalScan scan = new DecimalScan();

        OfDecimal(JsonSyntax syntax, FixedWriter column, DecimalType type) {
            this.syntax = syntax;
            this.column = column;
            this.type = type;
            this.max = type.precision() > 18
                    ? Long.MAX_VALUE
                    : BigInteger.TEN.pow(type.precision()).longValue() - 1;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            byte c = JsonSyntax.at(data, pos);
            if (c == '"') {
                return readText(data, pos, row);
            }
            if (c != '-' && (c < '0' || c > '9')) {
                return readOther(syntax, column, data, pos, row);
            }
            int end = syntax.skipNumber(data, pos);
            scan.scan(data, pos);
            if (scan.isSmall(type.scale())) {
                long unscaled = scan.smallUnscaledValue(type.scale());
                if (unscaled > max || unscaled < -max) {
                    return ~end;
                }
                column.putDecimal(row, unscaled >> 63, unscaled);
                return end;
            }
            @Nullable BigInteger unscaled = scan.unscaledValue(data, type.precision(), type.scale());
            if (unscaled == null) {
                return ~end;
            }
            column.putDecimal(row, unscaled);
            return end;
        }

        private int readText(byte[] data, int pos, int row) {
            int end = syntax.skipString(data, pos + 1);
            String text = Text.ascii(data, pos + 1, end - 1).replace(",", "");
            if (text.isEmpty() || text.length() > 1000) {
                return ~end;
            }
            try {
                BigDecimal value = new BigDecimal(text);
                if (Math.abs((long) value.scale()) > 1000) {
                    return ~end;
                }
                BigDecimal fitting = value.setScale(type.scale(), RoundingMode.HALF_UP);
                if (fitting.precision() > type.precision()) {
                    return ~end;
                }
                column.putDecimal(row, fitting.unscaledValue());
                return end;
            } catch (NumberFormatException _) {
                return ~end;
            }
        }
    }

    /// Reads strings in base 64 into binaries.
    static final class OfBinary extends ValueReader {
        private final JsonSyntax syntax;
        private final BytesWriter column;

        OfBinary(JsonSyntax syntax, BytesWriter column) {
            this.syntax = syntax;
            this.column = column;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            if (JsonSyntax.at(data, pos) != '"') {
                return readOther(syntax, column, data, pos, row);
            }
            int end = syntax.skipString(data, pos + 1);
            String text = Text.ascii(data, pos + 1, end - 1).replace("\\/", "/");
            if (text.length() % 4 != 0) {
                return ~end;
            }
            try {
                byte[] bytes = Base64.getDecoder().decode(text);
                column.put(row, bytes, 0, bytes.length);
                return end;
            } catch (IllegalArgumentException _) {
                return ~end;
            }
        }
    }

    /// Takes any value for null.
    static final class OfNothing extends ValueReader {
        private final JsonSyntax syntax;

        OfNothing(JsonSyntax syntax) {
            this.syntax = syntax;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            return syntax.skipValue(data, pos);
        }
    }

    /// Pieces of text, for the slow paths.
    static final class Text {
        private Text() {}

        static String ascii(byte[] data, int from, int to) {
            return new String(data, from, to - from, StandardCharsets.UTF_8);
        }
    }
}
