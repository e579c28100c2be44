package dev.headrace.benchmarks.landing;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.benchmarks.Events;
import dev.headrace.benchmarks.WorkDirectory;
import dev.headrace.delta.DeltaTable;
import dev.headrace.demo.KafkaBroker;
import dev.headrace.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Change events into a Delta table: the time that batches take counts, not the time between them.
///
/// First in batches of 250,000 with triggers a second apart, into a table that is empty, and into the same one when it
/// has grown to 10 and to 50 million rows. Then in a thousand small batches: how long each hundred of them takes, how
/// many files the table has, and how much is written. What both engines have been given, their tables must hold in the
/// end.
///
/// The system properties `landing.engines` (`headrace,spark`) and `landing.parts` (`growing,small`) leave one out,
/// `landing.sparkBatches` gives Spark fewer of the small batches.
public final class LandingBenchmark {
    static final int SMALL_BATCHES = 1_000;

    private static final int BATCH = 250_000;
    private static final long[] SIZES = {0, 10_000_000, 50_000_000};
    private static final int SMALL_BATCH = 2_000;
    private static final int HUNDRED = 100;
    private static final double MILLION = 1e6;

    private final Session session;
    private final LandingEngine engine;
    private final Path directory;

    private LandingBenchmark(Session session, LandingEngine engine, Path directory) {
        this.session = session;
        this.engine = engine;
        this.directory = directory;
    }

    public static void run() throws Exception {
        List<String> engines =
                List.of(System.getProperty("landing.engines", "headrace,spark").split(","));
        List<String> parts =
                List.of(System.getProperty("landing.parts", "growing,small").split(","));
        int sparkBatches = Integer.getInteger("landing.sparkBatches", SMALL_BATCHES);
        Path directory = WorkDirectory.create();
        for (String name : engines) {
            Files.createDirectory(directory.resolve(name));
        }
        try (KafkaBroker broker = KafkaBroker.start(KafkaBroker.Size.SERVER, Map.of())) {
            broker.createTopics(Map.of("grown", 2, "small", 2));
            Session session = Session.builder()
                    .appName("landing")
                    .config("spark.sql.streaming.numRecentProgressUpdates", 2 * SMALL_BATCHES)
                    .getOrCreate();
            for (String name : engines) {
                try (LandingEngine engine = name.equals("headrace")
                        ? new HeadraceLanding(session, new Events(broker, 2))
                        : new SparkLanding(sparkBatches)) {
                    LandingBenchmark landing = new LandingBenchmark(session, engine, directory.resolve(name));
                    if (parts.contains("growing")) {
                        landing.growing();
                    }
                    if (parts.contains("small")) {
                        landing.inSmallBatches();
                    }
                }
            }
            if (engines.size() == 2 && parts.contains("small") && sparkBatches == SMALL_BATCHES) {
                compare(session, directory, engines);
            }
            session.stop();
        }
    }

    private static void compare(Session session, Path directory, List<String> engines) {
        List<String> rows = engines.stream()
                .map(name -> session.read()
                        .format("delta")
                        .load(directory.resolve(name).resolve("small").toString())
                        .selectExpr(
                                "count(*)",
                                "sum(id)",
                                "sum(amount)",
                                "sum(xxhash64(id, customer, amount, status) % 65536)")
                        .head()
                        .toString())
                .toList();
        if (!rows.getFirst().equals(rows.getLast())) {
            throw new IllegalStateException("The tables differ: " + rows);
        }
        System.out.println("landing: both tables hold the same rows: " + rows.getFirst());
    }

    private void growing() throws Exception {
        ChangeFeed feed = new ChangeFeed();
        Path table = directory.resolve("grown");
        int batches = engine.largeBatches();
        for (long size : SIZES) {
            if (size > feed.nextKey()) {
                engine.fill(table, feed.nextKey(), size);
                feed.passTo(size);
            }
            engine.give(table, feed.next(BATCH * batches), BATCH);
            // The first ones compile.
            List<Double> rates = engine.land(table, BATCH, Trigger.ProcessingTime("1 second")).stream()
                    .skip(size == 0 ? batches / 3 : 1)
                    .map(millis -> BATCH * 1e3 / Math.max(1, millis))
                    .sorted()
                    .toList();
            System.out.printf(
                    Locale.ROOT,
                    "landing, %s: table of %,.1f million rows: median of %d batches %,.0f events/s (%,.0f to %,.0f)%n",
                    engine.name(),
                    session.read().format("delta").load(table.toString()).count() / MILLION,
                    rates.size(),
                    rates.get(rates.size() / 2),
                    rates.getFirst(),
                    rates.getLast());
        }
    }

    private void inSmallBatches() throws Exception {
        ChangeFeed feed = new ChangeFeed();
        Path table = directory.resolve("small");
        engine.give(table, feed.next(SMALL_BATCH * engine.smallBatches()), SMALL_BATCH);
        List<Long> times = engine.land(table, SMALL_BATCH, Trigger.ProcessingTime(0));
        List<Row> commits = commits(table);
        long files = 0;
        long bytes = 0;
        for (int from = 0; from + HUNDRED <= times.size(); from += HUNDRED) {
            List<Long> hundred =
                    times.subList(from, from + HUNDRED).stream().sorted().toList();
            long most = 0;
            for (Row commit : commits.subList(from, from + HUNDRED)) {
                files += commit.getLong(0) - commit.getLong(1);
                most = Math.max(most, files);
                bytes += commit.getLong(2);
            }
            System.out.printf(
                    Locale.ROOT,
                    "landing, %s: batches %d to %d of %,d changes: median %d ms, slowest %d ms; at most %d files%n",
                    engine.name(),
                    from,
                    from + HUNDRED - 1,
                    SMALL_BATCH,
                    hundred.get(HUNDRED / 2),
                    hundred.getLast(),
                    most);
        }
        System.out.printf(
                Locale.ROOT,
                "landing, %s: %,d files and %,.1f million rows in the end; written %,.1f MB, %.2f times the %,.1f MB of the"
                        + " messages, %,.0f bytes for a change%n",
                engine.name(),
                files,
                session.read().format("delta").load(table.toString()).count() / MILLION,
                bytes / MILLION,
                (double) bytes / feed.bytes(),
                feed.bytes() / MILLION,
                (double) bytes / ((long) SMALL_BATCH * times.size()));
    }

    /// Files added, files removed and bytes added by each commit that has written rows.
    private List<Row> commits(Path table) {
        return new ArrayList<>(DeltaTable.forPath(session, table.toString())
                .history()
                .where("operationMetrics['numTargetFilesAdded'] IS NOT NULL")
                .orderBy("version")
                .selectExpr(
                        "CAST(operationMetrics['numTargetFilesAdded'] AS BIGINT)",
                        "CAST(operationMetrics['numTargetFilesRemoved'] AS BIGINT)",
                        "CAST(operationMetrics['numTargetBytesAdded'] AS BIGINT)")
                .collectAsList());
    }
}
