package dev.headrace.plan;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class IntervalTextTest {
    @Test
    void intervalsAreSumsOfNumbersOfUnits() {
        assertEquals(600_000_000L, IntervalText.micros("10 minutes"));
        assertEquals(3_630_000_000L, IntervalText.micros("1 hour 30 seconds"));
        assertEquals(500_000L, IntervalText.micros("INTERVAL 500 milliseconds"));
        assertEquals(-1_500_000L, IntervalText.micros("-1.5 seconds"));
        assertEquals(0, IntervalText.micros("0 days"));
        assertEquals(8 * 86_400_000_000L, IntervalText.micros("1 week 1 day"));
    }

    @Test
    void textsComeBack() {
        assertEquals("10 minutes", IntervalText.of(600_000_000L));
        assertEquals("1 hour", IntervalText.of(3_600_000_000L));
        assertEquals("1500 milliseconds", IntervalText.of(1_500_000L));
        assertEquals("0 seconds", IntervalText.of(0));
    }

    @Test
    void whatIsNoIntervalIsReported() {
        assertFails(
                "[INVALID_INTERVAL] 'soon' is not an interval such as '10 minutes' or '1 hour 30 seconds': expected pairs of"
                        + " a number and a unit.",
                () -> IntervalText.micros("soon"));
        assertFails(
                "[INVALID_INTERVAL] 'ten minutes' is not an interval such as '10 minutes' or '1 hour 30 seconds': 'ten' is"
                        + " not a number.",
                () -> IntervalText.micros("ten minutes"));
        assertFails(
                "[INVALID_INTERVAL] '1 month' is not an interval such as '10 minutes' or '1 hour 30 seconds': months and"
                        + " years have no fixed length; write days or hours.",
                () -> IntervalText.micros("1 month"));
        assertFails(
                "[INVALID_INTERVAL] '999999999999 days' is not an interval such as '10 minutes' or '1 hour 30 seconds': it"
                        + " is too long.",
                () -> IntervalText.micros("999999999999 days"));
    }
}
