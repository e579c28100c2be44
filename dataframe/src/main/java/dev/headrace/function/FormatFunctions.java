package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers as text for people.
public final class FormatFunctions {
    private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.US);

    private FormatFunctions() {}

    /// With commas between thousands; null for a negative number of decimals.
    public static @Nullable Slice formatNumber(double value, int decimals) {
        return decimals < 0 ? null : Slice.utf8(format(decimals).format(value));
    }

    public static @Nullable Slice formatNumber(long value, int decimals) {
        return decimals < 0 ? null : Slice.utf8(format(decimals).format(BigDecimal.valueOf(value)));
    }

    public static @Nullable Slice formatNumber(BigDecimal value, int decimals) {
        return decimals < 0 ? null : Slice.utf8(format(decimals).format(value));
    }

    private static DecimalFormat format(int decimals) {
        DecimalFormat format = new DecimalFormat("#,##0", SYMBOLS);
        format.setMinimumFractionDigits(decimals);
        format.setMaximumFractionDigits(decimals);
        format.setRoundingMode(RoundingMode.HALF_EVEN);
        return format;
    }

    public static Slice formatNumber(double value, Slice pattern) {
        return Slice.utf8(format(pattern).format(value));
    }

    public static Slice formatNumber(long value, Slice pattern) {
        return Slice.utf8(format(pattern).format(value));
    }

    public static Slice formatNumber(BigDecimal value, Slice pattern) {
        return Slice.utf8(format(pattern).format(value));
    }

    /// A pattern without characters is a whole number with commas.
    private static DecimalFormat format(Slice pattern) {
        try {
            return pattern.isEmpty() ? format(0) : new DecimalFormat(pattern.toString(), SYMBOLS);
        } catch (IllegalArgumentException wrong) {
            throw new DataException(
                    "INVALID_FORMAT",
                    "format_number: '" + pattern + "' is not a format, such as '#,###.##': " + wrong.getMessage() + ".",
                    wrong);
        }
    }
}
