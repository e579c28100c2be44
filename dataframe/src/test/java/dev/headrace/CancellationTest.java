package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
    void joinsOfEveryPairAreCancelledToo() {
        session.range(200_000).createOrReplaceTempView("t");

        assertTrue(cancelled(session.sql("SELECT a.id FROM t a JOIN t b ON a.id + b.id < 0"))
                .startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
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

    private String cancelled(DataFrame endless) {
        CompletableFuture<Long> count = CompletableFuture.supplyAsync(endless::count);
        while (session.interruptAll().isEmpty()) {
            Thread.onSpinWait();
        }
        ExecutionException failed = assertThrows(ExecutionException.class, count::get);
        return String.valueOf(failed.getCause().getMessage());
    }
}
