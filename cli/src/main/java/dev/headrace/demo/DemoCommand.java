package dev.headrace.demo;

import dev.headrace.Session;
import dev.headrace.demo.DemoRun.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `headrace demo`. Its exit code is 0 if the proof holds and 10 if it does not.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Shows Kafka to Delta, exactly once: kills the engine in the middle and proves the tables.",
        description = {
            "Starts a real Kafka broker and a shop that sends clicks and order changes, runs three streaming queries"
                    + " against them, kills their process with SIGKILL after half of the time, starts it again, and at the"
                    + " end compares the tables with a ledger of every event that Kafka has acknowledged.",
            "With 'cdc', lands the changes of a table of orders instead: in a table that is like the one at the source, and"
                    + " in one of all versions of its rows. At the end both are compared with the source row by row. The table"
                    + " is in PostgreSQL, and Debezium tells its changes, if PostgreSQL is installed; else a generator plays"
                    + " both.",
            "Exit code 0 says that the proof holds, 10 that it does not."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int PROOF_FAILED = 10;
    private static final int MIN_SECONDS = 10;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            converter = ScenarioName.class,
            description = "What to show: 'shop' or 'cdc' (default: shop).")
    private Scenario scenario = Scenario.SHOP;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long the traffic lasts (default: ${DEFAULT-VALUE}).")
    private int seconds = 50;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Clicks per second, and a tenth as many order changes (default: 20000); with 'cdc', order"
                    + " changes per second (default: 5000).")
    private @Nullable Integer chosenRate;

    @Option(
            names = "--generator",
            description = "With 'cdc': a generator plays the database, even if PostgreSQL is installed.")
    private boolean generator;

    @Option(names = "--keep", description = "Keep everything running after that, until Enter is pressed.")
    private boolean keep;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "Where tables, checkpoints and the ledger are kept (default: target/demo of the source tree).")
    private @Nullable Path chosenDirectory;

    private volatile boolean done;

    @Override
    public Integer call() {
        checkOptions();
        DemoDirectory directory =
                DemoDirectory.take(Optional.ofNullable(chosenDirectory).orElseGet(DemoCommand::usualDirectory));
        // Kafka's clients report each lost connection; that is not for the screen.
        System.setProperty("org.slf4j.simpleLogger.logFile", directory.demoLog().toString());
        Thread cleaner = new Thread(() -> cleanUp(directory), "demo-exit");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            return run(directory);
        } catch (RuntimeException e) {
            waitIfStopped();
            throw e;
        }
    }

    private int run(DemoDirectory directory) {
        Optional<String> withoutDatabase = chooseDatabase();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Terminal terminal = Terminal.detect();
        LiveScreen screen = new LiveScreen(out, terminal.interactive(), terminal.columns(), System.nanoTime());
        Settings settings = new Settings(
                scenario.traffic(rate()),
                Duration.ofSeconds(seconds),
                scenario.engineMain(),
                scenario.queries(),
                scenario::open);
        DemoRun run = new DemoRun(settings, directory, screen);
        scenario.introduction().forEach(screen::say);
        withoutDatabase.ifPresent(screen::say);
        run.run(keep ? new EnterWatch(screen) : () -> true);
        Verdict verdict;
        try (Session session = Session.builder().appName("headrace demo").getOrCreate()) {
            verdict = scenario.verdict(run, directory, session);
        }
        done = true;
        verdict.lines().forEach(screen::say);
        epilogue(verdict, directory).forEach(screen::say);
        return verdict.holds() ? 0 : PROOF_FAILED;
    }

    /// Takes the real database if it is there.
    ///
    /// @return why it does not, if somebody may wonder
    private Optional<String> chooseDatabase() {
        if (scenario != Scenario.CDC || generator) {
            return Optional.empty();
        }
        if (PostgresServer.installed().isEmpty()) {
            return Optional.of("PostgreSQL is not installed (Debian: apt install postgresql), so a generator plays the"
                    + " database and Debezium.");
        }
        if (DebeziumProcess.built().isEmpty()) {
            return Optional.of("Debezium's jars are not there ('mvn -pl integration-tests/debezium -am process-classes'"
                    + " fetches them), so a generator plays PostgreSQL and Debezium.");
        }
        scenario = Scenario.POSTGRES;
        return Optional.empty();
    }

    private List<String> epilogue(Verdict verdict, DemoDirectory directory) {
        List<String> lines = new ArrayList<>();
        lines.add(verdict.holds() ? "The proof holds." : "The proof does NOT hold.");
        lines.add("");
        lines.add("The tables are kept until the next demo; any Delta reader can open them:");
        scenario.tables().forEach(table -> lines.add("  " + directory.table(table)));
        lines.add("Beside them are the checkpoints, the ledger of all events and the engine's log.");
        lines.add("Next: '--keep' keeps running, '--rate 50000' sends more. The queries are in");
        lines.add("cli/src/main/java/" + scenario.engineMain().replace('.', '/') + ".java.");
        return lines;
    }

    private int rate() {
        return chosenRate == null ? scenario.usualRate() : chosenRate;
    }

    private void checkOptions() {
        if (seconds < MIN_SECONDS || rate() < 1) {
            String wrong = seconds < MIN_SECONDS
                    ? "--seconds is '" + seconds + "'; it must be at least " + MIN_SECONDS + "."
                    : "--rate is '" + rate() + "'; it must be at least 1.";
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), wrong);
        }
    }

    private static final class ScenarioName implements ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String name) {
            return switch (name) {
                case "shop" -> Scenario.SHOP;
                case "cdc" -> Scenario.CDC;
                default -> throw new TypeConversionException("'" + name + "' is no demo: there are 'shop' and 'cdc'.");
            };
        }
    }

    private static Path usualDirectory() {
        String home = System.getProperty("headrace.home");
        return home == null ? ScratchDirectory.create("headrace-demo-").path() : Path.of(home, "target", "demo");
    }

    /// Becomes true when Enter is pressed. Where there is nothing to press, it never does.
    private static final class EnterWatch implements BooleanSupplier {
        private final LiveScreen screen;
        private final Thread reader = Thread.ofPlatform().daemon().name("enter").unstarted(this::read);
        private volatile boolean pressed;

        EnterWatch(LiveScreen screen) {
            this.screen = screen;
        }

        @Override
        public boolean getAsBoolean() {
            if (reader.getState() == Thread.State.NEW) {
                screen.say("Everything keeps running. Press Enter for the proof, Ctrl-C to stop at once.");
                reader.start();
            }
            return pressed;
        }

        private void read() {
            try {
                int read = System.in.read();
                while (read >= 0 && read != '\n') {
                    read = System.in.read();
                }
                pressed = read == '\n';
            } catch (IOException e) {
                System.err.println("standard input failed; only Ctrl-C ends the demo now: " + e);
            }
        }
    }

    /// When the demo is stopped on its way: no process, and no half-made tables are left behind.
    private void cleanUp(DemoDirectory directory) {
        ProcessHandle.current().children().forEach(child -> {
            child.destroyForcibly();
            child.onExit().join();
        });
        if (!done && !keep) {
            directory.delete();
        }
    }

    /// Ctrl-C reaches the engine's process as well as this one. If it makes the run fail here, then because everything
    /// ends, and there is nothing to report.
    private static void waitIfStopped() {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
            Thread probe = new Thread(() -> {});
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
        } catch (IllegalStateException ending) {
            waitForEver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitForEver() {
        while (true) {
            LockSupport.park();
        }
    }
}
