package dev.headrace.connector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The gaps that readers of one source have come upon since they were last asked for. One that is found again, because
/// a batch is tried again, counts once. Thread-safe.
public final class Gaps {
    private final SortedMap<Gap, Gap> found = new TreeMap<>(
            Comparator.comparing(Gap::part).thenComparing(Gap::unit).thenComparing(Gap::first));

    public synchronized void add(Gap gap) {
        found.merge(gap, gap, (one, other) -> one.last() >= other.last() ? one : other);
    }

    /// All of them, by part and place, which are forgotten with it.
    public synchronized List<Gap> take() {
        List<Gap> taken = new ArrayList<>(found.values());
        found.clear();
        return taken;
    }
}
