package dev.headrace.benchmarks.nexmark;

import static dev.headrace.functions.col;
import static dev.headrace.functions.from_json;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Headrace's part of the benchmark, in a process of its own. Arguments: the broker, the number of passes, how many
/// seconds a query may take, a directory for checkpoints, the queries. Prints `query milliseconds` and `query-rows`
/// with the number of rows of the answer for each query of each pass, and the most memory it had.
final class HeadraceNexmark {
    /// What a message is: one of the three, and a number that says which.
    static final StructType EVENT = new StructType()
            .add("event_type", "int")
            .add("person", NexmarkEvents.PERSON)
            .add("auction", NexmarkEvents.AUCTION)
            .add("bid", NexmarkEvents.BID);

    private HeadraceNexmark() {}

    public static void main(String[] args) throws Exception {
        Session session = Session.builder()
                .appName("nexmark")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.streaming.numRecentProgressUpdates", "100000")
                .getOrCreate();
        DataFrame events = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", NexmarkTopic.NAME)
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", System.getProperty("nexmark.batch", "500000"))
                .load()
                .select(from_json(col("value").cast("string"), EVENT).as("event"));
        Set<String> queries = new LinkedHashSet<>(List.of(args).subList(4, args.length));
        long limit = Long.parseLong(args[2]);
        for (int pass = 0; pass < Integer.parseInt(args[1]); pass++) {
            for (String query : List.copyOf(queries)) {
                Nexmark.define(session, kind(events, 0, "person"), kind(events, 1, "auction"), kind(events, 2, "bid"));
                if (!run(session, query, Path.of(args[3], query + "-" + pass), limit)) {
                    queries.remove(query);
                    System.out.println(query + " not finished in " + limit + " s");
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("peak " + line.replaceAll("[^0-9]", ""));
            }
        }
        session.stop();
    }

    private static DataFrame kind(DataFrame events, int type, String name) {
        return events.filter(col("event.event_type").equalTo(type))
                .select("event." + name + ".*")
                .withWatermark("dateTime", "4 seconds");
    }

    /// @return whether it has ended in time
    private static boolean run(Session session, String query, Path checkpoint, long seconds) throws Exception {
        long start = System.nanoTime();
        StreamingQuery running = session.sql(Nexmark.sql(query))
                .writeStream()
                .format("noop")
                .outputMode(query.equals("q15") ? "update" : "append")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start();
        boolean ended = running.awaitTermination(seconds * 1_000);
        if (ended) {
            System.out.println(query + " " + (System.nanoTime() - start) / 1e6);
            System.out.println(query + "-rows "
                    + Arrays.stream(running.recentProgress())
                            .mapToLong(batch -> batch.sink().numOutputRows())
                            .sum());
        } else {
            running.stop();
        }
        if (Boolean.getBoolean("nexmark.explain")) {
            running.explain();
            System.out.println(running.lastProgress());
        }
        return ended;
    }
}
