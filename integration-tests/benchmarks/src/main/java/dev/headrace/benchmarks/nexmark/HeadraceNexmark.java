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
import java.util.List;

/// Headrace's part of the benchmark, in a process of its own. Arguments: the broker, the number of passes, a directory
/// for checkpoints, the queries. Prints `query milliseconds` for each query of each pass, and the most memory it had.
final class HeadraceNexmark {
    private HeadraceNexmark() {}

    public static void main(String[] args) throws Exception {
        Session session = Session.builder()
                .appName("nexmark")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
        StructType envelope = new StructType()
                .add("event_type", "int")
                .add("person", NexmarkEvents.PERSON)
                .add("auction", NexmarkEvents.AUCTION)
                .add("bid", NexmarkEvents.BID);
        DataFrame events = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", NexmarkTopic.NAME)
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", System.getProperty("nexmark.batch", "500000"))
                .load()
                .select(from_json(col("value").cast("string"), envelope).as("event"));
        List<String> queries = List.of(args).subList(3, args.length);
        for (int pass = 0; pass < Integer.parseInt(args[1]); pass++) {
            for (String query : queries) {
                Nexmark.define(session, kind(events, 0, "person"), kind(events, 1, "auction"), kind(events, 2, "bid"));
                long start = System.nanoTime();
                run(session.sql(Nexmark.sql(query)), Path.of(args[2], query + "-" + pass), query);
                System.out.println(query + " " + (System.nanoTime() - start) / 1e6);
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

    private static void run(DataFrame answer, Path checkpoint, String query) throws Exception {
        StreamingQuery running = answer.writeStream()
                .format("noop")
                .outputMode(query.equals("q15") ? "update" : "append")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start();
        running.awaitTermination();
        if (Boolean.getBoolean("nexmark.explain")) {
            running.explain();
            System.out.println(running.lastProgress());
        }
    }
}
