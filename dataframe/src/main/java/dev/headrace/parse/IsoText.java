package dev.headrace.parse;

import java.time.ZoneId;

/// Reads the less common forms of dates and timestamps that a cast from string reads.
final class IsoText {
    private IsoText() {}

    static int date(byte[] data, int from, int to) {
        return TimestampText.OTHER_DATE;
    }

    static long timestamp(byte[] data, int from, int to, ZoneId zone) {
        return TimestampText.OTHER;
    }

    static long timestampWithoutZone(byte[] data, int from, int to) {
        return TimestampText.OTHER;
    }
}
