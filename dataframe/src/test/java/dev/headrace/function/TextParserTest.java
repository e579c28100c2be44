package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The parsers against Java's own, on random text.
class TextParserTest {
    private static final int ROUNDS = 20_000;
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final Random random = new Random(42);

    private static long parseLong(String text) {
        Slice slice = Slice.utf8(text);
        return TextParser.parseLong(slice.base(), slice.offset(), slice.length());
    }

    private static double parseDouble(String text) {
        Slice slice = Slice.utf8(text);
        return TextParser.parseDouble(slice.base(), slice.offset(), slice.length());
    }

    private static float parseFloat(String text) {
        Slice slice = Slice.utf8(text);
        return TextParser.parseFloat(slice.base(), slice.offset(), slice.length());
    }

    @Test
    void longsAreReadAsJavaReadsThem() {
        for (int i = 0; i < ROUNDS; i++) {
            long value = random.nextLong() >> random.nextInt(64);

            assertEquals(value, parseLong(Long.toString(value)));
        }
    }

    @Test
    void wholeNumbersThatDoNotFitAreInvalid() {
        for (int i = 0; i < ROUNDS; i++) {
            BigInteger value =
                    new BigInteger(62 + random.nextInt(6), random).multiply(BigInteger.valueOf(i % 2 * 2 - 1));
            boolean fits = value.bitLength() < 64;

            assertEquals(fits ? value.longValue() : TextParser.INVALID, parseLong(value.toString()), value::toString);
        }
    }

    @Test
    void anyByteThatIsNoDigitMakesANumberInvalid() {
        for (int length = 1; length <= 20; length++) {
            for (int at = 0; at < length; at++) {
                for (int b = 0; b < 256; b++) {
                    byte[] text = "1".repeat(length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                    text[at] = (byte) b;
                    boolean fine = b >= '0' && b <= '9' || at == 0 && length > 1 && (b == '-' || b == '+');
                    Slice slice = Slice.of(text);
                    long parsed = TextParser.parseLong(slice.base(), slice.offset(), slice.length());
                    if (length < 19) {
                        assertEquals(!fine, parsed == TextParser.INVALID, slice + " of byte " + b);
                    } else if (!fine) {
                        assertEquals(TextParser.INVALID, parsed);
                    }
                }
            }
        }
    }

    @Test
    void doublesAreReadAsJavaReadsThem() {
        for (int i = 0; i < ROUNDS; i++) {
            String text = randomNumber();

            assertEquals(Double.parseDouble(text), parseDouble(text), text);
        }
    }

    @Test
    void floatsAreRoundedOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            String text = i % 2 == 0 ? randomNumber() : betweenTwoFloats();

            assertEquals(Float.parseFloat(text), parseFloat(text), text);
        }
    }

    private String randomNumber() {
        return switch (random.nextInt(5)) {
            case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
            case 1 -> random.nextInt(100_000) + "." + random.nextInt(1000);
            case 2 -> "-" + random.nextLong(1L << 60) + "e" + (random.nextInt(60) - 30);
            case 3 -> "." + random.nextInt(1_000_000);
            default -> random.nextInt() + "E+" + random.nextInt(25);
        };
    }

    /// A number so near to the middle of two floats that a double can't tell on which side it is.
    private String betweenTwoFloats() {
        float below = random.nextFloat() * 1000;
        BigDecimal middle =
                new BigDecimal(below).add(new BigDecimal(Math.nextUp(below))).divide(BigDecimal.TWO);
        BigDecimal off = new BigDecimal("1e-40").multiply(BigDecimal.valueOf(random.nextInt(3) - 1));
        return middle.add(off).toPlainString();
    }

    @Test
    void decimalsAreReadExactly() {
        for (int i = 0; i < ROUNDS; i++) {
            BigDecimal value = new BigDecimal(new BigInteger(random.nextInt(100) + 1, random), random.nextInt(20));
            Slice text = Slice.utf8(value.toString());

            assertEquals(value, TextParser.parseDecimal(text.base(), text.offset(), text.length()));
        }
        for (String wrong : new String[] {"", "-", ".", "1.2.3", "1x", "e5", "1e999999999"}) {
            Slice text = Slice.utf8(wrong);
            assertNull(TextParser.parseDecimal(text.base(), text.offset(), text.length()), wrong);
        }
    }

    @Test
    void datesAreReadAndWrittenAsJavaDoes() {
        for (int i = 0; i < ROUNDS; i++) {
            LocalDate date =
                    LocalDate.ofEpochDay(random.nextLong(Calendar.toDays(1, 1, 1), Calendar.toDays(9999, 12, 31)));
            Slice text = Slice.utf8(date.toString());

            assertEquals(date.toEpochDay(), DateTimeParser.parseDate(text.base(), text.offset(), text.length()));
            assertEquals(text, TextWriter.ofDate(date.toEpochDay()));
            assertEquals(date.getYear(), Calendar.year(date.toEpochDay()));
            assertEquals(date.getMonthValue(), Calendar.month(date.toEpochDay()));
            assertEquals(date.getDayOfMonth(), Calendar.day(date.toEpochDay()));
            assertEquals(date.lengthOfMonth(), Calendar.daysOfMonth(date.getYear(), date.getMonthValue()));
        }
    }

    @Test
    void timestampsAreReadAndWrittenAsJavaDoes() {
        DateTimeFormatter blank = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
        for (int i = 0; i < ROUNDS; i++) {
            long seconds = random.nextLong(-2_000_000_000L, 4_000_000_000L);
            LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, random.nextInt(3) * 250_000_000, ZoneOffset.UTC);
            long localMicros = seconds * 1_000_000 + local.getNano() / 1000;
            Instant instant = local.atZone(BERLIN).toInstant();
            long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;

            assertEquals(micros, parseTimestamp(blank.format(local)));
            assertEquals(micros, parseTimestamp(local.toString()));
            assertEquals(localMicros, parseTimestamp(blank.format(local) + "Z"));
            assertEquals(localMicros - 3_600_000_000L, parseTimestamp(local + "+01:00"));
            assertEquals(micros, Calendar.fromLocal(localMicros, BERLIN));
            String written = blank.format(local).replaceFirst("\\.?0+$", "");
            String padded = written.length() < 19 ? blank.format(local).substring(0, 19) : written;
            assertEquals(padded, TextWriter.ofTimestamp(localMicros).toString());
        }
    }

    private static long parseTimestamp(String text) {
        Slice slice = Slice.utf8(text);
        return DateTimeParser.parseTimestamp(slice.base(), slice.offset(), slice.length(), BERLIN);
    }

    @Test
    void localReadingsAreJavasInEveryYearAndZone() {
        List<ZoneId> zones = Stream.of(
                        "Europe/Berlin",
                        "America/Los_Angeles",
                        "Asia/Kolkata",
                        "Australia/Lord_Howe",
                        "Pacific/Apia",
                        "+05:30",
                        "UTC",
                        "Africa/Casablanca")
                .map(ZoneId::of)
                .toList();
        for (int i = 0; i < ROUNDS; i++) {
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            long seconds = random.nextBoolean()
                    ? random.nextLong(-2_000_000_000L, 6_000_000_000L)
                    : random.nextLong(Calendar.toDays(1, 1, 2), Calendar.toDays(9999, 1, 1)) * 86_400;
            LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), zone);
            long localMicros = local.toEpochSecond(ZoneOffset.UTC) * 1_000_000;

            assertEquals(localMicros, Calendar.toLocal(seconds * 1_000_000, zone), () -> local + " " + zone);
            LocalDateTime anyReading = local.plusMinutes(random.nextInt(240) - 120);
            assertEquals(
                    anyReading.atZone(zone).toEpochSecond() * 1_000_000,
                    Calendar.fromLocal(anyReading.toEpochSecond(ZoneOffset.UTC) * 1_000_000, zone),
                    () -> anyReading + " " + zone);
        }
    }

    @Test
    void readingsThatDoNotOccurOrOccurTwiceAreTakenAsJavaTakesThem() {
        for (String text : new String[] {
            "2016-03-27T01:59:59", "2016-03-27T02:00:00", "2016-03-27T02:59:59", "2016-03-27T03:00:00",
            "2016-10-30T01:59:59", "2016-10-30T02:00:00", "2016-10-30T02:59:59", "2016-10-30T03:00:00"
        }) {
            assertEquals(
                    LocalDateTime.parse(text).atZone(BERLIN).toEpochSecond() * 1_000_000, parseTimestamp(text), text);
        }
    }

    /// What fits into 64 bits of microseconds is a timestamp, also where its local reading does not fit.
    @Test
    void timestampsAreReadAndWrittenUpToTheEndsOfTheirRange() {
        assertEquals(Long.MAX_VALUE, parseTimestamp("294247-01-10 04:00:54.775807Z"));
        assertEquals(Long.MAX_VALUE, parseTimestamp("294247-01-10 05:00:54.775807"));
        assertEquals(Long.MAX_VALUE, parseTimestamp("+294247-01-10T22:00:54.775807+18:00"));
        assertEquals(TextParser.INVALID, parseTimestamp("294247-01-10 04:00:54.775808Z"));
        assertEquals(TextParser.INVALID, parseTimestamp("294247-01-10 05:00:54.775808"));
        assertEquals(TextParser.INVALID, parseTimestamp("9999999-12-31"));
        assertEquals(Long.MIN_VALUE + 1, parseTimestamp("-290308-12-21 19:59:05.224193Z"));
        assertEquals(Long.MIN_VALUE + 1, parseTimestamp("-290308-12-21T01:59:05.224193-18:00"));
        assertEquals(TextParser.INVALID, parseTimestamp("-290308-12-21 19:59:05.224191Z"));
        assertEquals(
                "+294247-01-10 05:00:54.775807",
                Casts.timestampToText(new EvalContext(BERLIN, 0, 0), Long.MAX_VALUE)
                        .toString());
        assertEquals(
                "DATETIME_OVERFLOW",
                assertThrows(DataException.class, () -> Calendar.toLocal(Long.MAX_VALUE, BERLIN))
                        .code());
    }

    @Test
    void garbageIsInvalidAndNeverBreaks() {
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(24); j > 0; j--) {
                text.append("0123456789-+:. TZeE/x".charAt(random.nextInt(21)));
            }
            Slice slice = Slice.utf8(text.toString());
            DateTimeParser.parseDate(slice.base(), slice.offset(), slice.length());
            DateTimeParser.parseLocalTimestamp(slice.base(), slice.offset(), slice.length());
            parseTimestamp(text.toString());
            assertEquals(javaLong(text.toString()), parseLong(text.toString()), text::toString);
            assertEquals(javaDouble(text.toString()), parseDouble(text.toString()), text::toString);
        }
    }

    private static long javaLong(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            return TextParser.INVALID;
        }
    }

    private static double javaDouble(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    @Test
    void longsAreWrittenAsJavaWritesThem() {
        for (int i = 0; i < ROUNDS; i++) {
            long value = i == 0 ? Long.MIN_VALUE : random.nextLong() >> random.nextInt(64);

            assertEquals(Long.toString(value), TextWriter.ofLong(value).toString());
        }
    }

    @Test
    void theLeastLongIsToldFromAnInvalidOne() {
        Slice least = Slice.utf8("-9223372036854775808");

        assertEquals(TextParser.INVALID, parseLong(least.toString()));
        assertTrue(TextParser.isLeastLong(least.base(), least.offset(), least.length()));
    }
}
