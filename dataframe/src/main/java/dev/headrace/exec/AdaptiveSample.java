package dev.headrace.exec;

import java.util.HashSet;
import java.util.Set;

/// About how many distinct hashes there were, from those that end with so many zero bits that few are kept (Wegman's
/// adaptive sampling: Flajolet, "On adaptive sampling", 1990). The standard error is 2 %. Used by one thread.
final class AdaptiveSample {
    private static final int MOST_KEPT = 4096;

    private final Set<Long> kept = new HashSet<>();
    private int zeros;

    /// @param hash of 64 bits that are as good as random
    void add(long hash) {
        if (Long.numberOfTrailingZeros(hash) < zeros) {
            return;
        }
        kept.add(hash);
        while (kept.size() > MOST_KEPT) {
            zeros++;
            kept.removeIf(other -> Long.numberOfTrailingZeros(other) < zeros);
        }
    }

    /// About how many distinct hashes have been added.
    double estimate() {
        return Math.scalb((double) kept.size(), zeros);
    }
}
