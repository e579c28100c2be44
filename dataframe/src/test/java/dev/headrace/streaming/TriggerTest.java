package dev.headrace.streaming;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TriggerTest {
    @Test
    void intervalsAreTextsOrDurationsOrNumbersOfUnits() {
        Trigger tenSeconds = new Trigger.ProcessingTime(Duration.ofSeconds(10));
        assertEquals(tenSeconds, Trigger.ProcessingTime("10 seconds"));
        assertEquals(tenSeconds, Trigger.ProcessingTime(Duration.ofSeconds(10)));
        assertEquals(tenSeconds, Trigger.ProcessingTime(10_000));
        assertEquals(tenSeconds, Trigger.ProcessingTime(10, TimeUnit.SECONDS));
    }

    @Test
    void anIntervalOfZeroMeansAsFastAsPossible() {
        assertEquals(new Trigger.AsFastAsPossible(), Trigger.ProcessingTime("0 seconds"));
        assertEquals(new Trigger.AsFastAsPossible(), Trigger.ProcessingTime(0));
    }

    @Test
    void negativeIntervalsAreRefused() {
        assertFails(
                "[INVALID_INTERVAL] Trigger.ProcessingTime(PT-1S): the interval must not be negative.",
                () -> Trigger.ProcessingTime("-1 second"));
    }

    @Test
    void outputModesHaveNames() {
        assertEquals(OutputMode.COMPLETE, OutputMode.of("Complete"));
        assertEquals(OutputMode.Update(), OutputMode.of("update"));
        assertFails(
                "[UNKNOWN_OUTPUT_MODE] 'apend' is not an output mode. Did you mean 'append'? Output modes: append, update,"
                        + " complete, changelog.",
                () -> OutputMode.of("apend"));
    }
}
