package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import dev.headrace.demo.OrderChange.Op;
import dev.headrace.errors.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Sends a shop's traffic to Kafka and keeps a ledger of what Kafka acknowledged.
///
/// What is sent depends on the [Traffic] alone; only how much of it is sent depends on time. A thread of its own sends
/// at the traffic's rates; after a pause (a broker that was away) it goes on at the same rates and does not catch up.
final class ShopGenerator implements Shop {
    /// The topic of [Click]s.
    static final String CLICKS = "clicks";

    /// The topic of [OrderChange]s, named as Debezium names that of a table.
    static final String ORDERS = "shop.public.orders";

    static final int CLICK_PARTITIONS = 4;
    static final int ORDER_PARTITIONS = 3;

    private static final long TICK_NANOS = 5_000_000L;

    private final Traffic traffic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final LedgerWriter ledger;
    private final OrderBook orders;
    private final Thread thread = new Thread(this::run, "shop-generator");
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopping;

    private ShopGenerator(String bootstrapServers, Traffic traffic, LedgerWriter ledger) {
        this.traffic = traffic;
        this.ledger = ledger;
        this.orders = new OrderBook(traffic);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "acks", "all",
                        "enable.idempotence", "true",
                        "linger.ms", "5",
                        "batch.size", "65536",
                        "delivery.timeout.ms", "600000",
                        "max.block.ms", "600000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /// Creates the two topics.
    ///
    /// @throws UnavailableException if the broker refuses
    static void createTopics(KafkaBroker broker) {
        broker.createTopics(Map.of(CLICKS, CLICK_PARTITIONS, ORDERS, ORDER_PARTITIONS));
    }

    /// Starts sending.
    ///
    /// @param bootstrapServers where the broker is; its topics exist
    /// @param traffic what to send
    /// @param ledger the file to create
    static ShopGenerator start(String bootstrapServers, Traffic traffic, Path ledger) {
        ShopGenerator generator = new ShopGenerator(bootstrapServers, traffic, LedgerWriter.create(ledger));
        generator.thread.start();
        return generator;
    }

    /// How many clicks Kafka has acknowledged.
    @Override
    public long clicks() {
        return ledger.clicks();
    }

    /// How many order changes Kafka has acknowledged.
    @Override
    public long orderChanges() {
        return ledger.orderChanges();
    }

    /// Stops sending, waits until Kafka has acknowledged everything, and finishes the ledger.
    ///
    /// @throws UnavailableException if an event was not acknowledged: the ledger stays unfinished
    @Override
    public void finish() {
        stopping = true;
        joinThread();
        producer.flush();
        Exception e = failure.get();
        if (e != null) {
            throw new UnavailableException(
                    "EVENT_NOT_ACKNOWLEDGED",
                    "An event of the generator was not acknowledged by Kafka or not noted, so the ledger is not exact: "
                            + e + ". Look at the broker's log.",
                    e);
        }
        ledger.finish();
        close();
    }

    /// Stops at once; without [#finish] before it, the ledger stays unfinished and is refused.
    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        joinThread();
        producer.close(Duration.ZERO);
        ledger.close();
    }

    private void joinThread() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Pace clickPace = new Pace(traffic.clicksPerSecond(), System.nanoTime());
        Pace orderPace = new Pace(traffic.orderChangesPerSecond(), System.nanoTime());
        long clickId = 0;
        try {
            while (!stopping && failure.get() == null) {
                long now = System.nanoTime();
                for (long due = clickPace.due(now); due > 0; due--) {
                    send(Click.of(traffic, clickId++));
                }
                for (long due = orderPace.due(now); due > 0; due--) {
                    send(orders.next());
                }
                LockSupport.parkNanos(TICK_NANOS);
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void send(Click click) {
        send(
                CLICKS,
                click.key(),
                click.json(),
                place -> new ClickSent(
                        place.partition(),
                        place.offset(),
                        click.id(),
                        click.product(),
                        click.cents(),
                        click.eventMillis(),
                        click.late()));
    }

    private void send(OrderChange change) {
        send(
                ORDERS,
                change.key(),
                change.json(),
                place -> new OrderChangeSent(
                        place.partition(),
                        place.offset(),
                        change.orderId(),
                        change.op(),
                        change.status(),
                        change.lsn()));
        if (change.op() == Op.DELETE) {
            ProducerRecord<byte[], byte[]> tombstone = new ProducerRecord<>(ORDERS, utf8(change.key()), null);
            Future<RecordMetadata> _ = producer.send(tombstone, (place, error) -> failure.compareAndSet(null, error));
        }
    }

    private void send(String topic, String key, String value, Function<RecordMetadata, LedgerEntry> entry) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, utf8(key), utf8(value));
        Future<RecordMetadata> _ = producer.send(record, (place, error) -> {
            if (error != null) {
                failure.compareAndSet(null, error);
            } else if (!place.hasOffset()) {
                failure.compareAndSet(null, new IllegalStateException(place + " comes without an offset"));
            } else {
                note(entry.apply(place));
            }
        });
    }

    private void note(LedgerEntry entry) {
        try {
            ledger.add(entry);
        } catch (RuntimeException e) {
            // The producer would log it and go on.
            failure.compareAndSet(null, e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
