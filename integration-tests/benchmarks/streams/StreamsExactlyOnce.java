import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

// Kafka Streams' part of [dev.headrace.benchmarks.exactlyonce.ExactlyOnce]. Compiled and run by Java 17. Arguments:
// the
// broker, the topics to read and to write, a directory. All settings but the guarantee are Kafka Streams' own: a commit
// every 100 ms.
public final class StreamsExactlyOnce {
    private static final ObjectReader READER = new ObjectMapper().readerFor(Event.class);

    @JsonIgnoreProperties(ignoreUnknown = true)
    public static final class Event {
        public String user;
        public double price;
        public long sent;
    }

    public static void main(String[] args) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(args[1], Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .mapValues(StreamsExactlyOnce::parse)
                .filter((key, event) -> event.price > 100)
                .map((key, event) -> org.apache.kafka.streams.KeyValue.pair(event.user, event.sent))
                .repartition(org.apache.kafka.streams.kstream.Repartitioned.with(Serdes.String(), Serdes.Long())
                        .withNumberOfPartitions(2))
                .groupByKey(Grouped.with(Serdes.String(), Serdes.Long()))
                .aggregate(
                        () -> "0 0",
                        (user, sent, old) -> {
                            int space = old.indexOf(' ');
                            return (Long.parseLong(old.substring(0, space)) + 1) + " "
                                    + Math.max(sent, Long.parseLong(old.substring(space + 1)));
                        },
                        Materialized.with(Serdes.String(), Serdes.String()))
                .toStream()
                .to(args[2], Produced.with(Serdes.String(), Serdes.String()));
        Properties settings = new Properties();
        settings.put("application.id", "exactly-once");
        settings.put("bootstrap.servers", args[0]);
        settings.put("num.stream.threads", "2");
        settings.put("processing.guarantee", "exactly_once_v2");
        settings.put("state.dir", args[3] + "/streams");
        settings.put("auto.offset.reset", "earliest");
        new KafkaStreams(builder.build(), settings).start();
    }

    private static Event parse(byte[] json) {
        try {
            return READER.readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
