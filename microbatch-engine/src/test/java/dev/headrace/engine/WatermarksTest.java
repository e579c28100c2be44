package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.stateful.EventTimeStats;
import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the watermark is after a batch, and which partition or input holds it.
class WatermarksTest {
    private static final long SECOND = 1_000_000;
    private static final Watermarks.Policy MIN = Watermarks.Policy.of(Map.of());
    private static final Watermarks.Policy MAX =
            Watermarks.Policy.of(Map.of("spark.sql.streaming.multipleWatermarkPolicy", "max"));
    private static final Watermarks.Policy PATIENT =
            Watermarks.Policy.of(Map.of("headrace.watermark.idleTimeout", "1 minute"));

    private final EventTimeStats clicks = new EventTimeStats("clicked", 10 * SECOND, Set.of(0));
    private final EventTimeStats orders = new EventTimeStats("ordered", 0, Set.of(1));
    private long batch;

    private Watermarks fresh(EventTimeStats... inputs) {
        return Watermarks.logged(0, OptionalLong.empty(), List.of(), List.of(inputs), 0, MIN);
    }

    private static void see(EventTimeStats input, String part, long second) {
        input.add(part, second * SECOND, second * SECOND, 0, 1);
    }

    /// Ends a batch at a second of the clock, and begins the next one.
    private Watermarks after(
            Watermarks before,
            long clock,
            Watermarks.Policy policy,
            List<Set<String>> unread,
            EventTimeStats... inputs) {
        PlannedBatch planned = new PlannedBatch(
                new BatchId(batch++),
                List.of(new OffsetRange(Optional.empty(), Optional.of("1"))),
                before.millis(),
                clock * 1_000,
                Map.of());
        Watermarks next = before.after(planned, List.of(inputs), unread, policy);
        List.of(inputs).forEach(EventTimeStats::reset);
        return next;
    }

    private static final List<Set<String>> ALL_READ = List.of(Set.of(), Set.of());

    @Test
    void itIsTheLatestEventLessTheDelayAndNeverGoesBack() {
        see(clicks, "clicks-0", 100);
        see(clicks, "clicks-1", 40);
        Watermarks first = after(fresh(clicks), 1, MIN, ALL_READ, clicks);
        assertEquals(90_000, first.millis());
        see(clicks, "clicks-1", 50);
        assertEquals(90_000, after(first, 2, MIN, ALL_READ, clicks).millis());
    }

    @Test
    void aPartitionWithUnreadRowsHoldsIt() {
        see(clicks, "clicks-0", 100);
        see(clicks, "clicks-1", 40);
        Watermarks behind = after(fresh(clicks), 1, MIN, List.of(Set.of("clicks-1")), clicks);
        assertEquals(30_000, behind.millis());
        assertEquals("""
                The watermark is 1970-01-01T00:00:30Z.
                withWatermark("clicked", "10 seconds") is at 1970-01-01T00:00:30Z
                    clicks-0: latest event 1970-01-01T00:01:40Z, since 1970-01-01T00:00:01Z
                    clicks-1: latest event 1970-01-01T00:00:40Z, since 1970-01-01T00:00:01Z, has unread rows  <- holds it back""", behind.report().toString());
        assertEquals(90_000, after(behind, 2, MIN, ALL_READ, clicks).millis());
    }

    @Test
    void aPartitionThatNobodyHasReadHoldsItToo() {
        see(clicks, "clicks-0", 100);
        Watermarks behind = after(fresh(clicks), 1, MIN, List.of(Set.of("clicks-1")), clicks);
        assertEquals(0, behind.millis());
        assertEquals("""
                There is no watermark yet: no event has been seen.
                withWatermark("clicked", "10 seconds") waits for a first event
                    clicks-0: latest event 1970-01-01T00:01:40Z, since 1970-01-01T00:00:01Z
                    clicks-1: no event yet, has unread rows  <- holds it back""", behind.report().toString());
    }

    /// A state gives rows of which it is not known whose they were.
    @Test
    void partsThatAreNotSeenByNameHoldItAtWhatIsSeenOfNone() {
        see(clicks, "", 100);
        Watermarks first = after(fresh(clicks), 1, MIN, List.of(Set.of("clicks-0", "clicks-1")), clicks);
        assertEquals(90_000, first.millis());
        see(clicks, "clicks-0", 95);
        see(clicks, "", 110);
        Watermarks second = after(first, 2, MIN, List.of(Set.of("clicks-0", "clicks-1")), clicks);
        assertEquals(90_000, second.millis());
        assertEquals("""
                The watermark is 1970-01-01T00:01:30Z.
                withWatermark("clicked", "10 seconds") is at 1970-01-01T00:01:25Z
                    latest event 1970-01-01T00:01:50Z, since 1970-01-01T00:00:02Z
                    clicks-0: latest event 1970-01-01T00:01:35Z, since 1970-01-01T00:00:02Z, has unread rows  <- holds it back
                    clicks-1: no event yet, has unread rows""", second.report().toString());
    }

    @Test
    void inputsThatTakeTurnsMoveItOn() {
        Watermarks now = fresh(clicks, orders);
        for (int second = 100; second <= 200; second += 20) {
            see(clicks, "", second);
            now = after(now, second, MIN, ALL_READ, clicks, orders);
            see(orders, "", second);
            now = after(now, second, MIN, ALL_READ, clicks, orders);
        }
        assertEquals(190_000, now.millis());
    }

    @Test
    void theInputThatIsBehindIsNamed() {
        see(clicks, "", 100);
        Watermarks first = after(fresh(clicks, orders), 1, MIN, ALL_READ, clicks, orders);
        assertEquals(0, first.millis());
        see(orders, "", 20);
        Watermarks second = after(first, 2, MIN, ALL_READ, clicks, orders);
        assertEquals(20_000, second.millis());
        assertEquals("""
                The watermark is 1970-01-01T00:00:20Z.
                withWatermark("clicked", "10 seconds") is at 1970-01-01T00:01:30Z
                    latest event 1970-01-01T00:01:40Z, since 1970-01-01T00:00:01Z
                withWatermark("ordered", "0 seconds") is at 1970-01-01T00:00:20Z, and holds the query's watermark
                    latest event 1970-01-01T00:00:20Z, since 1970-01-01T00:00:02Z""", second.report().toString());
        see(clicks, "", 100);
        see(orders, "", 20);
        assertEquals(
                90_000,
                after(fresh(clicks, orders), 1, MAX, ALL_READ, clicks, orders).millis());
    }

    @Test
    void anIdlePartitionHoldsItUntilTheTimeout() {
        see(clicks, "clicks-0", 100);
        see(clicks, "clicks-1", 40);
        Watermarks now = after(fresh(clicks), 0, PATIENT, ALL_READ, clicks);
        assertEquals(30_000, now.millis());
        see(clicks, "clicks-0", 200);
        now = after(now, 59, PATIENT, ALL_READ, clicks);
        assertEquals(30_000, now.millis());
        see(clicks, "clicks-0", 201);
        now = after(now, 60, PATIENT, ALL_READ, clicks);
        assertEquals(191_000, now.millis());
    }

    @Test
    void anIdleInputIsNotWaitedForAfterTheTimeout() {
        see(clicks, "", 100);
        see(orders, "", 20);
        Watermarks now = after(fresh(clicks, orders), 0, PATIENT, ALL_READ, clicks, orders);
        assertEquals(20_000, now.millis());
        see(clicks, "", 300);
        assertEquals(290_000, after(now, 61, PATIENT, ALL_READ, clicks, orders).millis());
    }

    @Test
    void whatTheLogTellsIsGoneOnWith() {
        see(clicks, "", 100);
        Watermarks now = after(fresh(clicks, orders), 1, MIN, ALL_READ, clicks, orders);
        Watermarks restarted = Watermarks.logged(
                now.millis(), now.begun(), now.latest(), new ArrayList<>(List.of(clicks, orders)), 5, MIN);
        see(orders, "", 95);
        assertEquals(90_000, after(restarted, 6, MIN, ALL_READ, clicks, orders).millis());
    }

    @Test
    void whatIsNoPolicyIsRefused() {
        assertEquals(
                "[INVALID_CONF] 'spark.sql.streaming.multipleWatermarkPolicy' is 'latest'; expected min (the earliest of"
                        + " several watermarks counts) or max (the latest).",
                assertThrows(
                                QueryException.class,
                                () -> Watermarks.Policy.of(
                                        Map.of("spark.sql.streaming.multipleWatermarkPolicy", "latest")))
                        .getMessage());
        assertEquals(
                "[INVALID_CONF] 'headrace.watermark.idleTimeout' is 'soon'; expected an interval such as '1 minute', the"
                        + " time for which a partition without new rows holds the watermark.",
                assertThrows(
                                QueryException.class,
                                () -> Watermarks.Policy.of(Map.of("headrace.watermark.idleTimeout", "soon")))
                        .getMessage());
    }

    /// The events of a topic are those of its partitions: the farthest one tells how far it has been read.
    @Test
    void belowOneWatermarkTheTopicThatIsTooFarAheadWaits() {
        EventTimeStats both = new EventTimeStats("at", 0, Set.of(0, 1));
        see(both, "fast-0", 100);
        see(both, "fast-1", 500);
        see(both, "slow-0", 90);
        Watermarks.Policy drift = Watermarks.Policy.of(Map.of("headrace.watermark.maxDrift", "5 minutes"));
        Watermarks now = after(fresh(both), 1, drift, ALL_READ, both);
        List<Set<String>> parts = List.of(Set.of("fast-0", "fast-1", "fast-2"), Set.of("slow-0"));
        assertEquals(Set.of(0), now.waiting(Set.of(0, 1), List.of(both), parts, drift));
        assertEquals(Set.of(), now.waiting(Set.of(0), List.of(both), parts, drift));
        see(both, "slow-0", 201);
        Watermarks later = after(now, 2, drift, ALL_READ, both);
        assertEquals(Set.of(), later.waiting(Set.of(0, 1), List.of(both), parts, drift));
    }
}
