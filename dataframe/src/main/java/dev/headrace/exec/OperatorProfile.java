package dev.headrace.exec;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What one operator did in one run. Added to by many threads.
final class OperatorProfile {
    private final LongAdder rows = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void gave(int moreRows) {
        rows.add(moreRows);
    }

    void worked(long moreNanos) {
        nanos.add(moreNanos);
    }

    void count(String name, long amount) {
        counts.computeIfAbsent(name, _ -> new LongAdder()).add(amount);
    }

    /// How many rows it gave to the operator above it.
    long rows() {
        return rows.sum();
    }

    /// How long threads worked for it, added up.
    long nanos() {
        return nanos.sum();
    }

    /// What a scan's readers counted beside rows, such as row groups that they did not have to read.
    Map<String, Long> counts() {
        Map<String, Long> values = new TreeMap<>();
        counts.forEach((name, adder) -> values.put(name, adder.sum()));
        return values;
    }
}
