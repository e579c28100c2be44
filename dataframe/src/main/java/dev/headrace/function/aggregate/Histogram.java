package dev.headrace.function.aggregate;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `histogram_numeric`: so many pairs of a value and how many values are near it, by Ben-Haim and Tom-Tov's method: the
/// two nearest bins become one when there are too many. Nulls don't count.
record Histogram(int bins) implements Fold<List<double[]>> {
    @Override
    public DataType resultType() {
        return new ArrayType(
                new StructType(List.of(
                        new StructField("x", DataTypes.DoubleType, true),
                        new StructField("y", DataTypes.DoubleType, true))),
                true);
    }

    @Override
    public DataType stateType() {
        return resultType();
    }

    @Override
    public @Nullable List<double[]> add(@Nullable List<double[]> state, @Nullable Object[] arguments) {
        if (!(arguments[0] instanceof Double value)) {
            return state;
        }
        List<double[]> sorted = state == null ? new ArrayList<>() : state;
        insert(sorted, value, 1);
        return sorted;
    }

    private void insert(List<double[]> sorted, double value, double count) {
        int at = 0;
        while (at < sorted.size() && sorted.get(at)[0] < value) {
            at++;
        }
        if (at < sorted.size() && sorted.get(at)[0] == value) {
            sorted.get(at)[1] += count;
            return;
        }
        sorted.add(at, new double[] {value, count});
        if (sorted.size() > bins) {
            joinNearest(sorted);
        }
    }

    private static void joinNearest(List<double[]> sorted) {
        int nearest = 0;
        for (int i = 1; i < sorted.size() - 1; i++) {
            double distance = sorted.get(i + 1)[0] - sorted.get(i)[0];
            if (distance < sorted.get(nearest + 1)[0] - sorted.get(nearest)[0]) {
                nearest = i;
            }
        }
        double[] left = sorted.get(nearest);
        double[] right = sorted.remove(nearest + 1);
        double count = left[1] + right[1];
        left[0] = (left[0] * left[1] + right[0] * right[1]) / count;
        left[1] = count;
    }

    @Override
    public List<double[]> merge(List<double[]> a, List<double[]> b) {
        b.forEach(bin -> insert(a, bin[0], bin[1]));
        return a;
    }

    @Override
    public Object toCell(List<double[]> state) {
        List<Object> cells = new ArrayList<>();
        state.forEach(bin -> cells.add(List.of(bin[0], bin[1])));
        return cells;
    }

    @Override
    public List<double[]> fromCell(Object cell) {
        List<double[]> sorted = new ArrayList<>();
        for (Object bin : (List<?>) cell) {
            List<?> pair = (List<?>) bin;
            sorted.add(new double[] {
                (Double) Objects.requireNonNull(pair.get(0)), (Double) Objects.requireNonNull(pair.get(1))
            });
        }
        return sorted;
    }

    @Override
    public @Nullable Object result(@Nullable List<double[]> state) {
        return state == null ? null : toCell(state);
    }
}
