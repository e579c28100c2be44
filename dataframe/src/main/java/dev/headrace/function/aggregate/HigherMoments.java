package dev.headrace.function.aggregate;

import org.jspecify.annotations.Nullable;

/// Skewness and kurtosis. A group keeps the number of values, their mean, and the sums of the second, third and fourth
/// powers of the distances from it, merged by Pébay's formulas.
final class HigherMoments extends DoubleFold {
    private final boolean kurtosis;

    HigherMoments(boolean kurtosis) {
        this.kurtosis = kurtosis;
    }

    @Override
    int size() {
        return 5;
    }

    @Override
    void add(double[] state, double x, double unused) {
        double n = state[0] + 1;
        double delta = x - state[1];
        double part = delta / n;
        double m2 = state[2] + delta * (delta - part);
        double m3 = state[3] - 3 * part * m2 + delta * (delta * delta - part * part);
        state[4] += -4 * part * m3 - 6 * part * part * m2 + delta * (delta * delta * delta - part * part * part);
        state[0] = n;
        state[1] += part;
        state[2] = m2;
        state[3] = m3;
    }

    @Override
    void mergeInto(double[] a, double[] b) {
        double n = a[0] + b[0];
        double delta = b[1] - a[1];
        double part = delta / n;
        double product = a[0] * b[0];
        double m3 =
                a[3] + b[3] + part * part * delta * product * (a[0] - b[0]) + 3 * part * (a[0] * b[2] - b[0] * a[2]);
        a[4] += b[4]
                + part * part * part * delta * product * (a[0] * a[0] - product + b[0] * b[0])
                + 6 * part * part * (a[0] * a[0] * b[2] + b[0] * b[0] * a[2])
                + 4 * part * (a[0] * b[3] - b[0] * a[3]);
        a[3] = m3;
        a[2] += b[2] + delta * part * product;
        a[1] += part * b[0];
        a[0] = n;
    }

    @Override
    public @Nullable Object result(double @Nullable [] state) {
        if (state == null || state[2] == 0) {
            return null;
        }
        return kurtosis
                ? state[0] * state[4] / (state[2] * state[2]) - 3
                : Math.sqrt(state[0]) * state[3] / Math.sqrt(state[2] * state[2] * state[2]);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HigherMoments that && kurtosis == that.kurtosis;
    }

    @Override
    public int hashCode() {
        return Boolean.hashCode(kurtosis);
    }
}
