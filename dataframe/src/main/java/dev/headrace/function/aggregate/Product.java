package dev.headrace.function.aggregate;

import org.jspecify.annotations.Nullable;

/// The product of doubles.
final class Product extends DoubleFold {
    private static final int VALUE = 0;
    private static final int COUNT = 1;

    @Override
    int size() {
        return 2;
    }

    @Override
    void add(double[] state, double x, double y) {
        state[VALUE] = state[COUNT] == 0 ? x : state[VALUE] * x;
        state[COUNT]++;
    }

    @Override
    void mergeInto(double[] state, double[] other) {
        state[VALUE] *= other[VALUE];
        state[COUNT] += other[COUNT];
    }

    @Override
    public @Nullable Object result(double @Nullable [] state) {
        return state == null ? null : state[VALUE];
    }
}
