package dev.headrace.function.aggregate;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A fold that keeps some doubles; rows in which an argument is null don't count.
abstract class DoubleFold implements Fold<double[]> {
    private static final DataType STATE = new ArrayType(DataTypes.DoubleType, false);

    abstract int size();

    abstract void add(double[] state, double x, double y);

    abstract void mergeInto(double[] state, double[] other);

    @Override
    public DataType resultType() {
        return DataTypes.DoubleType;
    }

    @Override
    public DataType stateType() {
        return STATE;
    }

    @Override
    public double @Nullable [] add(double @Nullable [] state, @Nullable Object[] arguments) {
        for (Object argument : arguments) {
            if (argument == null) {
                return state;
            }
        }
        double[] own = state == null ? new double[size()] : state;
        double y = arguments.length > 1 ? (Double) Objects.requireNonNull(arguments[1]) : 0;
        add(own, (Double) Objects.requireNonNull(arguments[0]), y);
        return own;
    }

    @Override
    public double[] merge(double[] a, double[] b) {
        mergeInto(a, b);
        return a;
    }

    @Override
    public Object toCell(double[] state) {
        List<Object> cells = new ArrayList<>(state.length);
        for (double value : state) {
            cells.add(value);
        }
        return cells;
    }

    @Override
    public double[] fromCell(Object cell) {
        return ((List<?>) cell).stream().mapToDouble(value -> (Double) value).toArray();
    }
}
