package dev.headrace.demo;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max_by;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The demo's engine: a program that runs three streaming queries, in the process that the demo kills.
///
/// The queries are what a user would write; [EngineMain] is what is around them.
final class DemoEngine {
    private static final String CLICK =
            "click_id bigint, user_id string, product string, price double, cents bigint, ts timestamp";
    private static final String ORDER_CHANGE =
            "before struct<id: bigint, status: string>, after struct<id: bigint, status: string>, op string,"
                    + " source struct<lsn: bigint>";

    private final Session session;
    private final String bootstrapServers;
    private final DemoDirectory directory;

    private DemoEngine(Session session, String bootstrapServers, DemoDirectory directory) {
        this.session = session;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
    }

    /// @param args the broker's address and the demo's directory
    public static void main(String[] args) throws Exception {
        EngineMain.run(args, (session, bootstrapServers, directory) -> {
            DemoEngine engine = new DemoEngine(session, bootstrapServers, directory);
            return List.of(engine.clicks(), engine.revenue(), engine.orders());
        });
    }

    /// Every click, appended to a table.
    private StreamingQuery clicks() throws TimeoutException {
        return start(
                DemoRun.CLICKS,
                clickStream().writeStream().format("delta").outputMode("append"),
                directory.table(DemoRun.CLICKS));
    }

    /// Revenue per product and minute, appended to a table when the minute is over.
    private StreamingQuery revenue() throws TimeoutException {
        DataFrame totals = clickStream()
                .withWatermark("ts", "1 minute")
                .groupBy(window(col("ts"), "1 minute"), col("product"))
                .agg(count(lit(1)).as("clicks"), sum("cents").as("cents"))
                .select(
                        col("window.start").as("window_start"),
                        col("window.end").as("window_end"),
                        col("product"),
                        col("clicks"),
                        col("cents"));
        return start(
                DemoRun.REVENUE,
                totals.writeStream().format("delta").outputMode("append"),
                directory.table(DemoRun.REVENUE));
    }

    /// How many orders there are in each status: the latest change of each order counts, deletes included.
    private StreamingQuery orders() throws TimeoutException {
        DataFrame byStatus = topic(ShopGenerator.ORDERS)
                .where(col("value").isNotNull())
                .select(from_json(col("value").cast("string"), ORDER_CHANGE).as("change"))
                .select(
                        coalesce(col("change.after.id"), col("change.before.id"))
                                .as("id"),
                        col("change.op").as("op"),
                        col("change.after.status").as("status"),
                        col("change.source.lsn").as("lsn"))
                .groupBy("id")
                .agg(max_by(struct("op", "status"), col("lsn")).as("latest"))
                .where(col("latest.op").notEqual("d"))
                .groupBy(col("latest.status").as("status"))
                .agg(count(lit(1)).as("count"))
                .orderBy("status");
        return byStatus.writeStream()
                .format("console")
                .outputMode("complete")
                .queryName(DemoRun.ORDERS)
                .option(
                        "checkpointLocation",
                        directory.checkpoint(DemoRun.ORDERS).toString())
                .trigger(Trigger.ProcessingTime("1 second"))
                .start();
    }

    private DataFrame clickStream() {
        return topic(ShopGenerator.CLICKS)
                .select(from_json(col("value").cast("string"), CLICK).as("click"))
                .select("click.*");
    }

    private DataFrame topic(String name) {
        return session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", bootstrapServers)
                .option("subscribe", name)
                .option("startingOffsets", "earliest")
                .load();
    }

    private StreamingQuery start(String name, DataStreamWriter writer, Path table) throws TimeoutException {
        return writer.queryName(name)
                .option("checkpointLocation", directory.checkpoint(name).toString())
                .trigger(Trigger.ProcessingTime("1 second"))
                .start(table.toString());
    }
}
