package dev.headrace.streaming;

import dev.headrace.errors.QueryException;
import java.time.Duration;

/// That changes which one transaction of the database made come to the tables together, for
/// [DebeziumTables#keepingTransactions].
///
/// Debezium tells where transactions end in a topic of its own, if the connector has
/// `provide.transaction.metadata=true`. Until all of a transaction's changes have come, those that are there wait in
/// the query's state. Immutable.
///
/// @param topic in which Debezium tells where transactions begin and end, such as `shop.transaction`
/// @param patience how long a transaction may be incomplete while the query runs
/// @param mostChanges how many changes of one transaction may wait
/// @param releasesIncomplete whether a transaction beyond that goes on in parts; else the query ends
/// @param memory how long a transaction that has gone on is remembered, whose changes may be told twice
public record SourceTransactions(
        String topic, Duration patience, long mostChanges, boolean releasesIncomplete, Duration memory) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long MOST_CHANGES = 1_000_000;
    private static final Duration MEMORY = Duration.ofHours(1);

    /// @throws QueryException `CHANGES_TRANSACTION_SETTING` for times and numbers that are not positive
    public SourceTransactions {
        positive("waitingAtMost", patience.toString(), !patience.isNegative() && !patience.isZero());
        positive("ofAtMost", Long.toString(mostChanges), mostChanges > 0);
        positive("rememberedFor", memory.toString(), !memory.isNegative() && !memory.isZero());
    }

    private static void positive(String method, String value, boolean isPositive) {
        if (!isPositive) {
            throw new QueryException(
                    "CHANGES_TRANSACTION_SETTING",
                    "SourceTransactions." + method + "(" + value + "): expected more than zero.");
        }
    }

    /// Transactions as this topic tells them: wait for ten minutes at most, have a million changes at most, and are
    /// remembered for an hour.
    public static SourceTransactions toldBy(String topic) {
        return new SourceTransactions(topic, PATIENCE, MOST_CHANGES, false, MEMORY);
    }

    /// How long a transaction may be incomplete, in the batches' time. A query that did not run gives it the whole time
    /// anew, up to three times; what it takes from one batch to the next should be less than a tenth of it. After that
    /// the query ends with `CHANGES_TRANSACTION_INCOMPLETE`.
    public SourceTransactions waitingAtMost(Duration newPatience) {
        return new SourceTransactions(topic, newPatience, mostChanges, releasesIncomplete, memory);
    }

    /// How many changes of one transaction may wait; with more the query ends with `CHANGES_TRANSACTION_TOO_LARGE`.
    public SourceTransactions ofAtMost(long changes) {
        return new SourceTransactions(topic, patience, changes, releasesIncomplete, memory);
    }

    /// A transaction that waits for too long, or is too large, goes on as far as it has come, instead of ending the
    /// query; what comes of it later goes on at once.
    public SourceTransactions releasingIncomplete() {
        return new SourceTransactions(topic, patience, mostChanges, true, memory);
    }

    /// How long a transaction that has gone on is remembered: changes of it that are told again within that time go on
    /// at once, as they change nothing. It should be longer than Debezium takes to repeat itself after a crash
    /// (`offset.flush.interval.ms`).
    public SourceTransactions rememberedFor(Duration time) {
        return new SourceTransactions(topic, patience, mostChanges, releasesIncomplete, time);
    }
}
