package dev.headrace.engine.kafka;

import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.StreamingSink;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.DataException;
import dev.headrace.errors.FencedException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Writes batches to Kafka. Exactly once: a batch is a transaction of a producer that is named after the output, in
/// which the batch's number is committed, too, as offsets of the consumer group [KafkaMarker] that is named after the
/// query. Who opens the sink fences earlier producers of the query, so a run that is thought dead can't write any more.
///
/// What may take long is asked of the client by threads of its own: its waits are bounded by settings of minutes, and
/// some of them can't be ended otherwise.
final class KafkaSink implements StreamingSink {
    /// How long a query that is to stop waits for brokers. One that is there ends the transaction in a moment; if it is
    /// left open instead, who reads what is committed waits for it to time out.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final SinkId id;
    private final KafkaSinkOptions options;
    private final KafkaRecords records;
    private final KafkaMarker marker;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    /// Done when nobody waits for Kafka any more.
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    /// The last producer that was made, which perhaps has still to open its transactions.
    private volatile @Nullable KafkaProducer<byte[], byte[]> newest;
    private OptionalLong last = OptionalLong.empty();

    KafkaSink(SinkId id, KafkaSinkOptions options, KafkaRecords records) {
        this.id = id;
        this.options = options;
        this.records = records;
        this.marker = new KafkaMarker(id, options);
    }

    /// The producer; a new one after a failure, which ends what the one before has left.
    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open != null) {
            return open;
        }
        Map<String, Object> settings = new HashMap<>(options.client());
        if (options.exactlyOnce()) {
            settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "headrace-" + id);
        }
        KafkaProducer<byte[], byte[]> opened = new KafkaProducer<>(settings);
        newest = opened;
        try {
            if (options.exactlyOnce()) {
                await(inBackground(opened::initTransactions), "opening the transactions of the query");
                last = marker.read();
            }
        } catch (RuntimeException failed) {
            opened.close(Duration.ZERO);
            throw failed;
        }
        producer = opened;
        return opened;
    }

    private static CompletableFuture<Void> inBackground(Runnable request) {
        return CompletableFuture.runAsync(request, KafkaSink::start);
    }

    private static void start(Runnable request) {
        Thread.ofVirtual().name("headrace-kafka-sink").start(request);
    }

    /// Waits until Kafka has done something.
    ///
    /// @param doing what, for the message
    /// @throws QueryCancelledException if the query is to stop and it takes too long
    private void await(CompletableFuture<?> request, String doing) {
        try {
            await(request);
        } catch (KafkaException | IllegalStateException failed) {
            throw translated(doing, failed);
        }
    }

    /// @throws KafkaException as the client says
    /// @throws QueryCancelledException if the query is to stop and it takes too long
    private void await(CompletableFuture<?> request) {
        CompletableFuture<Boolean> done = request.handle((_, failed) -> failed == null);
        CompletableFuture.anyOf(done, givenUp).join();
        if (!done.getNow(false) && givenUp.isDone()) {
            throw new QueryCancelledException();
        }
        try {
            request.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /// Lets go of a producer that has failed.
    private void discard() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    @Override
    public OptionalLong lastCommitted() {
        if (options.exactlyOnce()) {
            producer();
        }
        return last;
    }

    @Override
    public SinkBatch begin(long batchId) {
        KafkaProducer<byte[], byte[]> open = producer();
        boolean held = options.exactlyOnce() && last.isPresent() && batchId <= last.getAsLong();
        return new Batch(open, batchId, held);
    }

    /// @param doing what was tried, for the message
    private HeadraceException translated(String doing, Throwable failed) {
        String where = "Kafka at " + options.servers() + ": " + doing + " failed: " + failed.getMessage();
        Throwable cause = failed;
        for (int depth = 0; depth < 5 && cause != null; depth++, cause = cause.getCause()) {
            switch (cause) {
                case ProducerFencedException _, InvalidProducerEpochException _ -> {
                    return new FencedException(
                            "FENCED",
                            "Kafka at " + options.servers() + ": another run of the query " + id + " has opened its"
                                    + " transactions, or the transaction took longer than"
                                    + " 'kafka.transaction.timeout.ms'. Nothing of this batch is visible. Stop one of the"
                                    + " two runs, or give transactions more time.",
                            failed);
                }
                case AuthorizationException _ -> {
                    return new QueryException(
                            "KAFKA_NOT_AUTHORIZED",
                            where + ". Give the client the rights to write to the topics, and exactly once also to the"
                                    + " transactional id and the group 'headrace-" + id + "'.",
                            failed);
                }
                case RecordTooLargeException _ -> {
                    return new DataException(
                            "KAFKA_RECORD_TOO_LARGE",
                            where + ". Raise 'kafka.max.request.size' and the topic's 'max.message.bytes', or make the"
                                    + " value smaller.",
                            failed);
                }
                default -> {}
            }
        }
        return new UnavailableException("KAFKA_UNAVAILABLE", where, failed);
    }

    @Override
    public void stopping() {
        givenUp.thenRunAsync(this::closeNewest, KafkaSink::start);
        givenUp.completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends also what waits within the producer itself.
    private void closeNewest() {
        KafkaProducer<byte[], byte[]> open = newest;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close();
        }
        newest = null;
        marker.close();
    }

    private final class Batch implements SinkBatch {
        private final KafkaProducer<byte[], byte[]> open;
        private final long batchId;
        private final boolean held;
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<@Nullable Exception>();
        private final LongAdder rows = new LongAdder();
        private @Nullable CompletableFuture<Void> marked;
        private @Nullable CompletableFuture<Void> flushing;

        Batch(KafkaProducer<byte[], byte[]> open, long batchId, boolean held) {
            this.open = open;
            this.batchId = batchId;
            this.held = held;
        }

        @Override
        public TaskWriter openTask(int task) {
            return new TaskWriter() {
                @Override
                public void write(Chunk chunk) {
                    if (!held && chunk.rowCount() > 0) {
                        if (options.exactlyOnce()) {
                            beginOnce(chunk);
                        }
                        for (int row = 0; row < chunk.rowCount(); row++) {
                            send(chunk, row);
                        }
                    }
                }

                @Override
                public void close() {}
            };
        }

        /// Begins the transaction, and commits the batch's number in it while the rows are still coming: the brokers
        /// take longer for that than for the rows.
        private synchronized void beginOnce(Chunk first) {
            if (marked != null) {
                return;
            }
            String topic = records.record(first, 0).topic();
            open.beginTransaction();
            marked = inBackground(() -> open.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(batchId + 1)),
                    new ConsumerGroupMetadata(marker.group())));
        }

        private void send(Chunk chunk, int row) {
            ProducerRecord<byte[], byte[]> record = records.record(chunk, row);
            rows.increment();
            try {
                open.send(record, (_, failed) -> {
                    if (failed != null) {
                        failure.compareAndSet(null, failed);
                    }
                });
            } catch (KafkaException failed) {
                throw translated("writing to '" + record.topic() + "'", failed);
            }
        }

        @Override
        public void prepare() {
            if (rows.sum() > 0) {
                flushing = inBackground(open::flush);
            }
        }

        @Override
        public Map<String, Long> commit() {
            CompletableFuture<Void> marking = marked;
            if (held || marking == null && options.exactlyOnce()) {
                return Map.of("numOutputRows", rows.sum());
            }
            CompletableFuture<Void> begun = flushing;
            await(begun == null ? inBackground(open::flush) : begun, "writing");
            Exception failed = failure.get();
            if (failed != null) {
                throw translated("writing", failed);
            }
            if (marking != null) {
                await(marking, "writing the number of batch " + batchId);
                commitTransaction();
            }
            return Map.of("numOutputRows", rows.sum());
        }

        private void commitTransaction() {
            try {
                await(inBackground(open::commitTransaction));
                marked = null;
                last = OptionalLong.of(batchId);
            } catch (TimeoutException unknown) {
                marked = null;
                discard();
                throw new CommitUnknownException(
                        "COMMIT_UNKNOWN",
                        "Kafka at " + options.servers() + ": the answer to the commit of batch " + batchId
                                + " was lost.",
                        unknown);
            } catch (KafkaException failed) {
                throw translated("committing batch " + batchId, failed);
            }
        }

        @Override
        public void close() {
            CompletableFuture<Void> marking = marked;
            if (marking == null) {
                if (failure.get() != null) {
                    discard();
                }
                return;
            }
            marked = null;
            try {
                // Until it has ended, well or not: the transaction takes no other request before.
                await(marking.handle((_, _) -> marking.isDone()));
                await(inBackground(open::abortTransaction));
            } catch (KafkaException | QueryCancelledException failed) {
                // The next producer of this name ends the transaction.
                discard();
            }
        }
    }
}
