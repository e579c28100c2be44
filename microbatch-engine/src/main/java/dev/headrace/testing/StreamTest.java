package dev.headrace.testing;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.engine.Step;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.WatermarkReport;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs a streaming query in a test, step by step: add rows, process them, look at what came, crash, go on.
///
/// ```java
/// try (StreamTest test = StreamTest.create()) {
///     TestInput clicks = test.input("user string, ts timestamp");
///     test.query(clicks.toDF().groupBy("user").count(), "update");
///     clicks.add("ann", Instant.parse("2026-01-31T10:00:00Z"));
///     test.process().expect(RowFactory.create("ann", 1L));
/// }
/// ```
///
/// Each [#process] starts the query on its checkpoint, lets it take all rows that are there in one batch, and further
/// batches as long as the watermark or a timer has something to do, and stops it; so every test is one of restarts,
/// too. Needs no test framework: what is not as expected is an [AssertionError]. Not thread-safe.
public final class StreamTest implements AutoCloseable {
    private static final String FAIL_AT = "headrace.testing.failAt";
    private static final String EXPECTED_ERROR = "headrace.testing.expectedError";

    private final Session session;
    private final ManualClock clock;
    private final Path checkpoint;
    private final Map<Long, List<Row>> batches = new TreeMap<>();
    private long checked = -1;
    private Optional<DataFrame> query = Optional.empty();
    private String mode = "append";
    private Optional<StreamingQuery> last = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    private StreamTest(Session session, ManualClock clock, Path checkpoint) {
        this.session = session;
        this.clock = clock;
        this.checkpoint = checkpoint;
    }

    /// A test with a session of its own, in UTC, whose clock stands at 2026-01-01T00:00:00Z until it is moved.
    public static StreamTest create() {
        ManualClock clock = new ManualClock();
        Session session = Session.builder()
                .master("local[2]")
                .appName("StreamTest")
                .config("spark.sql.session.timeZone", "UTC")
                .clock(clock)
                .create();
        try {
            return new StreamTest(session, clock, Files.createTempDirectory("headrace-test-"));
        } catch (IOException noDirectory) {
            session.close();
            throw new UncheckedIOException("no directory for the checkpoint", noDirectory);
        }
    }

    /// The test's session, for tables and settings.
    public Session session() {
        return session;
    }

    /// A stream that the test fills.
    ///
    /// @param ddl its columns, such as `user string, ts timestamp`
    public TestInput input(String ddl) {
        return input(StructType.fromDDL(ddl));
    }

    public TestInput input(StructType schema) {
        return new TestInput(session, schema);
    }

    /// The query to test. Called again, the next [#process] goes on with the changed query on the same checkpoint.
    ///
    /// @param rows what `writeStream()` would be called on
    /// @param outputMode `append`, `update`, `complete` or `changelog`
    public StreamTest query(DataFrame rows, String outputMode) {
        query = Optional.of(rows);
        mode = outputMode;
        return this;
    }

    /// Processes all rows that were added.
    ///
    /// @throws AssertionError if the query fails; see [#expectError]
    public StreamTest process() {
        run(Optional.empty());
        failure.ifPresent(thrown -> {
            throw new AssertionError("The query failed: " + thrown.getMessage(), thrown);
        });
        return this;
    }

    /// Processes rows until a crash before a step of the next batch; the next [#process] goes on from there.
    public StreamTest crashBefore(Step step) {
        return crash("before", step);
    }

    /// Processes rows until a crash after a step of the next batch.
    public StreamTest crashAfter(Step step) {
        return crash("after", step);
    }

    private StreamTest crash(String when, Step step) {
        long next = committed() + 1;
        run(Optional.of(when + ":" + step.name() + ":" + next));
        if (failure.isEmpty()) {
            throw new AssertionError("There was no batch " + next + " to crash in: add rows before.");
        }
        failure = Optional.empty();
        return this;
    }

    /// The newest batch that is done; -1 before the first.
    private long committed() {
        Path commits = checkpoint.resolve("commits");
        if (Files.notExists(commits)) {
            return -1;
        }
        try (Stream<Path> entries = Files.list(commits)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElse(-1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(commits.toString(), unreadable);
        }
    }

    private void run(Optional<String> failAt) {
        DataFrame rows =
                query.orElseThrow(() -> new IllegalStateException("Say what to test: test.query(rows, \"append\")."));
        failure = Optional.empty();
        failAt.ifPresent(place -> session.conf().set(FAIL_AT, place));
        try {
            StreamingQuery started = rows.writeStream()
                    .outputMode(mode)
                    .foreachBatch(this::take)
                    .trigger(Trigger.AvailableNow())
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            last = Optional.of(started);
            started.awaitTermination();
        } catch (StreamingQueryException failed) {
            failure = Optional.of(failed.getCause() == null ? failed : failed.getCause());
        } catch (HeadraceException refused) {
            failure = Optional.of(refused);
        } catch (TimeoutException starting) {
            throw new IllegalStateException("the query did not start", starting);
        } finally {
            failAt.ifPresent(_ -> session.conf().unset(FAIL_AT));
        }
    }

    private void take(DataFrame rows, long batch) {
        List<Row> given = rows.collectAsList();
        List<Row> before = batches.put(batch, given);
        if (before != null && !sorted(before).equals(sorted(given))) {
            throw new AssertionError("Batch " + batch + " ran again and gave other rows: first " + sorted(before)
                    + ", then " + sorted(given));
        }
    }

    private static List<String> sorted(List<Row> rows) {
        return rows.stream().map(Row::toString).sorted().toList();
    }

    /// The rows that came since the last call of this, [#expect] or [#expectNothing], batch after batch.
    public List<Row> newRows() {
        List<Row> rows = new ArrayList<>();
        batches.forEach((batch, given) -> {
            if (batch > checked) {
                rows.addAll(given);
            }
        });
        checked = batches.keySet().stream().max(Comparator.naturalOrder()).orElse(-1L);
        return rows;
    }

    /// Checks the rows that came since the last check, in any order.
    public StreamTest expect(Row... rows) {
        List<String> expected = sorted(Arrays.asList(rows));
        List<String> actual = sorted(newRows());
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + "\n but came " + actual);
        }
        return this;
    }

    /// Checks the rows that came since the last check: each is a list of values.
    public StreamTest expectRows(List<? extends List<? extends @Nullable Object>> rows) {
        return expect(rows.stream().map(row -> RowFactory.create(row.toArray())).toArray(Row[]::new));
    }

    /// Checks that no rows came since the last check.
    public StreamTest expectNothing() {
        return expect();
    }

    /// Processes all rows that were added, and checks that the query fails with a code such as `CAST_INVALID_INPUT`.
    ///
    /// @return the error's message
    public String expectError(String code) {
        session.conf().set(EXPECTED_ERROR, code);
        try {
            run(Optional.empty());
        } finally {
            session.conf().unset(EXPECTED_ERROR);
        }
        Throwable thrown = failure.orElseThrow(() -> new AssertionError("expected [" + code + "], but nothing failed"));
        if (!(thrown instanceof HeadraceException coded) || !coded.code().equals(code)) {
            throw new AssertionError("expected [" + code + "], but it failed with " + thrown, thrown);
        }
        return String.valueOf(thrown.getMessage());
    }

    /// Checks the watermark of the next batch.
    public StreamTest expectWatermark(Instant watermark) {
        WatermarkReport report = running().explainWatermark();
        if (!report.watermark().equals(Optional.of(watermark))) {
            throw new AssertionError("expected the watermark " + watermark + "\n but: " + report);
        }
        return this;
    }

    /// The query as it ran last, for its progress, [StreamingQuery#verify] and [StreamingQuery#replay].
    public StreamingQuery running() {
        return last.orElseThrow(() -> new IllegalStateException("Nothing ran yet: call process() before."));
    }

    /// Moves the clock that processing-time timers, windows and triggers go by.
    public StreamTest advanceClock(Duration time) {
        clock.now = clock.now.plus(time);
        return this;
    }

    /// Closes the session and deletes the checkpoint.
    @Override
    public void close() {
        session.close();
        try (Stream<Path> files = Files.walk(checkpoint)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException notDeleted) {
            throw new UncheckedIOException("the checkpoint is left at " + checkpoint, notDeleted);
        }
    }

    /// A clock that stands until it is moved.
    private static final class ManualClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
