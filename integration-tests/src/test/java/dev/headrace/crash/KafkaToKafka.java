package dev.headrace.crash;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat_ws;
import static dev.headrace.functions.count;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.unix_timestamp;
import static dev.headrace.functions.window;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.time.Duration;

/// The process that is killed between topics: writes each row to one, and what is final of ten seconds to another, in
/// one transaction for each batch.
///
/// Arguments: the brokers, the topic to read, those for rows and windows, the checkpoint, the rows of a batch (or
/// `all`: then it ends when it has read what there is), where to stand still (or `never`), the file that tells it does.
public final class KafkaToKafka {
    private KafkaToKafka() {}

    public static void main(String[] args) throws Exception {
        Session.Builder builder = Session.builder().appName("kafka-to-kafka");
        if (!args[6].equals("never")) {
            builder.config("headrace.testing.pauseAt", args[6]).config("headrace.testing.pauseFile", args[7]);
        }
        Session session = builder.getOrCreate();
        boolean all = args[5].equals("all");
        DataFrame events = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", args[1])
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", all ? "1000000" : args[5])
                .load()
                .select(from_json(col("value").cast("string"), StructType.fromDDL("id bigint, ts timestamp"))
                        .as("event"))
                .select("event.*");
        DataFrame rows = events.select(
                lit(args[2]).as("topic"),
                col("ts").cast("string").as("key"),
                col("id").cast("string").as("value"));
        // The sender is ten rows ahead at most with one of the partitions.
        DataFrame windows = events.withWatermark("ts", "20 seconds")
                .groupBy(window(col("ts"), "10 seconds"))
                .agg(count(lit(1)).as("events"), sum("id").as("total"))
                .select(
                        lit(args[3]).as("topic"),
                        unix_timestamp(col("window.start")).cast("string").as("key"),
                        concat_ws(
                                        " ",
                                        col("events").cast("string"),
                                        col("total").cast("string"))
                                .as("value"));
        rows.union(windows)
                .writeStream()
                .format("kafka")
                .outputMode("append")
                .option("kafka.bootstrap.servers", args[0])
                .option("checkpointLocation", args[4])
                .trigger(all ? Trigger.AvailableNow() : Trigger.ProcessingTime(Duration.ZERO))
                .start()
                .awaitTermination();
        session.stop();
    }
}
