package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// One run of the demo, from the broker's start to the verdict.
final class DemoRun {
    /// The query that appends clicks to a Delta table.
    static final String CLICKS = "clicks";

    /// The query that sums up revenue per product and minute into a Delta table.
    static final String REVENUE = "revenue";

    /// The query that counts orders per status on the console.
    static final String ORDERS = "orders";

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);

    private final Settings settings;
    private final DemoDirectory directory;
    private final LiveScreen screen;
    private final ProgressView view;
    private final AtomicReference<Map<String, Long>> ordersByStatus = new AtomicReference<>(Map.of());
    private volatile boolean engineRuns;

    /// How to run.
    ///
    /// @param traffic what the shop sends
    /// @param duration for how long it is sent; the engine is killed after half of it
    /// @param engineMain the main class of the engine's process; its arguments are the broker's address and the
    ///     directory
    /// @param queries the names of the queries that run there
    /// @param shop starts what sends the traffic
    record Settings(Traffic traffic, Duration duration, String engineMain, List<String> queries, ShopStart shop) {}

    /// Starts what sends a demo's traffic to a broker, whose topics are there.
    @FunctionalInterface
    interface ShopStart {
        Shop start(KafkaBroker broker, Traffic traffic, DemoDirectory directory, LiveScreen screen);
    }

    DemoRun(Settings settings, DemoDirectory directory, LiveScreen screen) {
        this.settings = settings;
        this.directory = directory;
        this.screen = screen;
        this.view = new ProgressView(settings.queries());
    }

    /// Runs it until the queries have read everything and the engine and the broker are gone.
    ///
    /// @param mayEnd asked again and again after the timed part; everything keeps running until it says yes
    void run(BooleanSupplier mayEnd) {
        long start = System.nanoTime();
        try (KafkaBroker broker = KafkaBroker.start()) {
            ShopGenerator.createTopics(broker);
            screen.say(String.format(
                    Locale.ROOT,
                    "A Kafka broker runs at %s (process %d, up in %.1f s).",
                    broker.bootstrapServers(),
                    broker.pid(),
                    secondsSince(start)));
            try (Shop shop = settings.shop().start(broker, settings.traffic(), directory, screen)) {
                runEngines(broker, shop, mayEnd);
            }
        }
    }

    private void runEngines(KafkaBroker broker, Shop shop, BooleanSupplier mayEnd) {
        long start = System.nanoTime();
        Duration half = settings.duration().dividedBy(2);
        try (EngineProcess first = startEngine(broker)) {
            watch(shop, first, () -> elapsed(start).compareTo(half) >= 0 && engineRuns);
            long pid = first.pid();
            first.kill();
            screen.say("After " + half.toSeconds() + " s the engine (process " + pid + ") was killed with SIGKILL.");
        }
        long killed = System.nanoTime();
        try (EngineProcess second = startEngine(broker)) {
            watch(shop, second, () -> engineRuns);
            screen.say(String.format(
                    Locale.ROOT,
                    "It was started again from its checkpoints and is back after %.1f s (process %d).",
                    secondsSince(killed),
                    second.pid()));
            watch(shop, second, () -> elapsed(start).compareTo(settings.duration()) >= 0 && mayEnd.getAsBoolean());
            shop.finish();
            screen.say("The traffic has ended: "
                    + (settings.traffic().clicksPerSecond() == 0
                            ? ""
                            : String.format(Locale.ROOT, "%,d clicks and ", shop.clicks()))
                    + String.format(Locale.ROOT, "%,d order changes. The queries read the rest.", shop.orderChanges()));
            second.askToFinish();
            long asked = System.nanoTime();
            watch(shop, second, () -> {
                if (elapsed(asked).compareTo(CATCH_UP_LIMIT) > 0) {
                    throw new UnavailableException(
                            "DEMO_TOO_SLOW",
                            "The queries did not catch up within " + CATCH_UP_LIMIT.toSeconds()
                                    + " s. Choose a lower rate with --rate.");
                }
                return second.hasFinished();
            });
        }
    }

    private EngineProcess startEngine(KafkaBroker broker) {
        engineRuns = false;
        view.engine("starting");
        List<String> arguments =
                List.of(broker.bootstrapServers(), directory.root().toString());
        ConsoleTable console = new ConsoleTable();
        return EngineProcess.start(
                settings.engineMain(), arguments, directory.engineLog(), event -> onEvent(event, console));
    }

    private void onEvent(EngineEvent event, ConsoleTable console) {
        switch (event) {
            case EngineEvent.Started() -> {
                view.engine("running");
                engineRuns = true;
            }
            case EngineEvent.Progressed(QueryProgress progress) -> view.progressed(System.nanoTime(), progress);
            case EngineEvent.Finished() -> view.engine("has read everything and stopped");
            case EngineEvent.Printed(String line) ->
                console.accept(line).ifPresent(counts -> {
                    ordersByStatus.set(counts.byStatus());
                    view.counted(counts);
                });
        }
    }

    /// Shows the view until the condition holds.
    private void watch(Shop shop, EngineProcess engine, BooleanSupplier end) {
        while (!end.getAsBoolean()) {
            engine.hasFinished();
            long now = System.nanoTime();
            view.sent(now, shop.clicks(), shop.orderChanges());
            screen.show(view.lines(now), now);
            try {
                TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The demo was interrupted.", e);
            }
        }
    }

    /// What is sent.
    Traffic traffic() {
        return settings.traffic();
    }

    /// Compares what the queries have made with what was sent.
    ///
    /// @param tables reads what they have written
    Verdict verdict(DemoTables tables) {
        Path checkpoint = directory.checkpoint(REVENUE);
        try (Stream<ClickRow> clicks = tables.clicks()) {
            return Proof.of(
                    Ledger.open(directory.ledger()),
                    clicks,
                    BatchCut.readAll(checkpoint, ShopGenerator.CLICKS),
                    tables.windows(),
                    ordersByStatus.get());
        }
    }

    private static Duration elapsed(long sinceNanos) {
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }

    private static double secondsSince(long sinceNanos) {
        return elapsed(sinceNanos).toMillis() / 1_000.0;
    }
}
