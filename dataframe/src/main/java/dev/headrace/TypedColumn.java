package dev.headrace;

import dev.headrace.expressions.Aggregator;

/// An [Aggregator] over the objects of a [Dataset], from [Aggregator#toColumn].
///
/// @param <T> the class of the objects
/// @param <U> the class of the result
public final class TypedColumn<T, U> {
    private final Aggregator<T, ?, U> aggregator;

    private TypedColumn(Aggregator<T, ?, U> aggregator) {
        this.aggregator = aggregator;
    }

    public static <T, U> TypedColumn<T, U> of(Aggregator<T, ?, U> aggregator) {
        return new TypedColumn<>(aggregator);
    }

    Encoder<U> encoder() {
        return aggregator.outputEncoder();
    }

    /// A result of no objects yet.
    Reduction<T, U> begin() {
        return new Buffer<>(aggregator);
    }

    /// A result in the making.
    interface Reduction<T, U> {
        void add(T object);

        U result();
    }

    private static final class Buffer<T, B, U> implements Reduction<T, U> {
        private final Aggregator<T, B, U> aggregator;
        private B buffer;

        Buffer(Aggregator<T, B, U> aggregator) {
            this.aggregator = aggregator;
            this.buffer = aggregator.zero();
        }

        @Override
        public void add(T object) {
            buffer = aggregator.reduce(buffer, object);
        }

        // A result of null becomes NULL; the type does not say so.
        @Override
        @SuppressWarnings("NullAway")
        public U result() {
            return aggregator.finish(buffer);
        }
    }

    Aggregator<T, ?, U> aggregator() {
        return aggregator;
    }
}
