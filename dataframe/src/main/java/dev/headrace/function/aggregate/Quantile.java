package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.errors.DataException;
import dev.headrace.function.CellOrder;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Functions of the values in their order: percentiles, the median, the mode. A group keeps each distinct value and how
/// often it occurs; nulls don't count.
///
/// @param values the type of the values
/// @param fractions the percentiles wanted, from 0 to 1
/// @param several whether the result is an array of them
/// @param descending whether the order is turned
record Quantile(Kind kind, DataType values, List<Double> fractions, boolean several, boolean descending)
        implements Fold<TreeMap<Object, Long>> {

    enum Kind {
        /// Between two values, a part of the way.
        CONTINUOUS,
        /// The first value up to which there are as many values as wanted.
        DISCRETE,
        /// The most frequent value, the least of those.
        MODE
    }

    private DataType one() {
        return kind == Kind.CONTINUOUS && !(values instanceof AnsiIntervalType) ? DataTypes.DoubleType : values;
    }

    @Override
    public DataType resultType() {
        return several ? new ArrayType(one(), false) : one();
    }

    @Override
    public DataType stateType() {
        return new ArrayType(
                new StructType(List.of(
                        new StructField("value", values, false), new StructField("count", DataTypes.LongType, false))),
                false);
    }

    @Override
    public @Nullable TreeMap<Object, Long> add(@Nullable TreeMap<Object, Long> state, @Nullable Object[] arguments) {
        Object value = arguments[0];
        if (value == null || arguments.length > 1 && arguments[1] == null) {
            return state;
        }
        long times = arguments.length > 1 ? (Long) Objects.requireNonNull(arguments[1]) : 1;
        if (times < 0) {
            throw new DataException(
                    "NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION",
                    "percentile: the frequency " + times + " is negative. It says how often the value counts.");
        }
        TreeMap<Object, Long> counts = state == null ? new TreeMap<>(CellOrder.INSTANCE) : state;
        if (times > 0) {
            counts.merge(Objects.requireNonNull(Cell.detach(value)), times, Long::sum);
        }
        return counts;
    }

    @Override
    public TreeMap<Object, Long> merge(TreeMap<Object, Long> a, TreeMap<Object, Long> b) {
        b.forEach((value, count) -> a.merge(value, count, Long::sum));
        return a;
    }

    @Override
    public Object toCell(TreeMap<Object, Long> state) {
        List<Object> cells = new ArrayList<>();
        state.forEach((value, count) -> cells.add(List.of(value, count)));
        return cells;
    }

    @Override
    public TreeMap<Object, Long> fromCell(Object cell) {
        TreeMap<Object, Long> counts = new TreeMap<>(CellOrder.INSTANCE);
        for (Object entry : (List<?>) cell) {
            List<?> pair = (List<?>) entry;
            counts.put(pair.get(0), (Long) pair.get(1));
        }
        return counts;
    }

    @Override
    public @Nullable Object result(@Nullable TreeMap<Object, Long> state) {
        if (state == null || state.isEmpty()) {
            return null;
        }
        if (kind == Kind.MODE) {
            return mode(state);
        }
        List<Object> found = new ArrayList<>();
        fractions.forEach(fraction -> found.add(at(state, fraction)));
        return several ? found : found.getFirst();
    }

    private Object mode(TreeMap<Object, Long> state) {
        Map<Object, Long> ordered = descending ? state.descendingMap() : state;
        Map.Entry<Object, Long> best = ordered.entrySet().iterator().next();
        for (Map.Entry<Object, Long> entry : ordered.entrySet()) {
            best = entry.getValue() > best.getValue() ? entry : best;
        }
        return best.getKey();
    }

    private Object at(TreeMap<Object, Long> state, double fraction) {
        Map<Object, Long> ordered = descending ? state.descendingMap() : state;
        long total = ordered.values().stream().mapToLong(count -> count).sum();
        if (kind == Kind.DISCRETE) {
            return nth(ordered, Math.max(1, (long) Math.ceil(fraction * total)));
        }
        double place = fraction * (total - 1);
        long below = (long) Math.floor(place);
        double low = number(nth(ordered, below + 1));
        double high = number(nth(ordered, (long) Math.ceil(place) + 1));
        double value = low == high ? low : (Math.ceil(place) - place) * low + (place - below) * high;
        return switch (values) {
            case YearMonthIntervalType _ -> (int) value;
            case DayTimeIntervalType _ -> (long) value;
            case DataType _ -> value;
        };
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    /// @param n from 1
    private static Object nth(Map<Object, Long> ordered, long n) {
        long before = 0;
        for (Map.Entry<Object, Long> entry : ordered.entrySet()) {
            before += entry.getValue();
            if (before >= n) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("fewer than " + n + " values");
    }
}
