package dev.headrace.delta;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;

/// Which version of a table the options of a read mean: the newest, `versionAsOf` or `timestampAsOf`.
final class TimeTravel {
    static final String VERSION = "versionAsOf";
    static final String TIMESTAMP = "timestampAsOf";

    private TimeTravel() {}

    /// @throws QueryException `DELTA_TABLE_NOT_FOUND`, `DELTA_NO_SUCH_VERSION`, `INVALID_OPTION`, `CONFLICTING_OPTIONS`
    static TableSnapshot snapshot(Path table, TableLog log, ConnectorOptions options) {
        Optional<Long> version = options.number(VERSION);
        Optional<String> timestamp = options.get(TIMESTAMP);
        if (version.isPresent() && timestamp.isPresent()) {
            throw new QueryException(
                    "CONFLICTING_OPTIONS",
                    "format(\"delta\") has both options '" + VERSION + "' and '" + TIMESTAMP + "'. Give one of them.");
        }
        if (version.isPresent()) {
            return log.atVersion(version.get());
        }
        if (timestamp.isPresent()) {
            return log.atTime(instant(timestamp.get(), TIMESTAMP, options));
        }
        return log.latest().orElseThrow(() -> DeltaErrors.tableNotFound(table));
    }

    /// The time that an option means, in the session's zone unless it says another.
    ///
    /// @throws QueryException `INVALID_OPTION`
    static Instant instant(String text, String option, ConnectorOptions options) {
        return instant(text, options.session().zone())
                .orElseThrow(
                        () -> options.invalid(option, "a date or timestamp such as 2026-11-20 or 2026-11-20 10:00:00"));
    }

    /// The time that a text means; empty if it is none.
    static Optional<Instant> instant(String text, ZoneId zone) {
        String iso = text.strip().replace(' ', 'T');
        try {
            if (iso.indexOf('T') < 0) {
                return Optional.of(LocalDate.parse(iso).atStartOfDay(zone).toInstant());
            }
            boolean withZone = iso.endsWith("Z") || iso.lastIndexOf('+') > 0 || iso.lastIndexOf('-') > iso.indexOf('T');
            return Optional.of(
                    withZone
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).atZone(zone).toInstant());
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
