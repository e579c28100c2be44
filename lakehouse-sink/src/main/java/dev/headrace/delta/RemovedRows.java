package dev.headrace.delta;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Which rows a change takes out of a table's files, by the file's place in a list and the row's place in the file.
/// Thread-safe.
final class RemovedRows {
    private final List<BitSet> byFile = new ArrayList<>();

    RemovedRows(int files) {
        for (int i = 0; i < files; i++) {
            byFile.add(new BitSet());
        }
    }

    /// @return false if the row had been taken out before
    boolean add(int file, long row) {
        BitSet rows = byFile.get(file);
        int at = Math.toIntExact(row);
        synchronized (rows) {
            if (rows.get(at)) {
                return false;
            }
            rows.set(at);
            return true;
        }
    }

    /// The rows of a file; not to be used while rows are added.
    BitSet of(int file) {
        return byFile.get(file);
    }

    /// The files that lose rows.
    int[] touched() {
        return java.util.stream.IntStream.range(0, byFile.size())
                .filter(file -> !byFile.get(file).isEmpty())
                .toArray();
    }

    long count() {
        return byFile.stream().mapToLong(BitSet::cardinality).sum();
    }
}
