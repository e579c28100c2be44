package dev.headrace.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/// Measured times and what is said about them.
public record Figures(long[] nanos) {
    public Figures {
        nanos = nanos.clone();
        Arrays.sort(nanos);
    }

    /// The time that the given part of all are within, in milliseconds.
    public double millis(double part) {
        return nanos[(int) Math.min(nanos.length - 1, Math.floor(nanos.length * part))] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms, max %.2f ms over %,d",
                millis(0.5),
                millis(0.99),
                millis(1),
                nanos.length);
    }
}
