package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.headrace.types.StructType;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {
    @Test
    void getOrCreateGivesTheActiveSessionUntilItIsClosed() {
        Session first = Session.builder().appName("first").getOrCreate();
        assertSame(first, Session.builder().config("some.setting", "7").getOrCreate());
        assertSame(first, Session.active());
        assertEquals("7", first.conf().get("some.setting"));
        first.close();
        first.stop();
        assertFails(
                "[NO_ACTIVE_SESSION] There is no session. Make one with Session.builder().getOrCreate().",
                Session::active);
        Session second = Session.builder().getOrCreate();
        assertNotSame(first, second);
        second.close();
    }

    @Test
    void aClosedSessionRunsNothing() {
        Session session = Session.builder().master("local[1]").create();
        DataFrame range = session.range(3);
        session.close();
        assertFails("[SESSION_CLOSED] The session is closed. Make another one with Session.builder().", range::count);
    }

    @Test
    void mastersOfOneMachineSayHowManyThreadsRun() {
        try (Session session = Session.builder().master("local[3]").create()) {
            assertEquals(3, session.runtime().settings().parallelism());
        }
        try (Session session = Session.builder().master("local").create()) {
            assertEquals(1, session.runtime().settings().parallelism());
        }
        try (Session session = Session.builder().master("local[*]").create()) {
            assertEquals(
                    Runtime.getRuntime().availableProcessors(),
                    session.runtime().settings().parallelism());
        }
        assertFails(
                "[UNSUPPORTED_MASTER] master(\"spark://host:7077\"): Headrace runs in this process, on one machine. Leave"
                        + " master(…) out, or write local[*] or local[4].",
                () -> Session.builder().master("spark://host:7077"));
    }

    @Test
    void settingsThatCantBeAreRefused() {
        assertFails(
                "[INVALID_CONFIG] 'spark.sql.session.timeZone' is 'Mars': expected a time zone such as 'UTC',"
                        + " 'Europe/Berlin' or '+02:00'.",
                () -> Session.builder()
                        .config("spark.sql.session.timeZone", "Mars")
                        .create());
        assertFails(
                "[UNSUPPORTED_CONFIG] 'spark.sql.ansi.enabled' is 'false': only 'true' is supported.",
                () -> Session.builder().config("spark.sql.ansi.enabled", false).create());
        assertFails(
                "[INVALID_CONFIG] 'spark.sql.sources.partitionOverwriteMode' is 'some': expected static or dynamic.",
                () -> Session.builder()
                        .config("spark.sql.sources.partitionOverwriteMode", "some")
                        .create());
        assertFails(
                "[UNSUPPORTED_CONFIG] 'spark.sql.legacy.timeParserPolicy' is 'LEGACY': only 'EXCEPTION' and 'CORRECTED'"
                        + " is supported. Spark would give other results.",
                () -> Session.builder()
                        .config("spark.sql.legacy.timeParserPolicy", "LEGACY")
                        .create());
        assertFails(
                "[UNSUPPORTED_CONFIG] 'spark.sql.columnNameOfCorruptRecord' is '_bad': only '_corrupt_record' is supported."
                        + " Spark would give other results.",
                () -> Session.builder()
                        .config("spark.sql.columnNameOfCorruptRecord", "_bad")
                        .create());
        assertFails(
                "[INVALID_CONFIG] 'spark.sql.sources.partitionColumnTypeInference.enabled' is 'no': expected true or false.",
                () -> Session.builder()
                        .config("spark.sql.sources.partitionColumnTypeInference.enabled", "no")
                        .create());
        assertFails(
                "[INVALID_CONFIG] 'headrace.memory.limit' is 'lots': expected an amount of memory such as '512m' or '4g'.",
                () -> Session.builder().config("headrace.memory.limit", "lots").create());
        assertFails(
                "[INVALID_CONFIG] 'headrace.parallelism' is '0': expected at least 1.",
                () -> Session.builder().config("headrace.parallelism", 0).create());
        try (Session session = Session.builder().master("local[1]").create()) {
            assertFails(
                    "[UNSUPPORTED_CONFIG] 'headrace.parallelism' is read when the session starts. Set it with"
                            + " Session.builder().config(…).",
                    () -> session.conf().set("headrace.parallelism", 2));
            assertFails(
                    "[UNKNOWN_CONFIG] The setting 'spark.sql.session.timezone' has no value. Did you mean"
                            + " 'spark.sql.session.timeZone'?",
                    () -> session.conf().get("spark.sql.session.timezone"));
            String own = "Those of Headrace: headrace.catalog.path, headrace.delta.compactionBudget,"
                    + " headrace.memory.limit, headrace.parallelism, headrace.rowBalance.check,"
                    + " headrace.spill.directory, headrace.state.backend, headrace.stream.maxLostRows,"
                    + " headrace.stream.targetBatchTime, headrace.testing.expectedError, headrace.testing.failAt, headrace.testing.pauseAt,"
                    + " headrace.testing.pauseFile, headrace.watermark.idleTimeout, headrace.watermark.maxDrift.";
            assertFails(
                    "[UNKNOWN_CONFIG] 'headrace.stream.targetBatchTme' is not a setting. Did you mean"
                            + " 'headrace.stream.targetBatchTime'? " + own,
                    () -> session.conf().set("headrace.stream.targetBatchTme", "2 seconds"));
            assertFails(
                    "[UNKNOWN_CONFIG] 'headrace.paralelism' is not a setting. Did you mean 'headrace.parallelism'? "
                            + own,
                    () -> Session.builder().config("headrace.paralelism", 2).create());
            session.conf().set("spark.no.such", "kept");
            assertEquals("x", session.conf().get("no.such", "x"));
            assertFalse(session.conf().isModifiable("spark.master"));
        }
    }

    @Test
    void theTimeZoneMayChangeWhileTheSessionRuns() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-31T23:30:00Z"), ZoneOffset.UTC);
        try (Session session = Session.builder()
                .master("local[1]")
                .clock(clock)
                .config("spark.sql.session.timeZone", "UTC")
                .create()) {
            DataFrame today = session.range(1).select(functions.current_date().cast("string"));
            assertEquals("2026-01-31", today.first().getString(0));
            session.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
            assertEquals("2026-02-01", today.first().getString(0));
            session.conf().unset("spark.sql.session.timeZone");
            assertEquals(
                    java.time.ZoneId.systemDefault().getId(), session.conf().get("spark.sql.session.timeZone"));
        }
    }

    @Test
    void memoryHasUnits() {
        assertEquals(512L << 20, MemorySize.parse("key", "512m"));
        assertEquals(4L << 30, MemorySize.parse("key", "4 GB"));
        assertEquals(1000, MemorySize.parse("key", "1000"));
    }

    @Test
    void anEmptyDataFrameHasNoColumnsAndNoRows() {
        try (Session session = Session.builder().master("local[1]").create()) {
            assertEquals(new StructType(), session.emptyDataFrame().schema());
            assertEquals(List.of(), session.emptyDataFrame().collectAsList());
            assertEquals(0, session.emptyDataFrame().count());
        }
    }

    @Test
    void rangesNeedAStep() {
        try (Session session = Session.builder().master("local[1]").create()) {
            assertFails("[INVALID_RANGE] range(0, 5, 0, 1): the step must not be 0.", () -> session.range(0, 5, 0));
        }
    }

    @Test
    void rangesMayReachFromEndToEnd() {
        try (Session session = Session.builder().master("local[2]").create()) {
            long least = Long.MIN_VALUE;
            long most = Long.MAX_VALUE;
            assertEquals(List.of(least, -1L, most - 1), ids(session.range(least, most, most, 2)));
            assertEquals(List.of(most, 0L), ids(session.range(most, -most, -most, 3)));
            assertEquals(
                    List.of(least, least + 1),
                    ids(session.range(least, most, 1, 7).limit(2)));
            assertEquals(List.of(), ids(session.range(most, least, 1, 2)));
        }
    }

    private static List<Object> ids(DataFrame range) {
        return range.collectAsList().stream().map(row -> row.get(0)).toList();
    }
}
