package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoRunIT {
    @TempDir
    Path parent;

    @Test
    void theEngineIsKilledOnceStartedAgainAndAskedToFinish() throws IOException {
        DemoDirectory directory = DemoDirectory.take(parent.resolve("demo"));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        DemoRun run = new DemoRun(
                new DemoRun.Settings(
                        Traffic.ofRate(2_000),
                        Duration.ofSeconds(4),
                        IdleEngine.class.getName(),
                        List.of(DemoRun.CLICKS),
                        Scenario.SHOP::open),
                directory,
                new LiveScreen(out, false, 80, System.nanoTime()));

        run.run(() -> true);

        Ledger ledger = Ledger.open(directory.ledger());
        assertTrue(ledger.clicks() > 4_000, "clicks: " + ledger.clicks());
        List<String> said = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("  "))
                .toList();
        String broker = said.getFirst().replaceAll("A Kafka broker runs at (\\S+) .*", "$1");
        assertEquals(
                List.of("started with " + broker, "started with " + broker, "asked to finish"),
                Files.readAllLines(directory.root().resolve("notes")));
        assertTrue(
                said.get(1).matches("After 2 s the engine \\(process \\d+\\) was killed with SIGKILL."), said.get(1));
        assertTrue(
                said.get(2)
                        .matches(
                                "It was started again from its checkpoints and is back after .* s \\(process \\d+\\)."),
                said.get(2));
        assertTrue(said.get(3).startsWith("The traffic has ended: "), said.get(3));
    }
}
