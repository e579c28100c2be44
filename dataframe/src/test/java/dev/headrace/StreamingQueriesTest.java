package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamStart;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingEngine;
import dev.headrace.connector.StreamingSource;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedPlan;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryListener;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.StreamingQueryStatus;
import dev.headrace.streaming.TimingReport;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.streaming.WatermarkReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The session's side of streaming queries, with an engine that runs nothing.
class StreamingQueriesTest {
    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    private final DataFrame stream =
            DataFrame.of(session, new NamedPlan.Read(new NoSource(StructType.fromDDL("id bigint")), "test"));

    private record NoSource(StructType schema) implements StreamTable {
        @Override
        public String description() {
            return "nothing";
        }

        @Override
        public StreamingSource open(ScanRequest request, Path checkpoint) {
            throw new UnsupportedOperationException();
        }
    }

    private class FakeEngine implements StreamingEngine {
        @Override
        public StreamingQuery start(StreamStart request) {
            return new FakeQuery(request);
        }

        @Override
        public VerifyReport verify(StreamStart request) {
            throw new AssertionError();
        }

        @Override
        public ReplayReport replay(StreamStart request, long batchId) {
            throw new AssertionError();
        }
    }

    private final class FakeQuery implements StreamingQuery {
        private final StreamStart request;
        private final UUID id = UUID.randomUUID();
        private final UUID runId = UUID.randomUUID();
        private volatile boolean active = true;
        private Optional<StreamingQueryException> failure = Optional.empty();

        FakeQuery(StreamStart request) {
            this.request = request;
        }

        void end(Optional<Throwable> cause) {
            failure = cause.map(c -> new StreamingQueryException(id, runId, name(), "{}", "{}", c));
            active = false;
            request.events()
                    .tell(new StreamingQueryListener.QueryTerminatedEvent(
                            id,
                            runId,
                            failure.map(Throwable::getMessage),
                            failure.flatMap(StreamingQueryException::code)));
        }

        @Override
        public WatermarkReport explainWatermark() {
            return new WatermarkReport(Optional.empty(), List.of());
        }

        @Override
        public VerifyReport verify() {
            throw new AssertionError();
        }

        @Override
        public ReplayReport replay(long batchId) {
            throw new AssertionError();
        }

        @Override
        public ReplayReport replay(long batchId, DataFrame changed) {
            throw new AssertionError();
        }

        @Override
        public String name() {
            return request.queryName().orElse(null);
        }

        @Override
        public UUID id() {
            return id;
        }

        @Override
        public UUID runId() {
            return runId;
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public Optional<StreamingQueryException> exception() {
            return failure;
        }

        @Override
        public StreamingQueryStatus status() {
            return new StreamingQueryStatus("Waiting for data to arrive", false, false);
        }

        @Override
        public StreamingQueryProgress[] recentProgress() {
            return new StreamingQueryProgress[0];
        }

        @Override
        public StreamingQueryProgress lastProgress() {
            return null;
        }

        @Override
        public void awaitTermination() {}

        @Override
        public boolean awaitTermination(long timeoutMs) {
            return !active;
        }

        @Override
        public void processAllAvailable() {}

        @Override
        public void stop() {
            if (active) {
                end(Optional.empty());
            }
        }

        @Override
        public void explain() {}

        @Override
        public void explain(boolean extended) {}

        @Override
        public void explain(String mode) {}

        @Override
        public TimingReport explainTiming() {
            return new TimingReport("", List.of(), List.of());
        }
    }

    private FakeQuery start(String name) {
        return (FakeQuery) session.queries().start(new FakeEngine(), request(name));
    }

    private StreamStart request(String name) {
        return new StreamStart(
                session.runtime(),
                Map.of(),
                Optional.ofNullable(name),
                stream.resolved().plan(),
                stream.resolved().plan(),
                new StreamStart.Target.ForeachBatch((rows, batchId) -> {}),
                Trigger.AvailableNow(),
                OutputMode.APPEND,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                session.queries());
    }

    private StreamingQuery[] active() {
        return session.streams().active();
    }

    @Test
    void runningQueriesAreListedUntilTheyEnd() throws Exception {
        FakeQuery first = start("first");
        FakeQuery second = start(null);
        assertArrayEquals(new StreamingQuery[] {first, second}, active());
        assertSame(second, session.streams().get(second.id()));
        assertSame(first, session.streams().get(first.id().toString()));
        first.stop();
        assertArrayEquals(new StreamingQuery[] {second}, active());
        assertNull(session.streams().get(first.id()));
    }

    @Test
    void aNameBelongsToOneRunningQuery() throws Exception {
        FakeQuery first = start("clicks");
        assertFails(
                "[QUERY_NAME_IN_USE] queryName(\"clicks\"): a running query of this session has that name (id "
                        + first.id() + "). Stop it, or choose another name.",
                () -> start("clicks"));
        first.stop();
        start("clicks");
    }

    @Test
    void aNameBelongsToAQueryThatIsBeingStarted() {
        FakeEngine whileStarting = new FakeEngine() {
            @Override
            public StreamingQuery start(StreamStart request) {
                assertFails(
                        "[QUERY_NAME_IN_USE] queryName(\"clicks\"): a query of that name is just being started in this"
                                + " session. Stop that, or choose another name.",
                        () -> StreamingQueriesTest.this.start("clicks"));
                throw new IllegalStateException("the start fails");
            }
        };
        assertThrows(IllegalStateException.class, () -> session.queries().start(whileStarting, request("clicks")));
        start("clicks");
    }

    @Test
    void aQueryThatIsStartedWhileTheSessionIsClosedStops() {
        List<StreamingQuery> started = new ArrayList<>();
        FakeEngine closedMeanwhile = new FakeEngine() {
            @Override
            public StreamingQuery start(StreamStart request) {
                started.add(super.start(request));
                session.close();
                return started.getFirst();
            }
        };
        assertFails(
                "[SESSION_CLOSED] The session is closed. Make another one with Session.builder().",
                () -> session.queries().start(closedMeanwhile, request("clicks")));
        assertFalse(started.getFirst().isActive());
    }

    @Test
    void awaitingAnyTerminationGivesTheErrorThatEndedAQuery() {
        FakeQuery query = start("bad");
        assertFalse(session.streams().awaitAnyTermination(1));
        query.end(Optional.of(new QueryException("UNKNOWN_TOPIC", "There is no topic 'x'.")));
        StreamingQueryException failure = assertThrows(
                StreamingQueryException.class, () -> session.streams().awaitAnyTermination());
        assertEquals(
                "Query bad [id = " + query.id() + ", runId = " + query.runId()
                        + "] terminated with exception: [UNKNOWN_TOPIC] There is no topic 'x'.",
                failure.getMessage());
        assertEquals(Optional.of("UNKNOWN_TOPIC"), failure.code());
        session.streams().resetTerminated();
        assertFalse(session.streams().awaitAnyTermination(1));
    }

    @Test
    void awaitingAnyTerminationEndsWhenAQueryStops() throws Exception {
        start("a");
        FakeQuery query = start("b");
        Thread stopper = Thread.startVirtualThread(query::stop);
        session.streams().awaitAnyTermination();
        stopper.join();
        assertTrue(session.streams().awaitAnyTermination(1));
    }

    @Test
    void listenersAreToldInOrderAndMayFail() throws Exception {
        List<String> told = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        session.streams().addListener(new Recording(event -> {
            throw new IllegalStateException("a listener's fault");
        }));
        Recording recording = new Recording(event -> {
            told.add(event.getClass().getSimpleName());
            if (event instanceof StreamingQueryListener.QueryTerminatedEvent) {
                ended.countDown();
            }
        });
        session.streams().addListener(recording);
        FakeQuery query = start("q");
        query.request.events().tell(new StreamingQueryListener.QueryStartedEvent(query.id, query.runId, "q", "now"));
        query.request.events().tell(new StreamingQueryListener.QueryIdleEvent(query.id, query.runId, "now"));
        query.stop();
        ended.await();
        assertEquals(List.of("QueryStartedEvent", "QueryIdleEvent", "QueryTerminatedEvent"), told);
        session.streams().removeListener(recording);
        assertEquals(1, session.streams().listListeners().length);
    }

    /// Hands all events to one function.
    private static final class Recording extends StreamingQueryListener {
        private final java.util.function.Consumer<Event> consumer;

        Recording(java.util.function.Consumer<Event> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onQueryStarted(QueryStartedEvent event) {
            consumer.accept(event);
        }

        @Override
        public void onQueryProgress(QueryProgressEvent event) {
            consumer.accept(event);
        }

        @Override
        public void onQueryIdle(QueryIdleEvent event) {
            consumer.accept(event);
        }

        @Override
        public void onQueryTerminated(QueryTerminatedEvent event) {
            consumer.accept(event);
        }
    }

    @Test
    void closingTheSessionStopsItsQueries() {
        Session other = Session.builder().master("local[1]").create();
        FakeQuery query = start("q");
        StreamStart request = query.request;
        FakeQuery ofOther = (FakeQuery) other.queries()
                .start(
                        new FakeEngine(),
                        new StreamStart(
                                other.runtime(),
                                Map.of(),
                                Optional.of("q"),
                                request.analyzed(),
                                request.plan(),
                                request.target(),
                                request.trigger(),
                                request.outputMode(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                other.queries()));
        other.close();
        assertFalse(ofOther.isActive());
        assertTrue(query.isActive());
    }

    @Test
    void aStreamCantBeCollected() {
        assertTrue(stream.isStreaming());
        assertFails(
                "[STREAMING_QUERY_NOT_STARTED] collectAsList() can't run on a stream, which has no end. Start it with"
                        + " writeStream()…start(), or write it to format(\"memory\") or format(\"console\") to look at its"
                        + " rows.",
                stream::collectAsList);
        assertFails(
                "[STREAMING_QUERY_NOT_STARTED] save() can't run on a stream, which has no end. Start it with"
                        + " writeStream()…start(), or write it to format(\"memory\") or format(\"console\") to look at its"
                        + " rows.",
                () -> stream.write().save("/tmp/x"));
        assertFails(
                "[STREAMING_QUERY_NOT_STARTED] cache() can't run on a stream, which has no end. Start it with"
                        + " writeStream()…start(), or write it to format(\"memory\") or format(\"console\") to look at its"
                        + " rows.",
                stream::cache);
    }

    @Test
    void aMissingEngineIsReportedWithItsDependency() {
        assertFails(
                "[MISSING_STREAMING_ENGINE] start(): the streaming engine is not on the class path. Add the module"
                        + " dev.headrace:headrace-microbatch-engine to the program's dependencies.",
                () -> stream.writeStream().foreachBatch((rows, id) -> {}).start());
    }
}
