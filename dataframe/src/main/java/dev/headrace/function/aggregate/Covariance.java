package dev.headrace.function.aggregate;

import org.jspecify.annotations.Nullable;

/// Functions of pairs of doubles: covariance, correlation and linear regression.
///
/// A group keeps the number of pairs, both means, the sum of the products of both distances from them, and the sums of
/// the squared distances, all updated pair by pair and merged by Chan's formula.
final class Covariance extends DoubleFold {
    private static final int N = 0;
    private static final int X = 1;
    private static final int Y = 2;
    private static final int PRODUCTS = 3;
    private static final int X_SQUARES = 4;
    private static final int Y_SQUARES = 5;

    private final String name;

    /// @param name of the function; those of regression are given y before x
    Covariance(String name) {
        this.name = name;
    }

    @Override
    int size() {
        return 6;
    }

    @Override
    void add(double[] state, double first, double second) {
        boolean regression = name.startsWith("regr");
        double x = regression ? second : first;
        double y = regression ? first : second;
        double n = state[N] + 1;
        double dx = x - state[X];
        double dy = y - state[Y];
        state[N] = n;
        state[X] += dx / n;
        state[Y] += dy / n;
        state[PRODUCTS] += dx * (y - state[Y]);
        state[X_SQUARES] += dx * (x - state[X]);
        state[Y_SQUARES] += dy * (y - state[Y]);
    }

    @Override
    void mergeInto(double[] state, double[] other) {
        double n = state[N] + other[N];
        double dx = other[X] - state[X];
        double dy = other[Y] - state[Y];
        double weight = state[N] * other[N] / n;
        state[X] += dx * other[N] / n;
        state[Y] += dy * other[N] / n;
        state[PRODUCTS] += other[PRODUCTS] + dx * dy * weight;
        state[X_SQUARES] += other[X_SQUARES] + dx * dx * weight;
        state[Y_SQUARES] += other[Y_SQUARES] + dy * dy * weight;
        state[N] = n;
    }

    @Override
    public @Nullable Object result(double @Nullable [] state) {
        if (state == null) {
            return null;
        }
        double n = state[N];
        double slope = state[PRODUCTS] / state[X_SQUARES];
        boolean sloped = state[X_SQUARES] != 0;
        return switch (name) {
            case "covar_pop" -> state[PRODUCTS] / n;
            case "covar_samp" -> n > 1 ? state[PRODUCTS] / (n - 1) : null;
            case "corr" -> n > 1 ? correlation(state) : null;
            case "regr_avgx" -> state[X];
            case "regr_avgy" -> state[Y];
            case "regr_sxx" -> state[X_SQUARES];
            case "regr_sxy" -> state[PRODUCTS];
            case "regr_syy" -> state[Y_SQUARES];
            case "regr_slope" -> sloped ? slope : null;
            case "regr_intercept" -> sloped ? state[Y] - slope * state[X] : null;
            case "regr_r2" -> {
                if (!sloped) {
                    yield null;
                }
                yield state[Y_SQUARES] == 0
                        ? 1.0
                        : state[PRODUCTS] * state[PRODUCTS] / (state[X_SQUARES] * state[Y_SQUARES]);
            }
            default -> throw new IllegalStateException("no function " + name);
        };
    }

    private static double correlation(double[] state) {
        double root = Math.sqrt(state[X_SQUARES] * state[Y_SQUARES]);
        if (root == 0) {
            throw new dev.headrace.errors.DataException(
                    "DIVIDE_BY_ZERO", "corr: all values of an argument are the same, so there is no correlation.");
        }
        return state[PRODUCTS] / root;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Covariance that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
