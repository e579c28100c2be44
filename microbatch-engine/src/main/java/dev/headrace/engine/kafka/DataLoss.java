package dev.headrace.engine.kafka;

import dev.headrace.errors.DataException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is said when offsets that a query must read are gone.
final class DataLoss {
    private static final Logger LOG = LoggerFactory.getLogger(DataLoss.class);
    private static final String ADVICE =
            " To go on without them, start the query with option(\"failOnDataLoss\", \"false\"): "
                    + "what is lost is then counted in the progress ('lostOffsets') and in the loss ledger, format(\"losses\").";

    private DataLoss() {}

    static DataException error(
            KafkaOptions options, TopicPartition partition, long from, long earliest, @Nullable Throwable cause) {
        String what = earliest > from
                ? "The offsets " + from + " to " + (earliest - 1) + " of " + partition + " on " + options.servers()
                        + " are gone: the partition now begins at " + earliest
                        + ". They have aged out before they were read, or were deleted."
                : "The offset " + from + " of " + partition + " on " + options.servers()
                        + " is not there: the partition is shorter. The topic has been deleted and created again, or "
                        + "truncated.";
        return cause == null
                ? new DataException("KAFKA_DATA_LOSS", what + ADVICE)
                : new DataException("KAFKA_DATA_LOSS", what + ADVICE, cause);
    }

    static DataException deleted(KafkaOptions options, TopicPartition partition, long from) {
        return new DataException(
                "KAFKA_DATA_LOSS",
                "The offsets from " + from + " of " + partition + " on " + options.servers()
                        + " are gone: there is no such partition any more. Its topic has been deleted." + ADVICE);
    }

    static DataException recreated(KafkaOptions options, String topic) {
        return new DataException(
                "KAFKA_TOPIC_RECREATED",
                "The topic '" + topic + "' on " + options.servers()
                        + " is not the one that the query has read so far: it " + "has been deleted and created again."
                        + ADVICE);
    }

    static void warn(TopicPartition partition, long from, long next) {
        LOG.warn("{}: the offsets {} to {} are gone; the query goes on without them", partition, from, next - 1);
    }
}
