package dev.headrace.parse;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.function.DateTimeFormats;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Patterns such as `dd.MM.yyyy HH:mm` in the options of formats.
public final class DateTimePatterns {
    private DateTimePatterns() {}

    /// The formatter for reading by the pattern of an option, if the option is given.
    ///
    /// @throws QueryException `INVALID_OPTION` if the pattern can't be used
    public static Optional<DateTimeFormatter> forReading(FormatOptions options, String key, Locale locale) {
        try {
            return options.get(key).map(pattern -> DateTimeFormats.reader(pattern, locale));
        } catch (DataException badPattern) {
            throw invalid(options, key, badPattern);
        }
    }

    /// The formatter for writing by the pattern of an option, if the option is given.
    ///
    /// @throws QueryException `INVALID_OPTION` if the pattern can't be used
    public static Optional<DateTimeFormatter> forWriting(FormatOptions options, String key, Locale locale) {
        try {
            return options.get(key).map(pattern -> DateTimeFormats.writer(pattern, locale));
        } catch (DataException badPattern) {
            throw invalid(options, key, badPattern);
        }
    }

    private static QueryException invalid(FormatOptions options, String key, DataException badPattern) {
        return options.invalid(key, "a pattern such as yyyy-MM-dd HH:mm:ss (" + badPattern.text() + ")");
    }
}
