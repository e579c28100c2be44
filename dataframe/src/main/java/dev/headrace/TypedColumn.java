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

    Aggregator<T, ?, U> aggregator() {
        return aggregator;
    }
}
