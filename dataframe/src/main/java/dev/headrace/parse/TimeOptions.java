package dev.headrace.parse;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the dates and timestamps that are read are written: the options that text formats share.
///
/// @param zone of timestamps that don't say
/// @param locale of their names, and of numbers
/// @param dates their pattern, if one is given
/// @param timestamps their pattern, if one is given
/// @param timestampsWithoutZone their pattern, if one is given
public record TimeOptions(
        ZoneId zone,
        Locale locale,
        Optional<DateTimeFormatter> dates,
        Optional<DateTimeFormatter> timestamps,
        Optional<DateTimeFormatter> timestampsWithoutZone) {

    public static final List<String> NAMES =
            List.of("dateFormat", "timestampFormat", "timestampNTZFormat", "timeZone", "locale");

    /// @param sessionZone the zone without the option `timeZone`
    /// @throws dev.headrace.errors.QueryException `INVALID_OPTION`
    public static TimeOptions of(FormatOptions options, ZoneId sessionZone) {
        Locale locale = options.locale("locale");
        return new TimeOptions(
                options.zone("timeZone", sessionZone),
                locale,
                DateTimePatterns.forReading(options, "dateFormat", locale),
                DateTimePatterns.forReading(options, "timestampFormat", locale),
                DateTimePatterns.forReading(options, "timestampNTZFormat", locale));
    }

    public TimeFormats formats() {
        return new TimeFormats(dates, timestamps, timestampsWithoutZone, zone);
    }
}
