package dev.headrace.function;

import dev.headrace.errors.DataException;
import java.time.ZoneId;

/// The arithmetic of dates and times as numbers: days and microseconds since 1970, in the proleptic Gregorian calendar.
public final class Calendar {
    public static final long MICROS_PER_SECOND = 1_000_000L;
    public static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private static final int DAYS_PER_ERA = 146_097;
    private static final int[] DAYS_OF_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Calendar() {}

    /// The days since 1970 of a date that exists.
    public static long toDays(int year, int month, int day) {
        // Years begin in March here, so that the leap day is the last; 400 years are an era.
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - 719_468;
    }

    /// Year, month and day in one long: `year << 16 | month << 8 | day`.
    static long civil(long days) {
        long z = days + 719_468;
        long era = Math.floorDiv(z, (long) DAYS_PER_ERA);
        long dayOfEra = z - era * DAYS_PER_ERA;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        return year << 16 | month << 8 | day;
    }

    public static int year(long days) {
        return (int) (civil(days) >> 16);
    }

    public static int month(long days) {
        return (int) (civil(days) >> 8 & 0xff);
    }

    public static int day(long days) {
        return (int) (civil(days) & 0xff);
    }

    static boolean isLeap(long year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    public static int daysOfMonth(long year, int month) {
        return month == 2 && isLeap(year) ? 29 : DAYS_OF_MONTH[month - 1];
    }

    static boolean exists(long year, int month, int day) {
        return month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
    }

    /// The local reading, as microseconds since 1970 of the local calendar, of a point in time.
    ///
    /// @throws DataException `DATETIME_OVERFLOW`
    public static long toLocal(long micros, ZoneId zone) {
        try {
            return Math.addExact(micros, offsetMicros(micros, zone));
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    /// How far the clocks of a zone are ahead of UTC at a point in time.
    static long offsetMicros(long micros, ZoneId zone) {
        return ZoneTable.of(zone).offsetAt(Math.floorDiv(micros, MICROS_PER_SECOND)) * MICROS_PER_SECOND;
    }

    /// The point in time of a local reading. A reading that occurs twice (clocks put back) is the earlier one; one that
    /// does not occur (clocks put forward) is moved by the length of the gap.
    ///
    /// @throws DataException `DATETIME_OVERFLOW`
    public static long fromLocal(long localMicros, ZoneId zone) {
        long seconds = Math.floorDiv(localMicros, MICROS_PER_SECOND);
        try {
            return Math.subtractExact(localMicros, ZoneTable.of(zone).offsetOfLocal(seconds) * MICROS_PER_SECOND);
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    /// [#fromLocal(long, ZoneId)] of a time of day, also of one whose local reading alone is beyond timestamps.
    ///
    /// @throws DataException `DATETIME_OVERFLOW`
    public static long fromLocalDay(long days, long microsOfDay, ZoneId zone) {
        long seconds = days * 86_400 + microsOfDay / MICROS_PER_SECOND;
        long ofDay = microsOfDay - ZoneTable.of(zone).offsetOfLocal(seconds) * MICROS_PER_SECOND;
        return micros(days + Math.floorDiv(ofDay, MICROS_PER_DAY), Math.floorMod(ofDay, MICROS_PER_DAY));
    }

    /// The point in time of the local reading that a time was moved to. If the time's offset from UTC holds there, too,
    /// it stays: of a reading that occurs twice that is the later one for a time after clocks were put back.
    ///
    /// @param moved the time that was moved
    public static long fromLocal(long localMicros, ZoneId zone, long moved) {
        long kept = localMicros - (toLocal(moved, zone) - moved);
        return toLocal(kept, zone) == localMicros ? kept : fromLocal(localMicros, zone);
    }

    /// The microseconds since 1970 of a time of day.
    ///
    /// @throws DataException `DATETIME_OVERFLOW`
    public static long micros(long days, long microsOfDay) {
        try {
            // Before 1970 the days alone may be too many for a time that isn't too early.
            return days < 0
                    ? Math.addExact(Math.multiplyExact(days + 1, MICROS_PER_DAY), microsOfDay - MICROS_PER_DAY)
                    : Math.addExact(Math.multiplyExact(days, MICROS_PER_DAY), microsOfDay);
        } catch (ArithmeticException tooFar) {
            throw overflow(tooFar);
        }
    }

    static DataException overflow(Exception cause) {
        return new DataException(
                "DATETIME_OVERFLOW", "A time lies beyond the years of timestamps, -290308 to 294247.", cause);
    }
}
