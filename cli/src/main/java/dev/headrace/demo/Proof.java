package dev.headrace.demo;

import dev.headrace.demo.Verdict.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The demo's proof: what the three queries have made, compared with the ledger of what was sent.
final class Proof {

    private Proof() {}

    /// Compares everything.
    ///
    /// @param ledger what Kafka acknowledged
    /// @param clicks the rows of the table of clicks, in any order; consumed
    /// @param cuts the batches of the window query, from batch 0 on
    /// @param windows the rows of the table of windows
    /// @param ordersByStatus the last result of the orders query
    static Verdict of(
            Ledger ledger,
            Stream<ClickRow> clicks,
            List<BatchCut> cuts,
            Collection<WindowRow> windows,
            Map<String, Long> ordersByStatus) {
        List<Check> checks = new ArrayList<>();
        checks.add(ClickProof.everyClickOnce(ledger, clicks));
        checks.addAll(WindowProof.everyTotalRight(ledger, cuts, windows));
        checks.add(OrderProof.everyCountRight(ledger, ordersByStatus));
        return new Verdict(checks);
    }
}
