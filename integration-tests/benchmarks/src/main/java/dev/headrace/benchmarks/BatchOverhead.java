package dev.headrace.benchmarks;

import static dev.headrace.functions.col;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
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
            events.send("small", BATCHES * events.partitions(), 0);
            events.send("large", BATCHES * 1_000, 0);
            // The code is compiled by then: a streaming query runs for days.
            batches(events, "small", 1, false);
            batches(events, "large", 1_000, true);
            for (boolean stateful : List.of(false, true)) {
                String what = stateful ? ", counted by key in state: " : ", no state: ";
                print("1 row" + what, batches(events, "small", 1, stateful));
                print("1,000 rows" + what, batches(events, "large", 1_000, stateful));
            }
        }
    }

    private static void print(String what, long[] nanos) {
        System.out.println("overhead: a batch of " + what + new Figures(nanos));
    }

    /// @return the nanoseconds from each batch's end to the next one's
    private static long[] batches(Events events, String topic, int rows, boolean stateful) throws Exception {
        Session session = Session.builder().appName("overhead").getOrCreate();
        Path checkpoint = WorkDirectory.create();
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
        int warm = ends.size() / 5;
        long[] nanos = new long[ends.size() - 1 - warm];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = ends.get(i + warm + 1) - ends.get(i + warm);
        }
        return nanos;
    }
}
