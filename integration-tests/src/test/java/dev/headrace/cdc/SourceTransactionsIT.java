package dev.headrace.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.delta.DeltaTable;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.DebeziumTables;
import dev.headrace.streaming.SourceTransactions;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions of PostgreSQL over two tables, told by Debezium: each batch of the query has all of a transaction's
/// changes, or none.
class SourceTransactionsIT {
    private static final int TRANSACTIONS = 40;

    @TempDir
    Path directory;

    @Test
    void bothTablesSeeTheSameTransactionsInEachBatch() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                Postgres postgres = Postgres.start();
                Session session = Session.builder().appName("transactions").getOrCreate()) {
            broker.createTopics(Map.of(
                    "shop.public.orders", 2, "shop.public.items", 2, "shop.public.others", 1, "shop.transaction", 1));
            execute(
                    postgres,
                    "create table orders (id bigint primary key, tx int)",
                    "create table items (id bigint primary key, tx int)",
                    "create table others (id bigint primary key)");
            try (DebeziumConnector connector = new DebeziumConnector(
                    directory,
                    postgres.port(),
                    broker.bootstrapServers(),
                    "public.orders,public.items,public.others",
                    // What a snapshot tells, also one after a kill that came before offsets were kept, has no
                    // transactions.
                    List.of("provide.transaction.metadata=true", "snapshot.mode=no_data"))) {
                await(() -> isStreaming(postgres), connector::output);
                StreamingQuery query = DebeziumTables.of(session.readStream()
                                .format("kafka")
                                .option("kafka.bootstrap.servers", broker.bootstrapServers())
                                .option("startingOffsets", "earliest")
                                .option("maxOffsetsPerTrigger", 17))
                        .table("shop.public.orders", "id bigint, tx int", Changes.debezium("id"), path("orders"))
                        .table("shop.public.items", "id bigint, tx int", Changes.debezium("id"), path("items"))
                        .writtenBy(writer -> writer.trigger(Trigger.ProcessingTime("50 milliseconds")))
                        .keepingTransactions(SourceTransactions.toldBy("shop.transaction"))
                        .start(path("checkpoints"))
                        .getFirst();
                Random random = new Random(5);
                for (int i = 0; i < TRANSACTIONS; i++) {
                    if (i == TRANSACTIONS / 2) {
                        connector.killAndRestart();
                    }
                    transact(postgres, i, random);
                }
                long expected = count(postgres);
                await(
                        () -> !query.isActive() || landed(session) == expected,
                        () -> connector.output() + query.lastProgress());
                query.stop();
            }
            everyBatchIsWhole(session, postgres);
        }
    }

    private static void transact(Postgres postgres, int number, Random random) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                String table = random.nextInt(2) == 0 ? "orders" : "items";
                statement.execute("insert into " + table + " values (" + (number * 10 + i) + ", " + number + ")");
            }
            if (random.nextInt(3) == 0) {
                statement.execute("insert into others values (" + number + ")");
            }
            connection.commit();
        }
    }

    private static void execute(Postgres postgres, String... statements) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static boolean isStreaming(Postgres postgres) throws Exception {
        return !ShopTraffic.rows(postgres, "select pid from pg_stat_replication where state = 'streaming'")
                .isEmpty();
    }

    private static long count(Postgres postgres) throws Exception {
        return Long.parseLong(
                ShopTraffic.rows(postgres, "select (select count(*) from orders) + (select count(*) from items)")
                        .getFirst());
    }

    private long landed(Session session) {
        return rows(session, "orders") + rows(session, "items");
    }

    private long rows(Session session, String table) {
        return Files.exists(directory.resolve(table).resolve("_delta_log/00000000000000000000.json"))
                ? session.read().format("delta").load(path(table)).count()
                : 0;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, java.util.function.Supplier<String> state) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(300).toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, state);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /// Looks at the tables as they were after each batch.
    private void everyBatchIsWhole(Session session, Postgres postgres) throws Exception {
        Map<Long, String> transactions = new TreeMap<>();
        for (String row : ShopTraffic.rows(
                postgres,
                "select tx, sum(o), sum(i) from (select tx, 1 as o, 0 as i from orders union all select tx, 0, 1 from items)"
                        + " as all_rows group by tx")) {
            transactions.put(Long.parseLong(row.split("\\|")[0]), row);
        }
        NavigableMap<Long, Long> orders = versions(session, "orders");
        NavigableMap<Long, Long> items = versions(session, "items");
        TreeSet<Long> batches = new TreeSet<>(orders.keySet());
        batches.addAll(items.keySet());
        assertTrue(batches.size() > 5, () -> "only the batches " + batches);
        for (long batch : batches) {
            Map<Long, long[]> seen = new TreeMap<>();
            count(session, "orders", orders.floorEntry(batch), seen, 0);
            count(session, "items", items.floorEntry(batch), seen, 1);
            seen.forEach((transaction, counts) -> assertEquals(
                    transactions.get(transaction),
                    transaction + "|" + counts[0] + "|" + counts[1],
                    () -> "after batch " + batch));
        }
    }

    /// Which version each batch has made.
    private NavigableMap<Long, Long> versions(Session session, String table) {
        NavigableMap<Long, Long> versions = new TreeMap<>();
        for (Row row : DeltaTable.forPath(session, path(table))
                .history()
                .selectExpr("operationParameters['epochId']", "version")
                .collectAsList()) {
            if (!row.isNullAt(0)) {
                versions.put(Long.parseLong(row.getString(0)), row.getLong(1));
            }
        }
        return versions;
    }

    private void count(
            Session session, String table, Map.Entry<Long, Long> version, Map<Long, long[]> seen, int column) {
        if (version == null) {
            return;
        }
        for (Row row : session.read()
                .format("delta")
                .option("versionAsOf", version.getValue())
                .load(path(table))
                .select("tx")
                .collectAsList()) {
            seen.computeIfAbsent((long) row.getInt(0), _ -> new long[2])[column]++;
        }
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
