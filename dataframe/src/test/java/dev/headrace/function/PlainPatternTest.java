package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainPatternTest {
    private static long micros(LocalDateTime time) {
        return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
    }

    @Test
    void writesWhatJavasFormatterWrites() {
        Random random = new Random(1);
        for (String pattern : List.of(
                "yyyy-MM-dd HH:mm:ss.SSS",
                "d.M.yyyy",
                "'am' dd",
                "H:m:s",
                "yyyyMMdd'T'HHmmss'Zürich'",
                "SSSSSSSSS s",
                "S")) {
            PlainPattern plain = PlainPattern.of(pattern).orElseThrow();
            DateTimeFormatter javas = DateTimeFormatter.ofPattern(pattern, Locale.US);
            for (int i = 0; i < 1000; i++) {
                LocalDateTime time = LocalDateTime.of(1, 1, 1, 0, 0)
                        .plus(random.nextLong(9999L * 365 * 86_400 * 1_000_000), ChronoUnit.MICROS);
                assertTrue(PlainPattern.canWrite(micros(time)));
                assertEquals(javas.format(time), plain.write(micros(time)).toString(), pattern);
            }
        }
    }

    @Test
    void boundsOfTheYearsAreExact() {
        long first = LocalDateTime.of(1, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
        long end = LocalDateTime.of(10_000, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000;

        assertTrue(PlainPattern.canWrite(first) && PlainPattern.canWrite(end - 1));
        assertFalse(PlainPattern.canWrite(first - 1) || PlainPattern.canWrite(end));
        assertEquals(
                "9999-12-31",
                PlainPattern.of("yyyy-MM-dd").orElseThrow().write(end - 1).toString());
    }

    @Test
    void whatIsNoDigitIsLeftToJava() {
        for (String pattern :
                List.of("MMM", "E", "yy", "y", "a", "hh", "[ss]", "''", "it''s", "'it''s'", "'open", "DDD", "VV")) {
            assertEquals(Optional.empty(), PlainPattern.of(pattern), pattern);
        }
    }
}
