import static dev.headrace.functions.*;

import dev.headrace.*;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.streaming.*;
import java.nio.file.*;
import java.util.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.StringSerializer;

/// One query as a batch, over a Delta table that grows, and over a Kafka topic. The first argument is a folder to work
/// in, the second a broker; without them, both are temporary.
///
/// It prints
///
/// ```text
/// +----+------+----+
/// |page|clicks|last|
/// +----+------+----+
/// |cart|     3|   7|
/// |help|     3|   8|
/// |home|     4|   9|
/// +----+------+----+
///
/// +----+------+----+
/// |page|clicks|last|
/// +----+------+----+
/// |cart|    33|  97|
/// |help|    33|  98|
/// |home|    34|  99|
/// +----+------+----+
///
/// +----+------+----+
/// |page|clicks|last|
/// +----+------+----+
/// |cart|    33|  97|
/// |help|    33|  98|
/// |home|    34|  99|
/// +----+------+----+
/// ```
public class SameQueryAsStream {
    public static void main(String[] args) throws Exception {
        Path home = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("clicks");
        try (Session session =
                Session.builder().appName("the same query as a stream").getOrCreate()) {
            String place = home + "/clicks";
            click(session, place, 0, 10);
            perPage(session.read().format("delta").load(place)).orderBy("page").show();

            StreamingQuery fromTable = perPage(
                            session.readStream().format("delta").load(place))
                    .writeStream()
                    .outputMode("complete")
                    .format("memory")
                    .queryName("from_table")
                    .start();
            click(session, place, 10, 100);
            fromTable.processAllAvailable();
            session.table("from_table").orderBy("page").show();

            if (args.length > 1) {
                fromKafka(session, args[1]);
            } else {
                try (KafkaBroker broker = KafkaBroker.start()) {
                    broker.createTopics(Map.of("clicks", 2));
                    fromKafka(session, broker.bootstrapServers());
                }
            }
        }
    }

    /// Nothing in it says whether it is a batch or a stream.
    static DataFrame perPage(DataFrame clicks) {
        return clicks.groupBy("page").agg(count(lit(1)).as("clicks"), max("id").as("last"));
    }

    static void click(Session session, String place, long from, long to) {
        session.range(from, to)
                .select(
                        col("id"),
                        element_at(
                                        array(lit("home"), lit("cart"), lit("help")),
                                        col("id").mod(3).plus(1).cast("int"))
                                .as("page"))
                .write()
                .format("delta")
                .mode("append")
                .save(place);
    }

    static void fromKafka(Session session, String servers) throws Exception {
        produce(servers, 0, 10);
        DataFrame clicks = session.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", servers)
                .option("subscribe", "clicks")
                .option("startingOffsets", "earliest")
                .load()
                .select(from_json(col("value").cast("string"), "id bigint, page string")
                        .as("click"))
                .select("click.*");
        StreamingQuery query = perPage(clicks)
                .writeStream()
                .outputMode("complete")
                .format("memory")
                .queryName("from_kafka")
                .start();
        produce(servers, 10, 100);
        query.processAllAvailable();
        session.table("from_kafka").orderBy("page").show();
        query.stop();
    }

    static void produce(String servers, int from, int to) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = from; i < to; i++) {
                String page = List.of("home", "cart", "help").get(i % 3);
                producer.send(new ProducerRecord<>("clicks", page, "{\"id\": " + i + ", \"page\": \"" + page + "\"}"));
            }
        }
    }
}
