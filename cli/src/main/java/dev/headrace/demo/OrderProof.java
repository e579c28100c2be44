package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import dev.headrace.demo.OrderChange.Op;
import dev.headrace.demo.Verdict.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Computes from the ledger how many orders there are in each status, and compares.
final class OrderProof {

    private OrderProof() {}

    /// Checks the counts of orders per status: of each order the latest change counts, and a deleted order is gone.
    ///
    /// @param ledger what was sent
    /// @param counts the result of the query; a status without orders may be there with 0 or be absent
    static Check everyCountRight(Ledger ledger, Map<String, Long> counts) {
        Map<Long, OrderChangeSent> latest = new HashMap<>();
        ledger.forEach(entry -> {
            if (entry instanceof OrderChangeSent change) {
                latest.merge(change.orderId(), change, (a, b) -> a.lsn() > b.lsn() ? a : b);
            }
        });
        Map<String, Long> expected = new TreeMap<>();
        latest.values().stream()
                .filter(change -> change.op() != Op.DELETE)
                .forEach(change -> expected.merge(change.status().text(), 1L, Long::sum));
        List<String> evidence = new ArrayList<>();
        TreeSet<String> statuses = new TreeSet<>(expected.keySet());
        statuses.addAll(counts.keySet());
        for (String status : statuses) {
            long right = expected.getOrDefault(status, 0L);
            long found = counts.getOrDefault(status, 0L);
            if (found != right) {
                evidence.add(String.format(Locale.ROOT, "%s: %,d instead of %,d", status, found, right));
            }
        }
        long orders = expected.values().stream().mapToLong(Long::longValue).sum();
        String claim = String.format(
                Locale.ROOT,
                "orders: %,d changes sent, %,d orders now, %s",
                ledger.orderChanges(),
                orders,
                evidence.isEmpty() ? "the counts of all statuses right" : "wrong counts");
        return Check.of(claim, evidence);
    }
}
