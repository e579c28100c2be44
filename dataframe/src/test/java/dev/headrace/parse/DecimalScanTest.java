package dev.headrace.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalScanTest {
    private final DecimalScan scan = new DecimalScan();
    private byte[] data = new byte[0];

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.0",
                "1",
                "0.1",
                "123456789",
                "12345678.12345678",
                "9007199254740993",
                "9007199254740992.5",
                "9223372036854775807",
                "18446744073709551615",
                "9999999999999999999",
                "99999999999999999999",
                "1e22",
                "1e23",
                "1e-22",
                "8.5e22",
                "2.2250738585072014E-308",
                "2.2250738585072011e-308",
                "4.9E-324",
                "2.4703282292062327e-324",
                "2.4703282292062328e-324",
                "1.7976931348623157E308",
                "1.7976931348623158e308",
                "1.7976931348623159e308",
                "1e309",
                "1e-400",
                "1e400",
                "0e999999999",
                "1e999999999",
                "1e-999999999",
                "6.631236846766476e-316",
                "3.2378839133029012895e-319",
                "5e-324",
                "1.2345678901234567e-300",
                "7.2057594037927933e16",
                "9.5e-323",
                "0.000000000000000000000000000001",
                "123456789012345678901234567890.123456789",
                "1.0000000000000002",
                "1.00000000000000011102230246251565"
            })
    void doublesAreThoseOfJava(String text) {
        assertDouble(text);
        assertDouble("-" + text);
    }

    @Test
    void randomDoublesAreThoseOfJava() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertDouble(Double.toString(value));
            }
            assertDouble(random.nextLong() + "e" + (random.nextInt(700) - 350));
            assertDouble(random.nextInt(1000) + "." + Math.abs(random.nextLong()));
            assertFloat(Float.toString(Float.intBitsToFloat(random.nextInt()))
                    .replace("NaN", "0")
                    .replace("Infinity", "1"));
            assertFloat(random.nextInt(10_000_000) + "e" + (random.nextInt(30) - 15));
        }
    }

    private void assertDouble(String text) {
        read(text);
        assertEquals(Double.parseDouble(text), scan.doubleValue(data), text);
    }

    private void assertFloat(String text) {
        read(text);
        assertEquals(Float.parseFloat(text), scan.floatValue(data), text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "-12345678, -12345678",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "000000000000000001, 1"
    })
    void wholeNumbersAreLongs(String text, long value) {
        read(text);

        assertTrue(scan.isLong());
        assertEquals(value, scan.longValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "99999999999999999999", "1.0", "1e2"})
    void otherNumbersAreNoLongs(String text) {
        read(text);

        assertFalse(scan.isLong());
    }

    @Test
    void decimalsAreRoundedHalfUpOrRefused() {
        Random random = new Random(9);
        for (int i = 0; i < 50_000; i++) {
            BigDecimal number = new BigDecimal(new BigInteger(random.nextInt(140), random), random.nextInt(60) - 20);
            int scale = random.nextInt(20);
            BigDecimal rounded = number.setScale(scale, RoundingMode.HALF_UP);
            read(number.toString().replace("E+", "E"));
            assertEquals(
                    rounded.precision() > 38 ? null : rounded.unscaledValue(),
                    scan.unscaledValue(data, 38, scale),
                    number.toString());
            if (scan.isSmall(scale)) {
                assertEquals(rounded.unscaledValue(), BigInteger.valueOf(scan.smallUnscaledValue(scale)));
            }
        }
        read("1e999999999");
        assertNull(scan.unscaledValue(data, 38, 0));
        read("-1e-999999999");
        assertEquals(BigInteger.ZERO, scan.unscaledValue(data, 38, 10));
    }

    @ParameterizedTest
    @CsvSource({"1x, 1", "x, 0", "-, 0", "., 0", "1.5e, 3", "1.5e+, 3", "'1,5', 1", "-.5, 3", "'', 0"})
    void aNumberEndsWhereItsDigitsEnd(String text, int end) {
        assertEquals(end, read(text));
    }

    @ParameterizedTest
    @CsvSource({"1.5, true", "0.5, true", "-0, true", "01, false", ".5, false", "1., false", "1.e5, false", "10, true"})
    void strictNumbersAreTold(String text, boolean strict) {
        read(text);

        assertEquals(strict, scan.isStrict());
    }

    private int read(String text) {
        data = (text + "\0".repeat(16)).getBytes(StandardCharsets.ISO_8859_1);
        return scan.scan(data, 0);
    }
}
