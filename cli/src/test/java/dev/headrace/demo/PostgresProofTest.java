package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProofTest {
    @TempDir
    private Path directory;

    private static OrderVersion version(long id, String status, long from, long to) {
        return new OrderVersion(id, "ann", status, 500, from, to == 0 ? OptionalLong.empty() : OptionalLong.of(to));
    }

    private List<String> verdict(List<OrderVersion> latest, List<OrderVersion> history) throws Exception {
        Path rows = Files.write(directory.resolve("rows"), List.of("1|ann|paid|500"));
        Path changes = Files.write(
                directory.resolve("changes"),
                List.of("1|u|ann|created|500", "1|u|ann|paid|500", "2|u|ann|created|500", "2|d|||"));
        return PostgresProof.of(rows, changes, latest.stream(), history.stream())
                .lines();
    }

    @Test
    void tablesThatAreRightHold() throws Exception {
        assertEquals(
                List.of(
                        "✓ PostgreSQL: 4 changes of 2 orders",
                        "✓ latest: 1 rows, each as it is in PostgreSQL",
                        "✓ history: 3 versions, each as it was in PostgreSQL, one after the other"),
                verdict(
                        List.of(version(1, "paid", 20, 0)),
                        List.of(
                                version(1, "paid", 20, 0),
                                version(2, "created", 15, 30),
                                version(1, "created", 10, 20))));
    }

    @Test
    void whatIsMissingOrTooMuchIsShown() throws Exception {
        assertEquals(
                List.of(
                        "✓ PostgreSQL: 4 changes of 2 orders",
                        "✗ latest: 1 rows, not all right",
                        "    too much: 1|ann|created|500",
                        "    missing: 1|ann|paid|500",
                        "✗ history: 1 versions, not all right",
                        "    order 1: 2 versions in PostgreSQL, but 0",
                        "    order 2: 1 versions in PostgreSQL, but 0",
                        "    of no order: " + version(3, "paid", 1, 0)),
                verdict(List.of(version(1, "created", 10, 0)), List.of(version(3, "paid", 1, 0))));
    }

    @Test
    void versionsThatDoNotFollowOneAnotherAreShown() throws Exception {
        List<String> lines = verdict(
                Stream.of(version(1, "paid", 20, 0)).toList(),
                List.of(version(1, "created", 10, 19), version(1, "paid", 20, 0), version(2, "created", 15, 0)));

        assertEquals(
                List.of(
                        "✗ history: 3 versions, not all right",
                        "    order 1: expected u|ann|created|500, found " + version(1, "created", 10, 19),
                        "    order 2: expected u|ann|created|500, found " + version(2, "created", 15, 0)),
                lines.subList(2, 5));
    }
}
