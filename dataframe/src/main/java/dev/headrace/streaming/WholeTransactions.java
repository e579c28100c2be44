package dev.headrace.streaming;

import static dev.headrace.functions.aggregate;
import static dev.headrace.functions.array;
import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.exists;
import static dev.headrace.functions.filter;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.regexp_replace;
import static dev.headrace.functions.when;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Encoders;
import dev.headrace.errors.DataException;
import dev.headrace.types.DataType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Holds Debezium's messages back until all of their transaction have come.
///
/// A transaction is a key with state: the messages that wait, in the order in which the transaction made them, and how
/// many there will be, once its end has come. The end counts the changes of each table, also of those whose topics are
/// not read; only the others are waited for.
final class WholeTransactions extends StatefulProcessor<String, WholeTransactions.Message, WholeTransactions.Released> {
    private static final String FIELDS =
            "id: string, transaction: struct<id: string, total_order: bigint>, status: string, "
                    + "data_collections: array<struct<data_collection: string, event_count: bigint>>";
    private static final String MESSAGE = "struct<" + FIELDS + ", payload: struct<" + FIELDS + ">>";

    /// What Debezium replaces by underscores in names of topics.
    private static final String NOT_IN_TOPICS = "[^A-Za-z0-9._-]";

    /// How often a transaction is given the whole time anew. A timer that goes off late again and again is none of a
    /// query that did not run, but one of batches that take long.
    private static final int MOST_RENEWALS = 3;

    /// PostgreSQL's ids are the transaction's number and the position in the log of each change.
    private static final String POSTGRES_ID = "^(\\d+):\\d+$";

    /// A message about a transaction.
    ///
    /// @param place among the transaction's changes, from 1; 0 for its end
    /// @param expected how many changes the end tells; 0 for a change
    record Message(String transaction, String topic, String value, long place, long expected) {}

    /// A change that waits.
    record Waiting(String topic, String value, long place) {}

    /// What is known of a transaction that waits.
    ///
    /// @param since in milliseconds since the epoch
    /// @param expected 0 until the end has come
    /// @param renewals how often `since` was set anew
    record Progress(long since, long expected, int renewals) {}

    /// A message that goes on.
    record Released(String topic, String value) {}

    private final SourceTransactions settings;
    private @Nullable ListState<Waiting> changes;
    private @Nullable ValueState<Progress> progress;
    private @Nullable ValueState<Boolean> released;

    private WholeTransactions(SourceTransactions settings) {
        this.settings = settings;
    }

    /// The messages of the tables, those of a transaction all in one batch.
    ///
    /// @param messages with the columns `topic` and `value`, JSON as text; of the tables' topics and the transactions'
    /// @param topics of the tables
    /// @return the same columns, without the messages of the transactions' topic
    static DataFrame of(DataFrame messages, List<String> topics, SourceTransactions settings) {
        Column parsed = from_json(col("value"), DataType.fromDDL(MESSAGE), Map.of("mode", "FAILFAST"));
        Column ofTransactions = col("topic").equalTo(settings.topic());
        Column transaction = when(ofTransactions, field("id")).otherwise(field("transaction.id"));
        DataFrame read = messages.select(col("topic"), col("value"), parsed.as("message"))
                .select(
                        col("topic"),
                        col("value"),
                        regexp_replace(transaction, lit(POSTGRES_ID), lit("$1")).as("transaction"),
                        coalesce(field("transaction.total_order"), lit(0L)).as("place"),
                        when(ofTransactions.and(field("status").equalTo("END")), expected(topics))
                                .otherwise(lit(0L))
                                .as("expected"));
        DataFrame alone = read.filter(
                        ofTransactions.equalTo(false).and(col("transaction").isNull()))
                .select("topic", "value");
        DataFrame together = read.filter(col("transaction").isNotNull())
                .filter(ofTransactions.equalTo(false).or(col("expected").gt(0)))
                .select("transaction", "topic", "value", "place", "expected")
                .as(Encoders.record(Message.class))
                .groupByKey(Message::transaction, Encoders.STRING())
                .transformWithState(
                        new WholeTransactions(settings),
                        TimeMode.ProcessingTime(),
                        OutputMode.Append(),
                        Encoders.record(Released.class))
                .toDF();
        return alone.unionByName(together);
    }

    private static Column field(String name) {
        return coalesce(col("message.payload." + name), col("message." + name));
    }

    /// How many changes of these topics a transaction has. The end names tables, which topics end with.
    private static Column expected(List<String> topics) {
        Column all = array(topics.stream().map(topic -> lit(topic)).toArray(Column[]::new));
        Column read = filter(
                field("data_collections"),
                table -> exists(
                        all,
                        topic -> topic.endsWith(concat(
                                lit("."),
                                regexp_replace(table.getField("data_collection"), lit(NOT_IN_TOPICS), lit("_"))))));
        return coalesce(aggregate(read, lit(0L), (sum, table) -> sum.plus(table.getField("event_count"))), lit(0L));
    }

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
        changes = getHandle().getListState("changes", Encoders.record(Waiting.class), TTLConfig.NONE());
        progress = getHandle().getValueState("progress", Encoders.record(Progress.class), TTLConfig.NONE());
        released = getHandle().getValueState("released", Encoders.BOOLEAN(), new TTLConfig(settings.memory()));
    }

    @Override
    public Iterator<Released> handleInputRows(String transaction, Iterator<Message> messages, TimerValues times) {
        ListState<Waiting> waiting = known(changes);
        if (known(released).exists()) {
            List<Released> again = new ArrayList<>();
            messages.forEachRemaining(message -> {
                if (message.expected() == 0) {
                    again.add(new Released(message.topic(), message.value()));
                }
            });
            return again.iterator();
        }
        TreeMap<Long, Waiting> all = new TreeMap<>();
        waiting.get().forEachRemaining(change -> all.put(change.place(), change));
        @Nullable Progress before = known(progress).get();
        long expected = before == null ? 0 : before.expected();
        List<Waiting> more = new ArrayList<>();
        while (messages.hasNext()) {
            Message message = messages.next();
            if (message.expected() > 0) {
                expected = message.expected();
                continue;
            }
            Waiting change = new Waiting(message.topic(), message.value(), place(message));
            if (all.putIfAbsent(change.place(), change) == null) {
                more.add(change);
            }
        }
        if (expected > 0 && all.size() >= expected) {
            return release(before, all);
        }
        if (all.size() > settings.mostChanges()) {
            return incomplete("CHANGES_TRANSACTION_TOO_LARGE", tooLarge(transaction, all.size()), before, all);
        }
        waiting.appendList(more.toArray(Waiting[]::new));
        long since = before == null ? times.getCurrentProcessingTimeInMs() : before.since();
        if (before == null) {
            getHandle().registerTimer(deadline(since));
        }
        known(progress).update(new Progress(since, expected, before == null ? 0 : before.renewals()));
        return Collections.emptyIterator();
    }

    @Override
    public Iterator<Released> handleExpiredTimer(String transaction, TimerValues times, ExpiredTimerInfo timer) {
        @Nullable Progress before = known(progress).get();
        if (before == null) {
            return Collections.emptyIterator();
        }
        long now = times.getCurrentProcessingTimeInMs();
        long patience = settings.patience().toMillis();
        // A timer that goes off late has waited for a query that did not run. Changed settings may be more patient.
        boolean renews = now - timer.getExpiryTimeInMs() > patience / 10 && before.renewals() < MOST_RENEWALS;
        long since = renews ? now : before.since();
        if (deadline(since) > now) {
            known(progress).update(new Progress(since, before.expected(), before.renewals() + (renews ? 1 : 0)));
            getHandle().registerTimer(deadline(since));
            return Collections.emptyIterator();
        }
        TreeMap<Long, Waiting> all = new TreeMap<>();
        known(changes).get().forEachRemaining(change -> all.put(change.place(), change));
        return incomplete("CHANGES_TRANSACTION_INCOMPLETE", tooLate(transaction, before, all), null, all);
    }

    private long deadline(long since) {
        return since + settings.patience().toMillis();
    }

    /// @param before what is known while a timer is set
    private Iterator<Released> release(@Nullable Progress before, TreeMap<Long, Waiting> all) {
        if (before != null) {
            getHandle().deleteTimer(deadline(before.since()));
        }
        known(changes).clear();
        known(progress).clear();
        known(released).update(true);
        return all.values().stream()
                .map(change -> new Released(change.topic(), change.value()))
                .iterator();
    }

    private Iterator<Released> incomplete(
            String code, String text, @Nullable Progress before, TreeMap<Long, Waiting> all) {
        if (!settings.releasesIncomplete()) {
            throw new DataException(code, text);
        }
        return release(before, all);
    }

    private String tooLarge(String transaction, long count) {
        return "The source's transaction '" + transaction + "' has " + count
                + " changes that wait for its end, more than "
                + settings.mostChanges()
                + ". Allow more with SourceTransactions.ofAtMost(…), which wait in the query's state, or let such"
                + " transactions go on in parts with releasingIncomplete().";
    }

    private String tooLate(String transaction, Progress before, TreeMap<Long, Waiting> all) {
        Map<String, Long> byTopic = new TreeMap<>();
        all.values().forEach(change -> byTopic.merge(change.topic(), 1L, Long::sum));
        String end = before.expected() == 0
                ? "its end has not come in the topic '" + settings.topic() + "'"
                : "its end says " + before.expected();
        return "The source's transaction '" + transaction + "' is incomplete since "
                + Instant.ofEpochMilli(before.since()) + ": " + all.size() + " of its changes have come " + byTopic
                + ", "
                + end
                + ". See whether the connector writes to these topics (provide.transaction.metadata=true, no filters"
                + " behind it); wait longer with SourceTransactions.waitingAtMost(…), or let such transactions go on in"
                + " parts with releasingIncomplete().";
    }

    private static long place(Message message) {
        if (message.place() < 1) {
            throw new DataException(
                    "CHANGES_TRANSACTION_PLACE",
                    "A message of the topic '" + message.topic() + "' belongs to the transaction '"
                            + message.transaction()
                            + "', but has no total_order in it, which Debezium writes. See what wrote it.");
        }
        return message.place();
    }

    private static <S> S known(@Nullable S state) {
        if (state == null) {
            throw new IllegalStateException("the states are asked for in init");
        }
        return state;
    }
}
