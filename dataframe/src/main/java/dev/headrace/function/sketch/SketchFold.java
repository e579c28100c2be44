package dev.headrace.function.sketch;

import dev.headrace.function.aggregate.Fold;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;

/// A fold that gives a sketch's bytes, also of no values, and keeps them as its state.
interface SketchFold<S> extends Fold<S> {
    @Override
    default DataType resultType() {
        return DataTypes.BinaryType;
    }

    @Override
    default boolean nullable() {
        return false;
    }

    @Override
    default DataType stateType() {
        return DataTypes.BinaryType;
    }
}
