package dev.headrace.orc;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// Microseconds since 1970 as an ORC timestamp tells them, and as a moment.
///
/// @param zone the session's
record WallClock(ZoneId zone) {
    long moment(long wall) {
        if (zone.equals(ZoneOffset.UTC)) {
            return wall;
        }
        Instant read =
                LocalDateTime.ofInstant(at(wall), ZoneOffset.UTC).atZone(zone).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, read);
    }

    long wall(long moment) {
        if (zone.equals(ZoneOffset.UTC)) {
            return moment;
        }
        Instant shown = LocalDateTime.ofInstant(at(moment), zone).toInstant(ZoneOffset.UTC);
        return ChronoUnit.MICROS.between(Instant.EPOCH, shown);
    }

    private static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
