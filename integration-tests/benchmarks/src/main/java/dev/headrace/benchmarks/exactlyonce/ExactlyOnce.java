package dev.headrace.benchmarks.exactlyonce;

import dev.headrace.benchmarks.EngineCommand;
import dev.headrace.benchmarks.Events;
import dev.headrace.benchmarks.Figures;
import dev.headrace.benchmarks.WorkDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A filter and a running count per key, from Kafka to Kafka exactly once, at 20,000 events per second: the time from
/// when an event is handed to the producer to when a consumer that reads only committed records has the count with it;
/// then the engine's process is killed and started again, and what is measured is the time from the kill to the first
/// new record.
///
/// Each engine is a process of its own, one after the other, on one broker. The system property `engines` names them
/// (`headrace,streams,flink`). Headrace starts from a cache of classes that a first run of the same program has left,
/// as the guide tells (`docs/guide/restarts.md`).
public final class ExactlyOnce {
    private static final int RATE = 20_000;
    private static final int SLOW_RATE = 100;
    private static final int WARM_UP_SECONDS = 15;
    private static final int SECONDS = 20;
    private static final int START_SECONDS = 150;
    private static final int PARTITIONS = 2;

    private final Events events;
    private final String engine;
    private final Path directory;
    private final Path log;
    private volatile int rate = SLOW_RATE;

    private ExactlyOnce(Events events, String engine, Path directory) {
        this.events = events;
        this.engine = engine;
        this.directory = directory;
        this.log = directory.resolve("log");
    }

    public static void run() throws IOException, InterruptedException {
        try (Events events = Events.start(PARTITIONS)) {
            for (String engine :
                    System.getProperty("engines", "headrace,streams,flink").split(",")) {
                new ExactlyOnce(events, engine, WorkDirectory.create()).measure();
            }
        }
    }

    private String input() {
        return "in-" + engine;
    }

    private String output() {
        return "out-" + engine;
    }

    private void measure() throws IOException, InterruptedException {
        events.create(input());
        events.create(output());
        AtomicBoolean stopped = new AtomicBoolean();
        Thread producer = Thread.ofPlatform().name("producer").start(() -> produce(stopped));
        List<String> flags = new ArrayList<>();
        Process running = null;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            if (engine.equals("headrace")) {
                String classes = directory.resolve("classes.aot").toString();
                running = startAndWarmUp(consumer, List.of("-XX:AOTCacheOutput=" + classes));
                running.destroy();
                running.waitFor();
                flags.add("-XX:AOTCache=" + classes);
            }
            running = startAndWarmUp(consumer, flags);
            Figures figures = read(consumer, SECONDS);
            running.destroyForcibly().waitFor();
            long killed = System.nanoTime();
            running = start(flags);
            long first = firstAfter(consumer, killed);
            System.out.println(engine + ": " + figures + "; from kill -9 to the first new record "
                    + (first - killed) / 1_000_000 + " ms");
        } finally {
            stopped.set(true);
            if (running != null) {
                running.destroyForcibly().waitFor();
            }
            producer.join();
        }
    }

    /// Lets few events come until the engine has started, so that it has nothing to catch up with.
    private Process startAndWarmUp(KafkaConsumer<byte[], byte[]> consumer, List<String> flags) throws IOException {
        rate = SLOW_RATE;
        long before = System.nanoTime();
        Process running = start(flags);
        firstAfter(consumer, before);
        rate = RATE;
        read(consumer, WARM_UP_SECONDS);
        return running;
    }

    private Process start(List<String> flags) throws IOException {
        List<String> command = EngineCommand.of(engine, "ExactlyOnce", HeadraceExactlyOnce.class);
        command.addAll(1, flags);
        command.addAll(List.of(events.broker().bootstrapServers(), input(), output(), directory.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void produce(AtomicBoolean stopped) {
        try (KafkaProducer<byte[], byte[]> producer = events.producer()) {
            long due = System.nanoTime();
            for (int i = 0; !stopped.get(); i++) {
                due += 1_000_000_000L / rate;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(200_000);
                }
                producer.send(new ProducerRecord<>(input(), i % PARTITIONS, null, Events.json(i, System.nanoTime())));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                events.broker().bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class));
        consumer.assign(List.of(new TopicPartition(output(), 0), new TopicPartition(output(), 1)));
        return consumer;
    }

    /// How late the records are that come in some seconds.
    private static Figures read(KafkaConsumer<byte[], byte[]> consumer, int seconds) {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        LongStream.Builder latencies = LongStream.builder();
        while (System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                latencies.add(System.nanoTime() - sent(record));
            }
        }
        return new Figures(latencies.build().toArray());
    }

    /// When the first record comes with an event that was sent after a time.
    private long firstAfter(KafkaConsumer<byte[], byte[]> consumer, long time) throws IOException {
        long until = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                if (sent(record) > time) {
                    return System.nanoTime();
                }
            }
        }
        throw new IllegalStateException(engine + " gives nothing: " + Files.readString(log));
    }

    /// A record is `count sent`, where `sent` is that of the newest event.
    private static long sent(ConsumerRecord<byte[], byte[]> record) {
        String text = new String(record.value(), StandardCharsets.US_ASCII);
        return Long.parseLong(text.substring(text.indexOf(' ') + 1));
    }
}
