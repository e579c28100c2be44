package dev.headrace.plan;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.plan.rules.Optimizer;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownRowsTest {
    private final Session session = Session.builder().master("local").getOrCreate();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void numbersAreKnownForwardsBackwardsAndInNoDirection() {
        for (long[] range : new long[][] {{0, 10, 3}, {10, 0, -3}, {0, 10, -1}, {5, 5, 1}, {0, 9, 3}, {-7, 7, 100}}) {
            DataFrame frame = session.range(range[0], range[1], range[2]);

            assertEquals(OptionalLong.of(frame.collectAsList().size()), Frames.knownRows(frame));
        }
        assertEquals(OptionalLong.empty(), Frames.knownRows(session.range(Long.MIN_VALUE, Long.MAX_VALUE, 1)));
    }

    @Test
    void limitsUnionsAndOrdersKeepWhatIsKnown() {
        DataFrame frame = session.range(10)
                .union(session.range(5))
                .orderBy("id")
                .offset(2)
                .limit(100);

        assertEquals(OptionalLong.of(13), Frames.knownRows(frame));
        assertEquals(OptionalLong.of(0), Frames.knownRows(session.range(3).offset(5)));
        assertEquals(OptionalLong.of(1), Frames.knownRows(session.range(3).agg(count(lit(1)))));
    }

    @Test
    void moreThanALongCanSayIsNotKnown() {
        assertEquals(
                OptionalLong.empty(),
                Frames.knownRows(session.range(Long.MAX_VALUE).union(session.range(2))));
    }

    @Test
    void conditionsKnowNothing() {
        assertEquals(OptionalLong.empty(), Frames.knownRows(session.range(10).filter("id % 2 = 0")));
        assertEquals(OptionalLong.empty(), Frames.knownRows(session.range(10).distinct()));
    }

    @Test
    void countOfParquetReadsFootersOnly(@TempDir Path folder) {
        session.range(1000).write().parquet(folder.resolve("t").toString());
        DataFrame table = session.read().parquet(folder.resolve("t").toString());

        assertEquals(1000, table.count());
        assertEquals(1000, table.select(col("id").plus(1)).count());
        assertFalse(scans(table.groupBy().count()));
        assertEquals(500, table.filter("id < 500").count());
        assertTrue(scans(table.filter("id < 500").groupBy().count()));
    }

    private static boolean scans(DataFrame frame) {
        return Optimizer.optimize(Frames.plan(frame), ZoneOffset.UTC).toString().contains("Scan[");
    }
}
