package dev.headrace.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.DebeziumTables;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several tables of a database landed by one definition.
class DebeziumTablesIT {
    @TempDir
    Path directory;

    @Test
    void eachTopicGoesToItsTable() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Session session = Session.builder().appName("tables").getOrCreate()) {
            broker.createTopics(Map.of("shop.public.orders", 1, "shop.public.customers", 1));
            send(broker, "shop.public.orders", "{\"id\":1,\"amount\":2.5}");
            send(broker, "shop.public.customers", "{\"id\":1,\"name\":\"ann\"}");
            List<StreamingQuery> queries = DebeziumTables.of(session.readStream()
                            .format("kafka")
                            .option("kafka.bootstrap.servers", broker.bootstrapServers())
                            .option("startingOffsets", "earliest"))
                    .table("shop.public.orders", "id bigint, amount double", Changes.debezium("id"), path("orders"))
                    .table(
                            "shop.public.customers",
                            "id bigint, name string",
                            Changes.debezium("id").keepingHistory(),
                            path("customers"))
                    .writtenBy(writer -> writer.trigger(Trigger.AvailableNow()))
                    .start(path("checkpoints"));
            for (StreamingQuery query : queries) {
                query.awaitTermination();
            }

            assertEquals(
                    List.of("shop.public.orders", "shop.public.customers"),
                    queries.stream().map(StreamingQuery::name).toList());
            assertEquals(List.of("[1,2.5,10]"), rows(session, "orders"));
            assertEquals(List.of("[1,ann,10,null,true]"), rows(session, "customers"));
        }
    }

    @Test
    void aTopicHasOneTable() {
        try (Session session = Session.builder().appName("tables").getOrCreate()) {
            DebeziumTables tables = DebeziumTables.of(session.readStream().format("kafka"))
                    .table("orders", "id bigint", Changes.debezium("id"), "/a");

            QueryException refused = assertThrows(
                    QueryException.class, () -> tables.table("orders", "id bigint", Changes.debezium("id"), "/b"));

            assertEquals(
                    "[CHANGES_TABLE_TWICE] DebeziumTables.table(\"orders\", …, \"/b\"): the topic 'orders' goes to '/a'"
                            + " already. Each table has a topic and a path of its own.",
                    refused.getMessage());
        }
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private List<String> rows(Session session, String table) {
        return session.read().format("delta").load(path(table)).collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    private static void send(KafkaBroker broker, String topic, String row) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "key.serializer", StringSerializer.class,
                "value.serializer", StringSerializer.class))) {
            producer.send(new ProducerRecord<>(
                            topic, "{\"before\":null,\"after\":" + row + ",\"source\":{\"lsn\":10},\"op\":\"c\"}"))
                    .get();
        }
    }
}
