package dev.headrace.demo;

import java.util.List;
import java.util.stream.Stream;

/// What a comparison of the ledger with the tables has shown.
///
/// @param checks one per claim
record Verdict(List<Check> checks) {

    /// One claim, and whether it holds.
    ///
    /// @param holds whether it does
    /// @param claim what was compared, with counts; one line
    /// @param evidence the first few things found that contradict it
    record Check(boolean holds, String claim, List<String> evidence) {
        Check {
            evidence = List.copyOf(evidence);
        }

        static Check of(String claim, List<String> evidence) {
            return new Check(evidence.isEmpty(), claim, evidence);
        }
    }

    Verdict {
        checks = List.copyOf(checks);
    }

    boolean holds() {
        return checks.stream().allMatch(Check::holds);
    }

    /// The verdict for people: a mark and the claim of each check, and under it what contradicts it.
    List<String> lines() {
        return checks.stream()
                .flatMap(check -> Stream.concat(
                        Stream.of((check.holds ? "✓ " : "✗ ") + check.claim),
                        check.evidence.stream().map(line -> "    " + line)))
                .toList();
    }
}
