package dev.headrace.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PostgreSQL under load, Debezium, Kafka and Headrace, each a process that is killed: the table equals PostgreSQL's
/// row by row, and the history equals what its triggers have noted.
class DebeziumLandingIT {
    private static final String TOPIC = "shop.public.orders";
    private static final String ROW =
            "id bigint, customer string, amount decimal(12,2), note string, remark string, placed timestamp";

    @TempDir
    Path directory;

    private KafkaBroker broker;
    private Postgres postgres;
    private ShopTraffic traffic;
    private DebeziumConnector connector;
    private WatchedProcess landing;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        session = Session.builder().appName("check").getOrCreate();
        broker = KafkaBroker.start();
        broker.createTopics(Map.of(TOPIC, 2));
        postgres = Postgres.start();
        traffic = new ShopTraffic(postgres, 7);
        awaitTransactions(100);
        // The snapshot is taken while rows change.
        connector = new DebeziumConnector(directory, postgres.port(), broker.bootstrapServers());
        landing = land();
    }

    @AfterEach
    void stop() {
        if (landing != null) {
            landing.kill();
        }
        if (connector != null) {
            connector.close();
        }
        if (traffic != null) {
            traffic.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        if (broker != null) {
            broker.close();
        }
        session.stop();
    }

    @Test
    void theTablesEqualPostgresWhicheverPartIsKilled() throws Exception {
        await(
                "changes behind the snapshot",
                () -> Files.exists(directory.resolve("latest/_delta_log/00000000000000000000.json"))
                        && session.read()
                                        .format("delta")
                                        .load(directory.resolve("latest").toString())
                                        .select("_sequence")
                                        .distinct()
                                        .count()
                                > 1);
        long streamedFrom = Long.parseLong(
                ShopTraffic.rows(postgres, "select max(seq) from audit").getFirst());

        postgres.killAndRestart();
        awaitTransactions(100);
        connector.killAndRestart();
        awaitTransactions(100);
        landing.kill();
        landing = land();
        awaitTransactions(100);
        broker.kill();
        broker.restart();
        awaitTransactions(100);
        traffic.addStatus();
        awaitTransactions(200);
        traffic.renameNote();
        awaitTransactions(200);
        landing.kill();
        landing = land();
        traffic.close();

        List<String> expected = ShopTraffic.rows(
                postgres,
                "select id, customer, amount, remark, (extract(epoch from placed) * 1000000)::bigint, status from orders"
                        + " order by id");
        awaitEqual(expected);
        await("the history", () -> historyFaults(streamedFrom).isEmpty());
        assertEquals(List.of(), different(expected, latest()));
        assertEquals(List.of(), historyFaults(streamedFrom));
    }

    private void awaitEqual(List<String> expected) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(240).toNanos();
        while (!expected.equals(latest()) && System.nanoTime() < deadline) {
            keepRunning();
            TimeUnit.MILLISECONDS.sleep(200);
        }
        assertEquals(List.of(), different(expected, latest()), () -> connector.output() + landing.output());
    }

    /// What only one of them has, each row shortened.
    private static List<String> different(List<String> expected, List<String> found) {
        List<String> rows = new ArrayList<>();
        expected.stream().filter(row -> !found.contains(row)).forEach(row -> rows.add("PostgreSQL: " + brief(row)));
        found.stream().filter(row -> !expected.contains(row)).forEach(row -> rows.add("Delta: " + brief(row)));
        return rows;
    }

    private static String brief(String row) {
        return row.length() < 200 ? row : row.substring(0, 60) + "..." + row.substring(row.length() - 60);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(240).toNanos();
        while (!condition.holds()) {
            keepRunning();
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "waited for " + what + ":\n" + connector.output() + landing.output());
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /// Starts again what has given up while another part was away.
    private void keepRunning() throws IOException {
        if (connector != null) {
            connector.keepRunning();
        }
        if (landing != null && !landing.isAlive()) {
            assertTrue(landing.endedWith(LandingQuery.TRY_AGAIN), () -> "the query has ended:\n" + landing.output());
            landing = land();
        }
    }

    private void awaitTransactions(int more) throws Exception {
        int until = traffic.transactions() + more;
        long deadline = System.nanoTime() + Duration.ofSeconds(240).toNanos();
        while (traffic.transactions() < until) {
            keepRunning();
            assertTrue(System.nanoTime() < deadline, () -> "no transactions:\n" + postgres.output());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private List<String> latest() {
        List<String> rows = new ArrayList<>();
        DataFrame table =
                session.read().format("delta").load(directory.resolve("latest").toString());
        if (!List.of(table.columns()).contains("status")) {
            return List.of("the column 'status' has not come yet");
        }
        if (!List.of(table.columns()).contains("remark")) {
            return List.of("the column 'note' has not been renamed yet");
        }
        for (Row row : table.select("id", "customer", "amount", "remark", "placed", "status")
                .orderBy("id")
                .collectAsList()) {
            BigDecimal amount = row.getDecimal(2);
            Instant placed = row.getTimestamp(4).toInstant();
            rows.add(row.getLong(0) + "|" + row.getString(1) + "|" + (amount == null ? null : amount.toPlainString())
                    + "|" + row.getString(3) + "|" + ChronoUnit.MICROS.between(Instant.EPOCH, placed) + "|"
                    + row.getString(5));
        }
        return rows;
    }

    /// One thing that a trigger has noted.
    private record Noted(long number, boolean deleted, String customer) {}

    /// One version in the history.
    private record Version(String customer, long from, Long to, boolean current) {}

    private List<String> historyFaults(long streamedFrom) throws Exception {
        TreeMap<Long, List<Noted>> noted = new TreeMap<>();
        for (String row : ShopTraffic.rows(postgres, "select seq, op, id, customer from audit order by seq")) {
            String[] values = row.split("\\|");
            noted.computeIfAbsent(Long.parseLong(values[2]), _ -> new ArrayList<>())
                    .add(new Noted(Long.parseLong(values[0]), values[1].equals("d"), values[3]));
        }
        TreeMap<Long, List<Version>> found = new TreeMap<>();
        for (Row row : session.read()
                .format("delta")
                .load(directory.resolve("history").toString())
                .select("id", "customer", "valid_from", "valid_to", "is_current")
                .orderBy("id", "valid_from")
                .collectAsList()) {
            found.computeIfAbsent(row.getLong(0), _ -> new ArrayList<>())
                    .add(new Version(
                            row.getString(1),
                            row.getLong(2),
                            row.isNullAt(3) ? null : (Long) row.getLong(3),
                            row.getBoolean(4)));
        }
        List<String> faults = new ArrayList<>();
        noted.forEach((id, events) -> compare(id, events, found.getOrDefault(id, List.of()), streamedFrom, faults));
        return faults;
    }

    /// The snapshot begins somewhere among what was noted: from there on all must be there.
    private static void compare(
            long id, List<Noted> events, List<Version> versions, long streamedFrom, List<String> faults) {
        int next = versions.size();
        boolean deletedAfter = false;
        Version later = null;
        for (Noted event : events.reversed()) {
            if (event.deleted()) {
                deletedAfter = true;
                continue;
            }
            if (next == 0) {
                if (event.number() > streamedFrom) {
                    faults.add(id + ": no version of " + event);
                }
                return;
            }
            Version version = versions.get(--next);
            boolean ends = later == null
                    ? deletedAfter == (version.to() != null)
                    : version.to() != null
                            && (deletedAfter
                                    ? version.to() <= later.from()
                                    : version.to().longValue() == later.from());
            if (!version.customer().equals(event.customer()) || !ends || version.current() != (version.to() == null)) {
                faults.add(id + ": " + version + " before " + later + " for " + event);
                return;
            }
            later = version;
            deletedAfter = false;
        }
        if (next > 0) {
            faults.add(id + ": versions of nothing: " + versions.subList(0, next));
        }
    }

    private WatchedProcess land() throws IOException {
        return WatchedProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LandingQuery.class.getName(),
                        broker.bootstrapServers(),
                        TOPIC,
                        ROW,
                        directory.toString()),
                directory.resolve("landing.txt"));
    }
}
