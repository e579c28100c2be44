package dev.headrace.benchmarks;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;

import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryProgress;
import java.util.List;
import java.util.Locale;

/// What a batch costs as the state grows: counts by key, 100,000 rows a batch, each with a key of its own, up to ten
/// million keys.
final class StateGrowth {
    private static final int ROWS = 100_000;
    private static final int BATCHES = 100;
    private static final int SHOWN = 10;

    private StateGrowth() {}

    static void run() throws Exception {
        Session session = Session.builder()
                .appName("state")
                .config("spark.sql.streaming.numRecentProgressUpdates", Integer.toString(BATCHES + SHOWN))
                .getOrCreate();
        StreamingQuery query = session.readStream()
                .format("rate-micro-batch")
                .option("rowsPerBatch", ROWS)
                .load()
                .groupBy(col("value").as("key"))
                .agg(count(lit(1)).as("rows"))
                .writeStream()
                .outputMode("update")
                .format("noop")
                .option("checkpointLocation", WorkDirectory.create().toString())
                .start();
        while (query.lastProgress() == null || query.lastProgress().batchId() < BATCHES) {
            Thread.sleep(50);
        }
        query.stop();
        List<StreamingQueryProgress> batches = List.of(query.recentProgress());
        for (int from = 0; from + SHOWN <= BATCHES; from += SHOWN) {
            long[] nanos = batches.subList(from, from + SHOWN).stream()
                    .mapToLong(batch -> batch.batchDuration() * 1_000_000)
                    .toArray();
            System.out.printf(
                    Locale.ROOT,
                    "state: up to %,d keys: a batch of %,d new keys takes %.0f ms (median)%n",
                    (from + SHOWN) * ROWS,
                    ROWS,
                    new Figures(nanos).millis(0.5));
        }
        session.stop();
    }
}
