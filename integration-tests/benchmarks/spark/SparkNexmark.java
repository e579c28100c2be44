import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;

/// Spark as `HeadraceNexmark` runs Headrace, with the same queries and as many events per batch. Compiled and run by
/// Java 17. Arguments: the broker, the number of passes, how many seconds a query may take, a directory for
/// checkpoints, the queries. Prints what `HeadraceNexmark` does, and for a query that Spark refuses a line with the
/// reason.
///
/// Two threads, as many shuffle partitions (which it is given as `nexmark.sparkPartitions`), state on the heap, which
/// is its default and its fastest, checkpoints on disk.
public final class SparkNexmark {
    private static final Path QUERIES =
            Path.of("integration-tests/benchmarks/src/main/resources/dev/headrace/benchmarks/nexmark");
    private static final StructType EVENT = StructType.fromDDL("event_type int,"
            + " person struct<id: bigint, name: string, emailAddress: string, creditCard: string, city: string,"
            + " state: string, dateTime: timestamp, extra: string>,"
            + " auction struct<id: bigint, itemName: string, description: string, initialBid: bigint, reserve: bigint,"
            + " dateTime: timestamp, expires: timestamp, seller: bigint, category: bigint, extra: string>,"
            + " bid struct<auction: bigint, bidder: bigint, price: bigint, channel: string, url: string,"
            + " dateTime: timestamp, extra: string>");

    public static void main(String[] args) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", System.getProperty("nexmark.sparkPartitions", "2"))
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.streaming.numRecentProgressUpdates", "100000")
                .config(
                        "spark.sql.warehouse.dir",
                        Files.createTempDirectory("spark").toString())
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        Dataset<Row> events = spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", args[0])
                .option("subscribe", "nexmark")
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", System.getProperty("nexmark.batch", "500000"))
                .load()
                .select(from_json(col("value").cast("string"), EVENT).as("event"));
        kind(events, 0, "person");
        kind(events, 1, "auction");
        kind(events, 2, "bid");
        Set<String> queries = new LinkedHashSet<>(List.of(args).subList(4, args.length));
        long limit = Long.parseLong(args[2]);
        for (int pass = 0; pass < Integer.parseInt(args[1]); pass++) {
            for (String query : List.copyOf(queries)) {
                if (!run(spark, query, Path.of(args[3], "spark-" + query + "-" + pass), limit)) {
                    queries.remove(query);
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("peak " + line.replaceAll("[^0-9]", ""));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void kind(Dataset<Row> events, int type, String name) {
        events.filter(col("event.event_type").equalTo(type))
                .select("event." + name + ".*")
                .withWatermark("dateTime", "4 seconds")
                .createOrReplaceTempView(name);
    }

    // Whether it has come to its end.
    private static boolean run(SparkSession spark, String query, Path checkpoint, long seconds) throws Exception {
        long start = System.nanoTime();
        StreamingQuery running;
        try {
            running = start(spark, query, checkpoint);
        } catch (AnalysisException refused) {
            System.out.println(query + " refused: " + firstLine(refused));
            return false;
        }
        try {
            if (!running.awaitTermination(seconds * 1_000)) {
                running.stop();
                System.out.println(query + " not finished in " + seconds + " s");
                return false;
            }
        } catch (StreamingQueryException failed) {
            System.out.println(query + " failed: " + firstLine(failed));
            return false;
        }
        System.out.println(query + " " + (System.nanoTime() - start) / 1e6);
        long rows = 0;
        for (StreamingQueryProgress batch : running.recentProgress()) {
            rows += Math.max(0, batch.sink().numOutputRows());
        }
        System.out.println(query + "-rows " + rows);
        return true;
    }

    // Throws checked exceptions that Spark's methods don't declare.
    private static StreamingQuery start(SparkSession spark, String query, Path checkpoint) throws Exception {
        return spark.sql(Files.readString(QUERIES.resolve(query + ".sql")))
                .writeStream()
                .format("noop")
                .outputMode(query.equals("q15") ? "update" : "append")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint.toString())
                .start();
    }

    private static String firstLine(Exception thrown) {
        return thrown.getMessage().lines().findFirst().orElse("");
    }
}
