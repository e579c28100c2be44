package dev.headrace.parse;

import dev.headrace.errors.QueryException;
import dev.headrace.files.FormatOptions;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/// Patterns such as `dd.MM.yyyy HH:mm` in the options of formats.
public final class DateTimePatterns {
    private static final String FORBIDDEN = "ABcepnNwWY";

    private DateTimePatterns() {}

    /// The formatter for reading by the pattern of an option, if the option is given.
    ///
    /// What a pattern lacks is taken from 1970-01-01T00:00:00.
    ///
    /// @throws QueryException `INVALID_OPTION` if the pattern can't be used
    public static Optional<DateTimeFormatter> forReading(FormatOptions options, String key, Locale locale) {
        return options.get(key).map(pattern -> {
            DateTimeFormatterBuilder builder = builder(options, key, pattern).parseDefaulting(ChronoField.ERA, 1);
            if (!has(pattern, 'u') && !has(pattern, 'y')) {
                builder.parseDefaulting(ChronoField.YEAR_OF_ERA, 1970);
            }
            if (!has(pattern, 'D')) {
                builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1).parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
            }
            return builder.parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                    .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                    .toFormatter(locale)
                    .withChronology(IsoChronology.INSTANCE)
                    .withResolverStyle(ResolverStyle.STRICT);
        });
    }

    /// The formatter for writing by the pattern of an option, or by `orElse`.
    ///
    /// @throws QueryException `INVALID_OPTION` if the pattern can't be used
    public static DateTimeFormatter forWriting(FormatOptions options, String key, String orElse, Locale locale) {
        return builder(options, key, options.get(key, orElse))
                .toFormatter(locale)
                .withChronology(IsoChronology.INSTANCE);
    }

    private static DateTimeFormatterBuilder builder(FormatOptions options, String key, String pattern) {
        for (char letter : FORBIDDEN.toCharArray()) {
            if (has(pattern, letter)) {
                throw options.invalid(key, "a pattern without the letter '" + letter + "'");
            }
        }
        try {
            return new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
        } catch (IllegalArgumentException badPattern) {
            throw options.invalid(key, "a pattern such as yyyy-MM-dd HH:mm:ss (" + badPattern.getMessage() + ")");
        }
    }

    private static boolean has(String pattern, char letter) {
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            quoted ^= c == '\'';
            if (c == letter && !quoted) {
                return true;
            }
        }
        return false;
    }
}
