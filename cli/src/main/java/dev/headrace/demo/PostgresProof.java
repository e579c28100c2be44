package dev.headrace.demo;

import dev.headrace.demo.Verdict.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The proof of `headrace demo cdc` with PostgreSQL: the tables, compared with PostgreSQL's rows and with what its
/// triggers have noted.
///
/// Both are files with a line per row, values with bars between them: `id|customer|status|total_cents`, and
/// `id|op|customer|status|total_cents` by id and then in order of time. An id comes once: a deleted order stays away.
final class PostgresProof {
    private static final int MOST_EVIDENCE = 5;

    private PostgresProof() {}

    /// Compares everything.
    ///
    /// @param rows the file of rows
    /// @param changes the file of changes
    /// @param latest the rows of the table that is like PostgreSQL's; consumed
    /// @param history the rows of the table of all versions; consumed
    static Verdict of(Path rows, Path changes, Stream<OrderVersion> latest, Stream<OrderVersion> history) {
        List<String> expected = lines(rows);
        Map<Long, List<String>> noted = new HashMap<>();
        long count = 0;
        for (String line : lines(changes)) {
            int bar = line.indexOf('|');
            noted.computeIfAbsent(Long.parseLong(line.substring(0, bar)), _ -> new ArrayList<>())
                    .add(line.substring(bar + 1));
            count++;
        }
        return new Verdict(List.of(
                Check.of(
                        String.format(Locale.ROOT, "PostgreSQL: %,d changes of %,d orders", count, noted.size()),
                        List.of()),
                latest(expected, latest),
                history(noted, history)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        }
    }

    private static Check latest(List<String> expected, Stream<OrderVersion> found) {
        Map<String, Integer> missing = new HashMap<>();
        expected.forEach(row -> missing.merge(row, 1, Integer::sum));
        List<String> evidence = new ArrayList<>();
        try (found) {
            found.map(row -> row.id() + "|" + content(row)).forEach(row -> {
                if (missing.remove(row) == null) {
                    evidence.add("too much: " + row);
                }
            });
        }
        missing.keySet().forEach(row -> evidence.add("missing: " + row));
        return check("latest: %,d rows, %s", expected.size(), "each as it is in PostgreSQL", evidence);
    }

    private static Check history(Map<Long, List<String>> noted, Stream<OrderVersion> found) {
        Map<Long, List<OrderVersion>> versions = new HashMap<>();
        long count = 0;
        try (found) {
            for (OrderVersion version : found.toList()) {
                versions.computeIfAbsent(version.id(), _ -> new ArrayList<>()).add(version);
                count++;
            }
        }
        List<String> evidence = new ArrayList<>();
        noted.forEach((id, changes) -> {
            List<OrderVersion> ofOrder = versions.remove(id);
            String fault = fault(changes, ofOrder == null ? List.of() : ofOrder);
            if (fault != null) {
                evidence.add("order " + id + ": " + fault);
            }
        });
        versions.values().forEach(ofOrder -> evidence.add("of no order: " + ofOrder.getFirst()));
        return check("history: %,d versions, %s", count, "each as it was in PostgreSQL, one after the other", evidence);
    }

    /// What is wrong with the versions of an order.
    private static @Nullable String fault(List<String> changes, List<OrderVersion> versions) {
        List<OrderVersion> inOrder = versions.stream()
                .sorted(Comparator.comparingLong(OrderVersion::from))
                .toList();
        boolean deleted = changes.getLast().startsWith("d|");
        int expected = deleted ? changes.size() - 1 : changes.size();
        if (inOrder.size() != expected) {
            return expected + " versions in PostgreSQL, but " + inOrder.size();
        }
        for (int i = 0; i < expected; i++) {
            OrderVersion version = inOrder.get(i);
            boolean last = i == expected - 1;
            boolean ends = last
                    ? version.to().isPresent() == deleted
                    : version.to().isPresent()
                            && version.to().getAsLong() == inOrder.get(i + 1).from();
            if (!changes.get(i).equals("u|" + content(version)) || !ends) {
                return "expected " + changes.get(i) + ", found " + version;
            }
        }
        return null;
    }

    private static String content(OrderVersion row) {
        return row.customer() + "|" + row.status() + "|" + row.totalCents();
    }

    private static Check check(String claim, long count, String right, List<String> evidence) {
        return Check.of(
                String.format(Locale.ROOT, claim, count, evidence.isEmpty() ? right : "not all right"),
                evidence.subList(0, Math.min(MOST_EVIDENCE, evidence.size())));
    }
}
