package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.api.java.UDF1;
import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.ResourceException;
import dev.headrace.exec.BatchRuns;
import dev.headrace.expressions.Aggregator;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CancellationTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void cancelledQueryFailsAndGivesBackItsMemory() {
        DataFrame endless = session.range(Long.MAX_VALUE / 4).filter("id % 7 = 8");

        assertEquals(
                "[QUERY_CANCELLED] The query was cancelled before its end; nothing was written.", cancelled(endless));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        assertEquals(3, session.range(3).count());
    }

    @Test
    void aggregationIsCancelledToo() {
        DataFrame endless = session.range(Long.MAX_VALUE / 4)
                .groupBy(functions.col("id").mod(5))
                .count()
                .orderBy("count");

        assertTrue(cancelled(endless).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void whatIsComputedForSeveralPlacesIsCancelledToo() {
        DataFrame endless = session.sql("WITH t AS (SELECT id % 5 AS g, count(*) AS n FROM range("
                + Long.MAX_VALUE / 4
                + ") GROUP BY id % 5) SELECT * FROM t a JOIN t b ON a.n = b.n WHERE a.g = 1 AND b.g = 2");

        assertTrue(cancelled(endless).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void joinsOfEveryPairAreCancelledToo() {
        session.range(200_000).createOrReplaceTempView("t");

        assertTrue(cancelled(session.sql("SELECT a.id FROM t a JOIN t b ON a.id + b.id < 0"))
                .startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void aFunctionOfTheProgramThatWaitsIsInterrupted() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        UDF1<Long, Boolean> waits = id -> {
            called.countDown();
            new CountDownLatch(1).await();
            return true;
        };
        DataFrame waiting = session.range(0, 10, 1, 2)
                .filter(functions.udf(waits, DataTypes.BooleanType).apply(functions.col("id")));

        assertTrue(cancelledWhen(called, waiting).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        assertEquals(3, session.range(3).count());
    }

    @Test
    void aFunctionIsNotCalledForTheOtherRowsOfAChunk() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        AtomicLong afterwards = new AtomicLong();
        UDF1<Long, Boolean> endless = id -> {
            if (called.getCount() == 0) {
                afterwards.incrementAndGet();
            }
            called.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            throw new IllegalStateException("nobody is told of this");
        };
        DataFrame spinning = session.range(0, 1000, 1, 1)
                .filter(functions.udf(endless, DataTypes.BooleanType).apply(functions.col("id")));

        assertTrue(cancelledWhen(called, spinning).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, afterwards.get());
    }

    @Test
    void groupFunctionsAndAggregatorsAreInterruptedToo() throws InterruptedException {
        CountDownLatch mapped = new CountDownLatch(1);
        Dataset<Long> groups = session.range(10)
                .as(Encoders.LONG())
                .groupByKey(id -> id, Encoders.LONG())
                .mapGroups(
                        (key, ids) -> {
                            mapped.countDown();
                            new CountDownLatch(1).await();
                            return key;
                        },
                        Encoders.LONG());
        CountDownLatch reduced = new CountDownLatch(1);
        DataFrame aggregated = session.range(10)
                .agg(functions.udaf(new Waiting(reduced), Encoders.LONG()).apply(functions.col("id")));

        assertTrue(cancelledWhen(mapped, groups.toDF()).startsWith("[QUERY_CANCELLED]"));
        assertTrue(cancelledWhen(reduced, aggregated).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    /// Waits for ever, with the interruption wrapped in an exception of its own, as many libraries do.
    private static final class Waiting extends Aggregator<Long, Long, Long> {
        private final CountDownLatch called;

        Waiting(CountDownLatch called) {
            this.called = called;
        }

        @Override
        public Long zero() {
            return 0L;
        }

        @Override
        public Long reduce(Long buffer, Long value) {
            called.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return value;
        }

        @Override
        public Long merge(Long a, Long b) {
            return a;
        }

        @Override
        public Long finish(Long buffer) {
            return buffer;
        }

        @Override
        public Encoder<Long> bufferEncoder() {
            return Encoders.LONG();
        }

        @Override
        public Encoder<Long> outputEncoder() {
            return Encoders.LONG();
        }
    }

    /// Such as those of a database whose driver fails.
    @Test
    void aTaskThatCantBeStoppedDoesNotKeepOthersRunning() throws Exception {
        Cancellation query = new Cancellation();
        int tasks = 8;
        CountDownLatch called = new CountDownLatch(tasks);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(tasks - 1);
        List<Thread> threads = IntStream.range(0, tasks)
                .mapToObj(i -> Thread.ofPlatform()
                        .start(() -> query.within(() -> {
                            Callable<Boolean> wait = () -> {
                                called.countDown();
                                return end.await(1, TimeUnit.MINUTES);
                            };
                            Runnable fails = () -> {
                                throw new IllegalStateException("no connection");
                            };
                            try {
                                return i == 0 ? Cancellation.call(wait, fails) : Cancellation.call(wait);
                            } catch (Exception expected) {
                                stopped.countDown();
                                return false;
                            }
                        })))
                .toList();
        called.await();

        assertTrue(query.cancel());
        stopped.await();
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// Such as the code of a driver, which keeps the carrier of a virtual one.
    @Test
    void whatStopsCodeHasAThreadOfTheSystem() {
        Cancellation query = new Cancellation();
        CompletableFuture<Boolean> virtual = new CompletableFuture<>();

        assertThrows(
                QueryCancelledException.class,
                () -> query.within(() -> {
                    try {
                        return Cancellation.call(
                                () -> {
                                    query.cancel();
                                    return virtual.get();
                                },
                                () -> virtual.complete(Thread.currentThread().isVirtual()));
                    } catch (QueryCancelledException cancelled) {
                        throw cancelled;
                    } catch (Exception impossible) {
                        throw new IllegalStateException(impossible);
                    }
                }));
        assertFalse(virtual.join());
    }

    /// Neither are all rows of a chunk computed that take milliseconds each, nor a row that takes minutes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aggregate(sequence(1, 100000), 0L, (sum, x) -> sum + x % (id + 7)) < 0",
                "size(transform(sequence(1, 300000), x -> x + id)) < 0",
                "aggregate(sequence(1, 1000000), 0L, (a, x) -> a + size(filter(sequence(1, 1000), y -> y = x))) < id"
            })
    void rowsThatTakeLongAreGivenUp(String condition) {
        DataFrame slow = session.range(0, 8_000_000, 1, 2).filter(condition);

        assertTrue(cancelled(slow).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    /// Rows of few characters, each of which would take years.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rlike(concat(long, begun(id)), '(a|a)+$')",
                "rlike(concat(long, begun(id)), '(?=(a|aa)+$)b')",
                "rlike(concat(repeat(long, 99), begun(id)), 'a*a*a*a*a*$')",
                "rlike(concat(long, begun(id)), 'a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaa[^0]{31}')",
                "regexp_replace(concat(long, begun(id)), '(a|a)+$', '') = ''",
                "regexp_extract(concat(long, begun(id)), '(a|a)+$') = ''",
                "size(regexp_extract_all(concat(long, begun(id)), '(a|a)+$')) = 0",
                "regexp_count(concat(long, begun(id)), '(a|a)+$') = 0",
                "regexp_instr(concat(long, begun(id)), '(a|a)+$') = 0",
                "regexp_substr(concat(long, begun(id)), '(a|a)+$') IS NULL",
                "size(split(concat(long, begun(id)), '(a|a)+$')) = 0",
                "size(str_to_map(concat(long, begun(id)), '(a|a)+$', ':')) = 0",
                "parse_url(concat('http://a/b?', long, begun(id)), 'QUERY', '(a|a)+') IS NULL"
            })
    void matchesOfRegularExpressionsAreGivenUp(String condition) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        UDF1<Long, Long> begins = id -> {
            begun.countDown();
            return id;
        };
        session.udf().register("begun", begins, DataTypes.LongType);
        DataFrame slow = session.range(0, 1000, 1, 2)
                .withColumn("long", functions.repeat(functions.lit("a"), functions.lit(60)))
                .filter(condition);

        assertTrue(cancelledWhen(begun, slow).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    /// A file of some megabytes that takes minutes to decompress.
    @ParameterizedTest
    @CsvSource({"json, {\"a\":1}", "csv, '1,2'", "xml, <r><a>1</a></r>"})
    void findingASchemaIsCancelledToo(String format, String record, @TempDir Path directory) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (GZIPOutputStream compressed = new GZIPOutputStream(lines)) {
            compressed.write((record + "\n").repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
        }
        for (String name : List.of("a", "b")) {
            try (OutputStream file = Files.newOutputStream(directory.resolve(name + "." + format + ".gz"))) {
                for (int i = 0; i < 500; i++) {
                    file.write(lines.toByteArray());
                }
            }
        }
        DataFrameReader reader = session.read()
                .format(format)
                .option("ignoreCorruptFiles", true)
                .options(format.equals("csv") ? Map.of("inferSchema", "true") : Map.of())
                .options(format.equals("xml") ? Map.of("rowTag", "r") : Map.of());

        assertTrue(cancelled(() -> reader.load(directory.toString())).startsWith("[QUERY_CANCELLED]"));
        assertEquals(2, session.range(2).count());
    }

    @Test
    void anInterruptOfTheThreadThatFindsASchemaCancelsThat(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.json"), "{}");
        Thread.currentThread().interrupt();

        QueryException failed =
                assertThrows(QueryException.class, () -> session.read().json(file.toString()));

        assertEquals("QUERY_CANCELLED, interrupted: true", failed.code() + ", interrupted: " + Thread.interrupted());
    }

    /// Of an interrupted thread the JDK closes the file that it reads.
    @Test
    void anInterruptOfTheThreadThatReadsAFileCancelsItsQuery(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "text");
        Split split = _ -> new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                Thread.currentThread().interrupt();
                try (FileChannel channel = FileChannel.open(file)) {
                    channel.read(ByteBuffer.allocate(1));
                    return null;
                } catch (IOException closed) {
                    throw new ResourceException("SOURCE_UNAVAILABLE", "It can't be read.", closed);
                }
            }

            @Override
            public void close() {}
        };
        StructType schema = StructType.fromDDL("a int");
        DataFrame rows = DataFrame.of(session, new NamedPlan.Read(new Interrupting(schema, List.of(split)), "t"));

        QueryException failed = assertThrows(QueryException.class, rows::collectAsList);

        assertEquals("QUERY_CANCELLED, interrupted: true", failed.code() + ", interrupted: " + Thread.interrupted());
    }

    private record Interrupting(StructType schema, List<Split> splits) implements BatchTable {
        @Override
        public String description() {
            return "t";
        }

        @Override
        public Scan scan(ScanRequest request) {
            return () -> splits;
        }
    }

    /// So that they can be given up as long as there are more; none waits for the last one to be read.
    @Test
    void rowsBecomeObjectsWhileTheirQueryRuns() {
        DataFrame rows = session.range(0, 1_000_000, 1, 1);

        assertEquals(1_000_000, rows.collectAsList().size());
        assertEquals(1_000_000, rows.localCheckpoint().count());
        assertTrue(session.runtime().allocator().getPeakMemoryAllocation() < 1_000_000 * Long.BYTES);
    }

    /// Those that another query computes.
    @Test
    void aQueryThatWaitsForCachedRowsIsCancelledBeforeTheyAreThere() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        DataFrame cached = session.range(0, 10, 1, 1).filter(waiting(called)).cache();
        CompletableFuture<Long> first = CompletableFuture.supplyAsync(cached::count);
        called.await();
        CompletableFuture<Long> second = new CompletableFuture<>();
        Thread waits = Thread.ofPlatform().start(() -> {
            session.addTag("second");
            try {
                second.complete(cached.count());
            } catch (QueryException failed) {
                second.completeExceptionally(failed);
            }
        });
        while (waits.getState() != Thread.State.WAITING && waits.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }

        List<String> interrupted = session.interruptTag("second");
        // It may have waited for something else, before it was a query.
        while (interrupted.isEmpty() && !second.isDone()) {
            LockSupport.parkNanos(1_000_000);
            interrupted = session.interruptTag("second");
        }
        assertEquals(1, interrupted.size());
        assertTrue(failure(second).startsWith("[QUERY_CANCELLED]"));
        assertFalse(first.isDone());
        session.interruptAll();
        assertTrue(failure(first).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void cachedRowsAreComputedNoFurtherForAQueryThatIsCancelled() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        DataFrame cached = session.range(0, 10, 1, 1).filter(waiting(called)).cache();
        CompletableFuture<Long> count = CompletableFuture.supplyAsync(cached::count);
        called.await();
        List<String> running = session.runtime().runs().running().stream()
                .map(BatchRuns.Run::id)
                .sorted()
                .toList();

        assertEquals(List.of("query-1", "query-2"), running);
        session.interruptOperation("query-1");
        assertTrue(failure(count).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    private static Column waiting(CountDownLatch called) {
        UDF1<Long, Boolean> waits = id -> {
            called.countDown();
            new CountDownLatch(1).await();
            return true;
        };
        return functions.udf(waits, DataTypes.BooleanType).apply(functions.col("id"));
    }

    private static String failure(CompletableFuture<?> query) {
        return String.valueOf(
                assertThrows(ExecutionException.class, query::get).getCause().getMessage());
    }

    @Test
    void nothingIsCancelledIfNothingRuns() {
        assertEquals(2, session.range(2).count());
        assertTrue(session.interruptAll().isEmpty());
    }

    @Test
    void anInterruptOfTheThreadThatWaitsCancelsItsQuery() throws InterruptedException {
        DataFrame endless = session.range(Long.MAX_VALUE / 4).filter("id % 7 = 8");
        AtomicReference<String> failure = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            QueryException failed = assertThrows(QueryException.class, endless::count);
            failure.set(failed.code() + ", interrupted: " + Thread.interrupted() + ", then "
                    + session.range(3).count());
        });

        waiting.start();
        while (session.runtime().runs().running().isEmpty()) {
            Thread.onSpinWait();
        }
        waiting.interrupt();
        waiting.join();

        assertEquals("QUERY_CANCELLED, interrupted: true, then 3", failure.get());
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void anInterruptOfTheThreadThatRunsAFunctionIsPassedOn() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        UDF1<Long, Boolean> waits = id -> {
            called.countDown();
            new CountDownLatch(1).await();
            return true;
        };
        // One split is read by the thread that asks.
        DataFrame waiting = session.range(0, 10, 1, 1)
                .filter(functions.udf(waits, DataTypes.BooleanType).apply(functions.col("id")));
        AtomicReference<String> failure = new AtomicReference<>();
        Thread asking = new Thread(() -> {
            QueryException failed = assertThrows(QueryException.class, waiting::collectAsList);
            failure.set(failed.code() + ", interrupted: " + Thread.interrupted());
        });

        asking.start();
        called.await();
        asking.interrupt();
        asking.join();

        assertEquals("QUERY_CANCELLED, interrupted: true", failure.get());
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    private String cancelledWhen(CountDownLatch begun, DataFrame endless) throws InterruptedException {
        CompletableFuture<List<Row>> rows = CompletableFuture.supplyAsync(endless::collectAsList);
        begun.await();
        assertEquals(1, session.interruptAll().size());
        ExecutionException failed = assertThrows(ExecutionException.class, rows::get);
        return String.valueOf(failed.getCause().getMessage());
    }

    private String cancelled(DataFrame endless) {
        return cancelled(endless::count);
    }

    private <T> String cancelled(Supplier<T> endless) {
        CompletableFuture<T> result = CompletableFuture.supplyAsync(endless);
        while (session.interruptAll().isEmpty()) {
            Thread.onSpinWait();
        }
        ExecutionException failed = assertThrows(ExecutionException.class, result::get);
        return String.valueOf(failed.getCause().getMessage());
    }
}
