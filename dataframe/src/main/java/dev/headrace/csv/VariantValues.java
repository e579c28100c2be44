package dev.headrace.csv;

import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimeOptions;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.DecimalType;
import dev.headrace.variant.VariantBuilder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a text is by itself: a number, exact, a date, a timestamp or a truth value, else a text. Used by one thread.
final class VariantValues {
    /// The bytes after a text that must be readable.
    private static final int PADDING = 8;

    private final TimeFormats formats;
    private final boolean hasDatePattern;
    private final boolean prefersDate;

    VariantValues(TimeOptions times, boolean prefersDate) {
        this.formats = times.formats();
        this.hasDatePattern = times.dates().isPresent();
        this.prefersDate = prefersDate;
    }

    void append(VariantBuilder out, String text) {
        if (appendNumber(out, text) || appendTime(out, text)) {
            return;
        }
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            out.appendBoolean(text.equalsIgnoreCase("true"));
        } else {
            out.appendString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean appendNumber(VariantBuilder out, String text) {
        if (text.isEmpty() || text.charAt(0) > '9') {
            return false;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            long wholeDigits = (long) number.precision() - number.scale();
            if (wholeDigits > DecimalType.MAX_PRECISION || number.scale() > DecimalType.MAX_PRECISION) {
                return false;
            }
            boolean whole = text.chars().skip(1).allMatch(Character::isDigit);
            BigDecimal exact = number.scale() < 0 ? number.setScale(0) : number;
            if (whole && exact.unscaledValue().bitLength() < Long.SIZE) {
                out.appendLong(exact.longValueExact());
            } else if (exact.precision() <= DecimalType.MAX_PRECISION) {
                out.appendDecimal(exact);
            } else {
                return false;
            }
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /// Without a pattern, only `2026-01-31` and the like, as of inferred types.
    private int date(byte[] text, int length) {
        return hasDatePattern ? formats.date(text, 0, length) : TimestampText.date(text, 0, length);
    }

    private boolean appendTime(VariantBuilder out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(utf8, utf8.length + PADDING);
        int day = prefersDate ? date(padded, utf8.length) : TimestampText.OTHER_DATE;
        if (day != TimestampText.OTHER_DATE) {
            out.appendDate(day);
            return true;
        }
        long micros = formats.timestamp(padded, 0, utf8.length);
        if (micros != TimestampText.OTHER) {
            out.appendTimestamp(micros);
            return true;
        }
        return false;
    }
}
