package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.api.java.UDF1;
import dev.headrace.chunk.Chunk;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rows that are handed over while the query runs.
class ChunksInOrderTest {
    private final Session session = Session.builder().master("local[4]").create();

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        assertTrue(session.runtime().runs().running().isEmpty());
        session.close();
    }

    private static void addIds(Chunk chunk, List<Long> ids) {
        BigIntVector column = (BigIntVector) chunk.column(0);
        for (int row = 0; row < chunk.rowCount(); row++) {
            ids.add(column.get(row));
        }
    }

    @Test
    void rowsComeInOrderFromManySplits() {
        for (int splits : new int[] {1, 2, 7, 64}) {
            List<Long> ids = new ArrayList<>();
            Frames.chunks(session.range(0, 300_000, 1, splits), chunk -> {
                addIds(chunk, ids);
                return true;
            });
            assertEquals(LongStream.range(0, 300_000).boxed().toList(), ids, splits + " splits");
        }
    }

    @Test
    void splitsWithoutRowsAreNoHindrance() {
        List<Long> ids = new ArrayList<>();
        Frames.chunks(session.range(0, 100_000, 1, 50).filter("id > 90000 OR id BETWEEN 9000 AND 9001"), chunk -> {
            addIds(chunk, ids);
            return true;
        });
        assertEquals(
                LongStream.concat(LongStream.of(9000, 9001), LongStream.range(90_001, 100_000))
                        .boxed()
                        .toList(),
                ids);
    }

    @Test
    void aQueryWithoutEndEndsWhenNoMoreIsWanted() {
        AtomicInteger chunks = new AtomicInteger();
        Frames.chunks(session.range(Long.MAX_VALUE / 4), _ -> chunks.incrementAndGet() < 3);
        assertEquals(3, chunks.get());
    }

    /// Of endless splits, those whose turn it is not wait when they have given much.
    @Test
    void othersWaitForTheOneThatIsRead() {
        long[] next = new long[1];
        Frames.chunks(session.range(0, Long.MAX_VALUE / 4, 1, 4), chunk -> {
            BigIntVector ids = (BigIntVector) chunk.column(0);
            for (int row = 0; row < chunk.rowCount(); row++) {
                assertEquals(next[0]++, ids.get(row));
            }
            return next[0] < 20_000_000;
        });
        assertTrue(next[0] >= 20_000_000);
    }

    /// The second split has given rows when the first one ends, and finds no more before those have come.
    @Test
    void rowsThatAreHeldComeAsSoonAsTheSplitBeforeThemEnds() {
        CountDownLatch given = new CountDownLatch(1);
        CountDownLatch come = new CountDownLatch(1);
        UDF1<Long, Boolean> waits = id -> switch ((int) (long) id) {
            case 0 -> given.await(1, TimeUnit.MINUTES);
            case 199_999 -> come.await(1, TimeUnit.MINUTES);
            default -> {
                if (id == 150_000) {
                    given.countDown();
                }
                yield true;
            }
        };
        List<Long> ids = new ArrayList<>();
        Frames.chunks(
                session.range(0, 200_000, 1, 2)
                        .filter(functions.udf(waits, DataTypes.BooleanType).apply(functions.col("id"))),
                chunk -> {
                    addIds(chunk, ids);
                    if (ids.getLast() >= 100_000) {
                        come.countDown();
                    }
                    return true;
                });
        assertEquals(LongStream.range(0, 200_000).boxed().toList(), ids);
    }

    @Test
    void aFailureEndsTheQueryOnceTheRowsBeforeItHaveCome() {
        List<Long> ids = new ArrayList<>();
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> Frames.chunks(
                        session.range(0, 1_000_000, 1, 1).selectExpr("id + 0 * (1 DIV (500000 - id)) AS id"), chunk -> {
                            addIds(chunk, ids);
                            return true;
                        }));
        assertEquals("DIVIDE_BY_ZERO", failed.code());
        assertEquals(LongStream.range(0, ids.size()).boxed().toList(), ids);
        assertTrue(ids.size() > 400_000 && ids.size() <= 500_000, ids.size() + " rows");
    }

    @Test
    void whatTheRecipientThrowsEndsTheQuery() {
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> Frames.chunks(session.range(Long.MAX_VALUE / 4), _ -> {
                    throw new IllegalStateException("enough");
                }));
        assertEquals("enough", thrown.getMessage());
    }

    @Test
    void itIsCancelledAsOthersAre() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        List<String> codes = new ArrayList<>();
        Thread reading = new Thread(() -> codes.add(assertThrows(
                        QueryException.class,
                        () -> Frames.chunks(session.range(Long.MAX_VALUE / 4), _ -> {
                            begun.countDown();
                            return true;
                        }))
                .code()));
        reading.start();
        begun.await();
        session.interruptAll();
        reading.join();
        assertEquals(List.of("QUERY_CANCELLED"), codes);
    }
}
