package dev.headrace.benchmarks.exactlyonce;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat_ws;
import static dev.headrace.functions.count;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;

import dev.headrace.Session;
import dev.headrace.types.StructType;

/// Headrace's part of [ExactlyOnce], in a process of its own. Arguments: the broker, the topics to read and to write, a
/// directory.
final class HeadraceExactlyOnce {
    private HeadraceExactlyOnce() {}

    public static void main(String[] args) throws Exception {
        Session session = Session.builder().appName("exactly-once").getOrCreate();
        session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", args[1])
                .option("startingOffsets", "earliest")
                .load()
                .select(from_json(
                                col("value").cast("string"),
                                StructType.fromDDL("user string, price double, sent bigint"))
                        .as("event"))
                .select("event.*")
                .filter(col("price").gt(100.0))
                .groupBy("user")
                .agg(count(lit(1)).as("events"), max("sent").as("sent"))
                .select(
                        col("user").as("key"),
                        concat_ws(" ", col("events").cast("string"), col("sent").cast("string"))
                                .as("value"))
                .writeStream()
                .outputMode("update")
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("topic", args[2])
                .option("checkpointLocation", args[3] + "/headrace")
                .start()
                .awaitTermination();
    }
}
