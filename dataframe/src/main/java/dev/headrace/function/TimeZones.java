package dev.headrace.function;

import java.time.ZoneId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// Finds time zones by name.
public final class TimeZones {
    private static final Pattern ONE_DIGIT_HOUR = Pattern.compile("([+-])(\\d)(?=:)");
    private static final Pattern ONE_DIGIT_MINUTE = Pattern.compile("([+-]\\d\\d):(\\d)$");
    private static final int MOST_CACHED = 1000;
    private static final ConcurrentHashMap<String, ZoneId> CACHE = new ConcurrentHashMap<>();

    private TimeZones() {}

    /// A zone by its name, such as `Europe/Berlin`, `UTC`, `PST`, `+01:00` or `GMT+1`.
    ///
    /// @throws java.time.DateTimeException if there is none
    public static ZoneId of(String name) {
        ZoneId known = CACHE.get(name);
        if (known != null) {
            return known;
        }
        String padded = ONE_DIGIT_HOUR.matcher(name.strip()).replaceFirst("$10$2");
        padded = ONE_DIGIT_MINUTE.matcher(padded).replaceFirst("$1:0$2");
        ZoneId zone = ZoneId.of(padded, ZoneId.SHORT_IDS);
        if (CACHE.size() < MOST_CACHED) {
            CACHE.put(name, zone);
        }
        return zone;
    }
}
