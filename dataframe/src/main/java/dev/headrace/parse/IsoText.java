package dev.headrace.parse;

import dev.headrace.chunk.Memory;
import dev.headrace.function.DateTimeParser;
import dev.headrace.function.TextParser;
import java.time.ZoneId;

/// Reads the less common forms of dates and timestamps that a cast from string reads.
final class IsoText {
    private static final int LONGEST_DATE = 10;

    private IsoText() {}

    static int date(byte[] data, int from, int to) {
        long days = DateTimeParser.parseDate(data, Memory.BYTES + from, to - from);
        return days == TextParser.INVALID ? TimestampText.OTHER_DATE : (int) days;
    }

    static long timestamp(byte[] data, int from, int to, ZoneId zone) {
        return DateTimeParser.parseTimestamp(data, Memory.BYTES + from, to - from, zone);
    }

    static long timestampWithoutZone(byte[] data, int from, int to) {
        for (int i = from + LONGEST_DATE + 1; i < to; i++) {
            byte c = data[i];
            if (c == '+' || c == '-' || Character.isLetter(c)) {
                return TimestampText.OTHER;
            }
        }
        return DateTimeParser.parseLocalTimestamp(data, Memory.BYTES + from, to - from);
    }
}
