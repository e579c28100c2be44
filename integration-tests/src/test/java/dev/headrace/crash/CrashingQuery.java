package dev.headrace.crash;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;

/// The process that is killed: reads a topic, groups it by minute, and writes both the rows and the groups to Delta
/// tables.
///
/// Arguments: the brokers, the topic, which query (`rows`, `windows` or `both`), the table (with `both`, the
/// rows go there and the windows to one beside it), the checkpoint, where to stand
/// still (or `never`), the file that tells it does, and the rows of a batch.
public final class CrashingQuery {
    static final StructType EVENT =
            new StructType().add("id", "bigint").add("amount", "bigint").add("ts", "timestamp");

    /// What the name of the second table ends with.
    static final String WINDOWS = "-windows";

    private CrashingQuery() {}

    public static void main(String[] args) throws Exception {
        // Few, so that the state's files are merged early.
        Session.Builder builder = Session.builder()
                .appName("crash")
                .config("spark.sql.streaming.minBatchesToRetain", 2)
                // What is due is done, however slow the machine is.
                .config("headrace.delta.compactionBudget", "1 hour");
        if (!args[5].equals("never")) {
            builder.config("headrace.testing.pauseAt", args[5]).config("headrace.testing.pauseFile", args[6]);
        }
        Session session = builder.getOrCreate();
        DataFrame events = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", args[1])
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", args[7])
                .load()
                .select(from_json(col("value").cast("string"), EVENT).as("event"))
                .select("event.*");
        DataStreamWriter writer = (args[2].equals("windows") ? windows(events) : events)
                .writeStream()
                .format("delta")
                .outputMode("append")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", args[4])
                .option("path", args[3]);
        if (args[2].equals("both")) {
            writer = writer.alsoTo(windows(events).writeStream().format("delta").option("path", args[3] + WINDOWS));
        }
        StreamingQuery query = writer.start();
        query.awaitTermination();
        session.stop();
    }

    static DataFrame windows(DataFrame events) {
        return events.withWatermark("ts", "1 minute")
                .groupBy(window(col("ts"), "1 minute"))
                .agg(count(col("id")).as("events"), sum(col("amount")).as("total"));
    }
}
