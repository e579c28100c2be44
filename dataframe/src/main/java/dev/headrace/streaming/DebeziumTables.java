package dev.headrace.streaming;

import static dev.headrace.functions.col;

import dev.headrace.DataFrame;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/// Several tables of a database, each with a topic of Debezium's messages, landed in as many tables.
///
/// ```java
/// DebeziumTables.of(session.readStream().format("kafka").option("kafka.bootstrap.servers", "localhost:9092"))
///         .table("shop.public.orders", "id bigint, amount double", Changes.debezium("id"), "/data/orders")
///         .table("shop.public.customers", "id bigint, name string", Changes.debezium("id"), "/data/customers")
///         .writtenBy(writer -> writer.option("mergeSchema", true))
///         .start("/data/checkpoints");
/// ```
///
/// Each table is a query of its own, named after its topic, with a checkpoint in a directory of that name: one that
/// fails stops no other one. Immutable, but for the reader, which it uses up.
public final class DebeziumTables {
    private final DataStreamReader reader;
    private final List<Route> routes;
    private final UnaryOperator<DataStreamWriter> settings;
    private final Optional<String> registry;

    private record Route(String topic, String row, Changes changes, String path) {}

    private DebeziumTables(
            DataStreamReader reader,
            List<Route> routes,
            UnaryOperator<DataStreamWriter> settings,
            Optional<String> registry) {
        this.reader = reader;
        this.routes = routes;
        this.settings = settings;
        this.registry = registry;
    }

    /// @param kafka how the topics are read, without `subscribe`
    public static DebeziumTables of(DataStreamReader kafka) {
        return new DebeziumTables(kafka, List.of(), writer -> writer, Optional.empty());
    }

    /// One more table.
    ///
    /// @param row the schema of its rows, as for [Debezium#json]
    /// @param path of the Delta table
    /// @throws QueryException `CHANGES_TABLE_TWICE` if another table has this topic or path
    public DebeziumTables table(String topic, String row, Changes changes, String path) {
        for (Route other : routes) {
            if (other.topic().equals(topic) || Path.of(other.path()).equals(Path.of(path))) {
                throw new QueryException(
                        "CHANGES_TABLE_TWICE",
                        "DebeziumTables.table(\"" + topic + "\", …, \"" + path + "\"): the topic '" + other.topic()
                                + "' goes to '" + other.path()
                                + "' already. Each table has a topic and a path of its own.");
            }
        }
        List<Route> more = new ArrayList<>(routes);
        more.add(new Route(topic, row, changes, path));
        return new DebeziumTables(reader, List.copyOf(more), settings, registry);
    }

    /// Settings of all writers: options, a trigger.
    public DebeziumTables writtenBy(UnaryOperator<DataStreamWriter> newSettings) {
        return new DebeziumTables(reader, routes, newSettings, registry);
    }

    /// The messages are in Avro, not in JSON.
    ///
    /// @param registryAddress of the schema registry, as for [Debezium#avro]
    public DebeziumTables inAvro(String registryAddress) {
        return new DebeziumTables(reader, routes, settings, Optional.of(registryAddress));
    }

    /// Starts the queries. If one can't be started, those before it are stopped.
    ///
    /// @param checkpoints the directory of their checkpoints
    /// @return the queries, in the order of the tables
    /// @throws QueryException what each of them says
    public List<StreamingQuery> start(String checkpoints) throws TimeoutException {
        List<StreamingQuery> queries = new ArrayList<>();
        try {
            for (Route route : routes) {
                queries.add(start(route, Path.of(checkpoints)));
            }
        } catch (RuntimeException | TimeoutException failed) {
            for (StreamingQuery query : queries) {
                query.stop();
            }
            throw failed;
        }
        return queries;
    }

    private StreamingQuery start(Route route, Path checkpoints) throws TimeoutException {
        DataFrame messages = reader.option("subscribe", route.topic()).load();
        DataStreamWriter writer = registry.map(address -> Debezium.avro(messages, col("value"), route.row(), address))
                .orElseGet(() -> Debezium.json(messages, col("value"), route.row()))
                .writeStream();
        return settings.apply(writer)
                .queryName(route.topic())
                .format("delta")
                .applyChanges(route.changes())
                .option("checkpointLocation", checkpoints.resolve(route.topic()).toString())
                .start(route.path());
    }
}
