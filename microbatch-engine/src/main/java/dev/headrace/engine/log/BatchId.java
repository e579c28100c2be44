package dev.headrace.engine.log;

/// The number of a micro-batch within its query: 0, 1, 2 and so on, without gaps, over all restarts.
public record BatchId(long value) implements Comparable<BatchId> {

    /// The first batch of every query.
    public static final BatchId FIRST = new BatchId(0);

    public BatchId {
        if (value < 0) {
            throw new IllegalArgumentException("Batches are numbered from 0, not " + value + ".");
        }
    }

    public BatchId next() {
        return new BatchId(value + 1);
    }

    @Override
    public int compareTo(BatchId other) {
        return Long.compare(value, other.value);
    }

    /// The bare number, as in file names.
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
