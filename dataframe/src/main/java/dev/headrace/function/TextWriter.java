package dev.headrace.function;

import dev.headrace.chunk.Slice;

/// Writes integers, dates and timestamps as text into bytes, as a cast to string does.
///
/// Each method writes at `at` and returns the position after what it wrote; the array has room for the longest value.
public final class TextWriter {
    /// The bytes of the longest `bigint`.
    public static final int MAX_LONG = 20;
    /// The bytes of the longest date.
    public static final int MAX_DATE = 14;
    /// The bytes of the longest timestamp.
    public static final int MAX_TIMESTAMP = 33;

    private TextWriter() {}

    public static int putLong(long value, byte[] into, int at) {
        if (value < 0) {
            into[at] = '-';
            return putNegative(value, into, at + 1);
        }
        return putNegative(-value, into, at);
    }

    /// The digits of a number given as its negative, which every long has.
    private static int putNegative(long negative, byte[] into, int at) {
        int digits = 1;
        for (long rest = negative / 10; rest != 0; rest /= 10) {
            digits++;
        }
        long rest = negative;
        for (int i = at + digits - 1; i >= at; i--) {
            into[i] = (byte) ('0' - rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    /// `yyyy-MM-dd`; years beyond 9999 have a sign.
    public static int putDate(long days, byte[] into, int at) {
        long civil = Calendar.civil(days);
        int i = putYear((int) (civil >> 16), into, at);
        into[i++] = '-';
        i = putTwo((int) (civil >> 8) & 0xff, into, i);
        into[i++] = '-';
        return putTwo((int) civil & 0xff, into, i);
    }

    private static int putYear(int year, byte[] into, int at) {
        int years = Math.abs(year);
        int i = at;
        if (year < 0 || year > 9999) {
            into[i++] = (byte) (year < 0 ? '-' : '+');
        }
        if (years > 9999) {
            return putLong(years, into, i);
        }
        return putTwo(years % 100, into, putTwo(years / 100, into, i));
    }

    private static int putTwo(int value, byte[] into, int at) {
        into[at] = (byte) ('0' + value / 10);
        into[at + 1] = (byte) ('0' + value % 10);
        return at + 2;
    }

    /// `yyyy-MM-dd HH:mm:ss`, followed by the fraction of the second without the zeros at its end.
    ///
    /// @param localMicros microseconds since 1970 of the local calendar
    public static int putTimestamp(long localMicros, byte[] into, int at) {
        return putTimestamp(localMicros, 0, into, at);
    }

    /// The sum of the two may be beyond 64 bits.
    private static int putTimestamp(long micros, long offsetMicros, byte[] into, int at) {
        long day = Math.floorDiv(micros, Calendar.MICROS_PER_DAY);
        long ofDay = Math.floorMod(micros, Calendar.MICROS_PER_DAY) + offsetMicros;
        int i = putDate(day + Math.floorDiv(ofDay, Calendar.MICROS_PER_DAY), into, at);
        into[i++] = ' ';
        return putTime(Math.floorMod(ofDay, Calendar.MICROS_PER_DAY), into, i);
    }

    /// `HH:mm:ss`, followed by the fraction of the second without the zeros at its end.
    ///
    /// @param micros microseconds since midnight
    public static int putTime(long micros, byte[] into, int at) {
        int seconds = (int) (micros / Calendar.MICROS_PER_SECOND);
        int i = putTwo(seconds / 3600, into, at);
        into[i++] = ':';
        i = putTwo(seconds / 60 % 60, into, i);
        into[i++] = ':';
        i = putTwo(seconds % 60, into, i);
        int fraction = (int) (micros % Calendar.MICROS_PER_SECOND);
        if (fraction == 0) {
            return i;
        }
        into[i++] = '.';
        for (int unit = 100_000; fraction > 0; unit /= 10) {
            into[i++] = (byte) ('0' + fraction / unit);
            fraction %= unit;
        }
        return i;
    }

    static Slice ofLong(long value) {
        byte[] bytes = new byte[MAX_LONG];
        return Slice.of(bytes, 0, putLong(value, bytes, 0));
    }

    static Slice ofDate(long days) {
        byte[] bytes = new byte[MAX_DATE];
        return Slice.of(bytes, 0, putDate(days, bytes, 0));
    }

    static Slice ofTimestamp(long localMicros) {
        return ofTimestamp(localMicros, 0);
    }

    /// @param offsetMicros how far the local clocks are ahead
    static Slice ofTimestamp(long micros, long offsetMicros) {
        byte[] bytes = new byte[MAX_TIMESTAMP];
        return Slice.of(bytes, 0, putTimestamp(micros, offsetMicros, bytes, 0));
    }
}
