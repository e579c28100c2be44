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
record Histogram(int bins) implements Fold<HistogramBins> {
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
    public @Nullable HistogramBins add(@Nullable HistogramBins state, @Nullable Object[] arguments) {
        if (!(arguments[0] instanceof Double value)) {
            return state;
        }
        HistogramBins own = state == null ? new HistogramBins(bins) : state;
        insert(own, value, 1);
        return own;
    }

    private void insert(HistogramBins into, double value, double count) {
        into.add(value, count);
        if (into.size() > bins) {
            into.joinNearest();
        }
    }

    @Override
    public HistogramBins merge(HistogramBins a, HistogramBins b) {
        b.forEach((value, count) -> insert(a, value, count));
        return a;
    }

    @Override
    public Object toCell(HistogramBins state) {
        List<Object> cells = new ArrayList<>();
        state.forEach((value, count) -> cells.add(List.of(value, count)));
        return cells;
    }

    @Override
    public HistogramBins fromCell(Object cell) {
        HistogramBins all = new HistogramBins(bins);
        for (Object bin : (List<?>) cell) {
            List<?> pair = (List<?>) bin;
            all.append((Double) Objects.requireNonNull(pair.get(0)), (Double) Objects.requireNonNull(pair.get(1)));
        }
        return all;
    }

    @Override
    public @Nullable Object result(@Nullable HistogramBins state) {
        return state == null ? null : toCell(state);
    }
}
