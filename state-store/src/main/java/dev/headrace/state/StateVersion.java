package dev.headrace.state;

/// A version of the state: what the first `value` batches have left. Version 0 is the empty state; batch b reads
/// version b and commits b + 1.
public record StateVersion(long value) implements Comparable<StateVersion> {
    public static final StateVersion EMPTY = new StateVersion(0);

    public StateVersion {
        if (value < 0) {
            throw new IllegalArgumentException("state version " + value);
        }
    }

    public StateVersion next() {
        return new StateVersion(value + 1);
    }

    @Override
    public int compareTo(StateVersion other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
