package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

class DeadLettersCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String letters = "";

    @BeforeEach
    void letters() {
        letters = folder.resolve("letters").toString();
        add("('CAST_INVALID_INPUT', 'x is no int', 'clicks', 0, 7, X'78', '{\"value\":\"x\"}'),"
                + " ('CAST_INVALID_INPUT', 'y is no int', 'clicks', 0, 8, X'79', '{\"value\":\"y\"}'),"
                + " ('DIVIDE_BY_ZERO', 'no', NULL, NULL, NULL, NULL, '{\"value\":\"0\"}')");
    }

    private void add(String rows) {
        String sql = "INSERT INTO delta.`" + letters + "` SELECT error, message, CAST(topic AS STRING) AS topic,"
                + " CAST(partition AS INT) AS partition, CAST(offset AS BIGINT) AS offset, CAST(value AS BINARY) AS value,"
                + " row FROM VALUES " + rows + " AS t(error, message, topic, partition, offset, value, row)";
        assertEquals(0, run("sql", "-e", sql), err.toString());
    }

    private int run(String... args) {
        return Main.run(new Root(), new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private int replay(String to, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "dead-letters",
                "replay",
                letters,
                "--to",
                to,
                "--option",
                "path=" + folder.resolve("again"),
                "--checkpoint",
                folder.resolve("checkpoint").toString()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    @Test
    void listSaysHowManyThereAreOfEachError() {
        assertEquals(0, run("dead-letters", "list", letters, "--output", "csv"), err.toString());
        assertEquals(
                "error,topic,rows,example\nCAST_INVALID_INPUT,clicks,2,x is no int\nDIVIDE_BY_ZERO,,1,no\n",
                out.toString().replace("\r\n", "\n"));
    }

    @Test
    void eachLetterIsReplayedOnce() throws IOException {
        assertEquals(0, replay("text", "--where", "topic = 'clicks'"), err.toString());
        add("('CAST_INVALID_INPUT', 'z is no int', 'clicks', 0, 9, X'7A', '{\"value\":\"z\"}')");
        assertEquals(0, replay("text", "--where", "topic = 'clicks'"), err.toString());
        assertEquals(0, replay("text", "--where", "topic = 'clicks'"), err.toString());
        assertEquals(
                List.of("Replayed 2 dead letters.", "Replayed 1 dead letter.", "Replayed 0 dead letters."),
                out.toString().lines().toList());
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("again"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".txt")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertEquals(
                List.of("{\"value\":\"x\"}", "{\"value\":\"y\"}", "{\"value\":\"z\"}"),
                lines.stream().sorted().toList());
    }

    @Test
    void lettersWithoutTheirRecordCannotGoToATopic() {
        assertEquals(1, replay("kafka"));
        assertEquals(
                "[DEAD_LETTERS_WITHOUT_RECORD] 1 of the dead letters do not say their record: value IS NULL OR topic IS"
                        + " NULL. A query must keep the columns topic, partition, offset and value up to what fails. Leave"
                        + " these letters out with --where \"NOT (value IS NULL OR topic IS NULL)\", and replay their rows"
                        + " with --to text.",
                err.toString().strip());
    }

    @Test
    void aTopicIsOnlyForKafka() {
        assertEquals(2, replay("text", "--topic", "clicks"));
        assertTrue(
                err.toString().contains("--topic goes with --to kafka, not with --to text: leave it out."),
                err.toString());
    }

    @Test
    void anotherTableIsRefused() {
        String other = folder.resolve("other").toString();
        assertEquals(0, run("sql", "-e", "INSERT INTO delta.`" + other + "` SELECT 1 AS a"), err.toString());
        assertEquals(1, run("dead-letters", "list", other));
        assertEquals(
                "[NOT_DEAD_LETTERS] " + other + " has the columns [a], but dead letters have [error, message, topic,"
                        + " partition, offset, value, row]. Name the table that deadLettersTo(…) or deadLetters(…) writes.",
                err.toString().strip());
    }

    @Command(
            name = "headrace",
            subcommands = {SqlCommand.class, DeadLettersCommand.class})
    static final class Root {}
}
