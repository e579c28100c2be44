package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import dev.headrace.demo.Verdict.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// The proof of `headrace demo cdc`: the tables, compared row by row with the table at the source and its history.
///
/// What the source's table has been follows from the [Traffic] and the number of changes, which the ledger knows.
final class CdcProof {
    private static final int MOST_EVIDENCE = 5;

    private CdcProof() {}

    /// Compares everything.
    ///
    /// @param ledger what Kafka acknowledged
    /// @param traffic what was sent
    /// @param latest the rows of the table that is like the source's, as versions without an end; consumed
    /// @param history the rows of the table of all versions; consumed
    static Verdict of(Ledger ledger, Traffic traffic, Stream<OrderVersion> latest, Stream<OrderVersion> history) {
        List<OrderVersion> versions = versions(traffic, ledger.orderChanges());
        List<OrderVersion> valid =
                versions.stream().filter(version -> version.to().isEmpty()).toList();
        return new Verdict(List.of(
                everyChangeSent(ledger, traffic),
                same("latest: %,d rows, %s", "each as it is at the source", valid, latest),
                same(
                        "history: %,d versions, %s",
                        "each as it was at the source, from when to when", versions, history)));
    }

    /// All versions that the rows of the source's table have had.
    static List<OrderVersion> versions(Traffic traffic, long changes) {
        OrderBook book = new OrderBook(traffic);
        Map<Long, OrderChange> last = new HashMap<>();
        List<OrderVersion> versions = new ArrayList<>();
        for (long i = 0; i < changes; i++) {
            OrderChange change = book.next();
            OrderChange before = last.put(change.orderId(), change);
            if (before != null) {
                before.after()
                        .ifPresent(
                                row -> versions.add(OrderVersion.of(row, before.lsn(), OptionalLong.of(change.lsn()))));
            }
        }
        last.values()
                .forEach(change -> change.after()
                        .ifPresent(row -> versions.add(OrderVersion.of(row, change.lsn(), OptionalLong.empty()))));
        return versions;
    }

    /// Whether what Kafka has acknowledged is what the source's table went through: each of its changes, once.
    private static Check everyChangeSent(Ledger ledger, Traffic traffic) {
        Set<Long> expected = new HashSet<>();
        OrderBook book = new OrderBook(traffic);
        for (long i = 0; i < ledger.orderChanges(); i++) {
            expected.add(book.next().lsn());
        }
        List<String> evidence = new ArrayList<>();
        ledger.forEach(entry -> {
            if (entry instanceof OrderChangeSent change && !expected.remove(change.lsn())) {
                evidence.add("a change that the source does not know, or twice: " + change);
            }
        });
        expected.forEach(lsn -> evidence.add("not sent: the change with lsn " + lsn));
        return Check.of(String.format(Locale.ROOT, "source: %,d changes sent", ledger.orderChanges()), some(evidence));
    }

    private static Check same(String claim, String right, List<OrderVersion> expected, Stream<OrderVersion> found) {
        Set<OrderVersion> missing = new HashSet<>(expected);
        List<String> evidence = new ArrayList<>();
        try (found) {
            found.forEach(row -> {
                if (!missing.remove(row)) {
                    evidence.add("too much: " + row);
                }
            });
        }
        missing.forEach(row -> evidence.add("missing: " + row));
        return Check.of(
                String.format(Locale.ROOT, claim, expected.size(), evidence.isEmpty() ? right : "not all right"),
                some(evidence));
    }

    private static List<String> some(List<String> evidence) {
        return evidence.subList(0, Math.min(MOST_EVIDENCE, evidence.size()));
    }
}
