package dev.headrace.demo;

import static dev.headrace.functions.col;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The engine of `headrace demo cdc`: a program that lands the changes of a database's table in two Delta tables, in
/// the process that the demo kills. [EngineMain] is what is around the queries.
final class CdcEngine {
    /// The query that keeps a table like the one at the source.
    static final String LATEST = "latest";

    /// The query that keeps every version of a row.
    static final String HISTORY = "history";

    private static final String ORDER = "id bigint, customer string, status string, total_cents int";

    private CdcEngine() {}

    /// @param args the broker's address and the demo's directory
    public static void main(String[] args) throws Exception {
        EngineMain.run(args, (session, bootstrapServers, directory) -> {
            Changes changes = Changes.debezium("id");
            return List.of(
                    start(LATEST, orders(session, bootstrapServers), changes, directory),
                    start(HISTORY, orders(session, bootstrapServers), changes.keepingHistory(), directory));
        });
    }

    private static DataFrame orders(Session session, String bootstrapServers) {
        DataFrame messages = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", bootstrapServers)
                .option("subscribe", ShopGenerator.ORDERS)
                .option("startingOffsets", "earliest")
                .load();
        return Debezium.json(messages, col("value"), ORDER);
    }

    private static StreamingQuery start(String name, DataFrame orders, Changes changes, DemoDirectory directory)
            throws TimeoutException {
        return orders.writeStream()
                .format("delta")
                .applyChanges(changes)
                .queryName(name)
                .option("checkpointLocation", directory.checkpoint(name).toString())
                .trigger(Trigger.ProcessingTime("1 second"))
                .start(directory.table(name).toString());
    }
}
