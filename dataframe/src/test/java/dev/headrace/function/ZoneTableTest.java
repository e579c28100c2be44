package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.headrace.chunk.Slice;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ZoneTableTest {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void theTablesOfTwoZonesThatAreAskedInTurnsAreMadeOnce() {
        ZoneTable first = ZoneTable.of(SEOUL);
        assertEquals(3600, ZoneTable.of(BERLIN).offsetAt(0));
        assertSame(first, ZoneTable.of(SEOUL));
    }

    /// Havana's clocks went back from 1:00 to 0:00 at 05:00 UTC.
    @Test
    void aDayWithTwoMidnightsBeginsAtTheOneOfTheTimesOffset() {
        EvalContext havana = new EvalContext(ZoneId.of("America/Havana"), 0, 0);

        assertEquals(micros("2021-11-07T04:00:00Z"), day(havana, "2021-11-07T04:30:00Z"));
        assertEquals(micros("2021-11-07T05:00:00Z"), day(havana, "2021-11-07T05:30:00Z"));
    }

    /// Clocks on Lord Howe Island went forward from 2:00 to 2:30 at 15:30 UTC.
    @Test
    void anHourThatClocksBeginInTheMiddleOfBeginsThere() {
        EvalContext lordHowe = new EvalContext(ZoneId.of("Australia/Lord_Howe"), 0, 0);

        assertEquals(micros("2024-10-05T15:30:00Z"), start("HOUR", lordHowe, "2024-10-05T15:45:00Z"));
        assertEquals(micros("2024-10-05T14:30:00Z"), start("HOUR", lordHowe, "2024-10-05T15:29:00Z"));
        assertEquals(micros("2024-10-05T16:00:00Z"), start("HOUR", lordHowe, "2024-10-05T16:15:00Z"));
    }

    private static Long day(EvalContext context, String time) {
        return start("DAY", context, time);
    }

    private static Long start(String unit, EvalContext context, String time) {
        return Objects.requireNonNull(DateTimeFunctions.dateTrunc(context, Slice.utf8(unit), micros(time)));
    }

    private static long micros(String time) {
        return Instant.parse(time).getEpochSecond() * Calendar.MICROS_PER_SECOND;
    }
}
