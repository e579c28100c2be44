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

    /// The result for these objects.
    U of(Iterable<T> objects) {
        return of(aggregator, objects);
    }

    // A result of null becomes NULL; the type does not say so.
    @SuppressWarnings("NullAway")
    private static <T, B, U> U of(Aggregator<T, B, U> aggregator, Iterable<T> objects) {
        B buffer = aggregator.zero();
        for (T object : objects) {
            buffer = aggregator.reduce(buffer, object);
        }
        return aggregator.finish(buffer);
    }

    Aggregator<T, ?, U> aggregator() {
        return aggregator;
    }
}
