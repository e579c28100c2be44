package dev.headrace.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTextTest {
    @Test
    void everyDayOfFourCenturiesIsRead() {
        for (LocalDate day = LocalDate.of(1799, 12, 31); day.getYear() < 2201; day = day.plusDays(1)) {
            byte[] text = bytes(day.toString());
            assertEquals(day.toEpochDay(), TimestampText.date(text, 0, 10), day.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Casablanca", "+05:30"})
    void localTimesAreReadByTheRulesOfTheZone(String name) {
        ZoneId zone = ZoneId.of(name);
        TimestampText text = new TimestampText(zone);
        Random random = new Random(5);
        LocalDateTime start = LocalDateTime.of(1850, 1, 1, 0, 0);
        for (int i = 0; i < 100_000; i++) {
            // first in leaps, then in steps of minutes, over the changes of a year
            LocalDateTime local = i < 50_000
                    ? start.plusSeconds(random.nextLong(300L * 365 * 86_400))
                    : LocalDateTime.of(2026, 1, 1, 0, 0).plusMinutes((i - 50_000) * 13L);
            byte[] bytes = bytes(local.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")));
            long expected = local.atZone(zone).toEpochSecond() * 1_000_000;
            assertEquals(expected, text.timestamp(bytes, 0, 19), local.toString());
        }
    }

    @Test
    void fractionsAndOffsetsCount() {
        TimestampText text = new TimestampText(ZoneOffset.UTC);
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            LocalDateTime local =
                    LocalDateTime.ofEpochSecond(random.nextLong(4_000_000_000L) - 2_000_000_000L, 0, ZoneOffset.UTC);
            int digits = 1 + random.nextInt(9);
            String fraction =
                    String.format("%09d", random.nextInt(1_000_000_000)).substring(0, digits);
            ZoneOffset offset = ZoneOffset.ofTotalSeconds((random.nextInt(35 * 60) - 17 * 60) * 60);
            String written =
                    local.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss")) + "." + fraction + offset;
            long micros = Long.parseLong((fraction + "000000").substring(0, 6));
            long expected = local.toEpochSecond(offset) * 1_000_000 + micros;
            byte[] bytes = bytes(written);
            assertEquals(expected, text.timestamp(bytes, 0, written.length()), written);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-01-01",
                "2026-01-01T00:00",
                "2026-02-30T00:00:00",
                "2026-00-01T00:00:00",
                "2026-01-00T00:00:00",
                "2026-01-01T24:00:00",
                "2026-01-01T00:60:00",
                "2026-01-01T00:00:60",
                "2026-01-01T00:00:00.",
                "2026-01-01T00:00:00.1234567890",
                "2026-01-01T00:00:00+1",
                "2026-01-01T00:00:00+25:00",
                "2026-01-01T00:00:00+01:60",
                "2026-01-01T00:00:00ZZ",
                "2026-01-01x00:00:00",
                "2026/01/01 00:00:00",
                "x026-01-01 00:00:00",
                "2026-01-01 00:00:0x",
                "2026-01-01 00;00:00"
            })
    void otherTextsAreLeftToOthers(String text) {
        byte[] bytes = bytes(text);

        assertEquals(TimestampText.OTHER, new TimestampText(ZoneOffset.UTC).timestamp(bytes, 0, text.length()));
    }

    @Test
    void aTimestampWithoutZoneHasNone() {
        TimestampText text = new TimestampText(ZoneId.of("Asia/Tokyo"));
        LocalDateTime local = LocalDateTime.of(2026, 3, 4, 5, 6, 7).plus(8, ChronoUnit.MICROS);
        long micros = local.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + 8;

        assertEquals(micros, text.timestampWithoutZone(bytes("2026-03-04T05:06:07.000008"), 0, 26));
        assertEquals(TimestampText.OTHER, text.timestampWithoutZone(bytes("2026-03-04T05:06:07Z"), 0, 20));
    }

    private static byte[] bytes(String text) {
        return (text + "99999999999").getBytes(StandardCharsets.ISO_8859_1);
    }
}
