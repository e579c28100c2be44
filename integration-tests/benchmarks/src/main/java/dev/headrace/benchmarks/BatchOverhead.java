package dev.headrace.benchmarks;

import static dev.headrace.functions.col;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a batch costs beside its rows: plan and commit entries and the state's changes on disk, the source asked, the
/// plan run. Read from Kafka in batches of a fixed number of rows; the time between two batches' ends counts.
final class BatchOverhead {
    private static final int BATCHES = 1_000;

    private BatchOverhead() {}

    static void run() throws Exception {
        try (Events events = Events.start(2)) {
            events.send("small", BATCHES + 200, 0);
            measure(events, "small", 1, "1 row");
            events.send("large", (BATCHES + 200) * 1_000, 0);
            measure(events, "large", 1_000, "1,000 rows");
        }
    }

    private static void measure(Events events, String topic, int rows, String what) throws Exception {
        for (boolean stateful : List.of(false, true)) {
            Session session = Session.builder().appName("overhead").getOrCreate();
            Path checkpoint = Files.createTempDirectory("headrace-benchmark-");
            List<Long> ends = new ArrayList<>();
            DataFrame values = events.read(session, topic, rows);
            StreamingQuery query = (stateful ? values.groupBy(col("kind")).count() : values)
                    .writeStream()
                    .outputMode(stateful ? "update" : "append")
                    .foreachBatch((batch, id) -> ends.add(System.nanoTime()))
                    .trigger(Trigger.AvailableNow())
                    .option("checkpointLocation", checkpoint.toString())
                    .start();
            query.awaitTermination();
            session.stop();
            int warm = Math.min(200, ends.size() / 2);
            long[] nanos = new long[ends.size() - 1 - warm];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = ends.get(i + warm + 1) - ends.get(i + warm);
            }
            System.out.println("overhead: a batch of " + what
                    + (stateful ? ", counted by key in state: " : ", no state: ") + new Figures(nanos));
        }
    }
}
