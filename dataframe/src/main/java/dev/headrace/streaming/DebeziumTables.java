package dev.headrace.streaming;

import static dev.headrace.functions.col;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
/// fails stops no other one; unless [#keepingTransactions] makes one query of them. Immutable, but for the reader,
/// which it uses up.
public final class DebeziumTables {
    private final DataStreamReader reader;
    private final List<Route> routes;
    private final UnaryOperator<DataStreamWriter> settings;
    private final Optional<Registry> registry;
    private final Optional<SourceTransactions> transactions;

    /// Where the messages' schemas are. Holds secrets.
    private record Registry(String address, Map<String, String> options) {
        Column text() {
            return Debezium.text(col("value"), address, options);
        }
    }

    private record Route(String topic, String row, Changes changes, String path) {}

    private DebeziumTables(
            DataStreamReader reader,
            List<Route> routes,
            UnaryOperator<DataStreamWriter> settings,
            Optional<Registry> registry,
            Optional<SourceTransactions> transactions) {
        this.reader = reader;
        this.routes = routes;
        this.settings = settings;
        this.registry = registry;
        this.transactions = transactions;
    }

    /// @param kafka how the topics are read, without `subscribe`
    public static DebeziumTables of(DataStreamReader kafka) {
        return new DebeziumTables(kafka, List.of(), writer -> writer, Optional.empty(), Optional.empty());
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
        return new DebeziumTables(reader, List.copyOf(more), settings, registry, transactions);
    }

    /// Settings of all writers: options, a trigger.
    public DebeziumTables writtenBy(UnaryOperator<DataStreamWriter> newSettings) {
        return new DebeziumTables(reader, routes, newSettings, registry, transactions);
    }

    /// The messages are in Avro, not in JSON.
    ///
    /// @param registryAddress of the schema registry, as for [Debezium#avro]
    public DebeziumTables inAvro(String registryAddress) {
        return inAvro(registryAddress, Map.of());
    }

    /// The messages are in Avro, not in JSON.
    ///
    /// @param options as for [Debezium#avro(DataFrame, Column, String, String, Map)]
    public DebeziumTables inAvro(String registryAddress, Map<String, String> options) {
        Registry answers = new Registry(registryAddress, Map.copyOf(options));
        return new DebeziumTables(reader, routes, settings, Optional.of(answers), transactions);
    }

    /// Keeps the changes of each transaction of the source together: all tables are one query then, and a batch has all
    /// of a transaction's changes of these tables or none. The query is named after the transactions' topic.
    public DebeziumTables keepingTransactions(SourceTransactions newTransactions) {
        return new DebeziumTables(reader, routes, settings, registry, Optional.of(newTransactions));
    }

    /// Starts the queries. If one can't be started, those before it are stopped.
    ///
    /// @param checkpoints the directory of their checkpoints
    /// @return the queries, in the order of the tables; one alone with [#keepingTransactions]
    /// @throws QueryException what each of them says
    public List<StreamingQuery> start(String checkpoints) throws TimeoutException {
        if (transactions.isPresent()) {
            return List.of(startTogether(transactions.get(), Path.of(checkpoints)));
        }
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
        DataFrame texts = registry.map(answers -> messages.select(answers.text().as("value")))
                .orElse(messages);
        return writer(route, Debezium.json(texts, col("value"), route.row()))
                .option("checkpointLocation", checkpoints.resolve(route.topic()).toString())
                .start(route.path());
    }

    private DataStreamWriter writer(Route route, DataFrame changes) {
        return settings.apply(changes.writeStream())
                .queryName(route.topic())
                .format("delta")
                .applyChanges(route.changes());
    }

    private StreamingQuery startTogether(SourceTransactions together, Path checkpoints) throws TimeoutException {
        if (routes.isEmpty()) {
            throw new QueryException(
                    "CHANGES_WITHOUT_TABLE",
                    "DebeziumTables.start(…): there is no table. Name them with table(…) first.");
        }
        List<String> topics = routes.stream().map(Route::topic).toList();
        DataFrame messages = reader.option("subscribe", String.join(",", topics) + "," + together.topic())
                .load();
        Column text = registry.map(Registry::text).orElseGet(() -> col("value").cast("string"));
        DataFrame whole = WholeTransactions.of(messages.select(col("topic"), text.as("value")), topics, together);
        List<DataStreamWriter> writers = routes.stream()
                .map(route -> writer(
                                route,
                                Debezium.json(
                                        whole.filter(col("topic").equalTo(route.topic())), col("value"), route.row()))
                        .option("path", route.path()))
                .toList();
        DataStreamWriter query = writers.getFirst().queryName(together.topic());
        writers.stream().skip(1).forEach(query::alsoTo);
        return query.option(
                        "checkpointLocation",
                        checkpoints.resolve(together.topic()).toString())
                .start();
    }
}
