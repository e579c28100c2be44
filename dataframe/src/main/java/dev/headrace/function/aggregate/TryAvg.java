package dev.headrace.function.aggregate;

import dev.headrace.chunk.Slice;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mean of decimals, null where the sum or the mean does not fit in its type. The sum is kept as text, which has
/// room for all digits.
///
/// @param avg the function that fails instead
record TryAvg(Decimals avg) implements Fold<TryAvg.Total> {
    record Total(BigDecimal sum, long count) {}

    @Override
    public DataType resultType() {
        return avg.resultType();
    }

    @Override
    public DataType stateType() {
        return new StructType(List.of(
                new StructField("sum", DataTypes.StringType, false),
                new StructField("count", DataTypes.LongType, false)));
    }

    @Override
    public @Nullable Total add(@Nullable Total state, @Nullable Object[] arguments) {
        if (!(arguments[0] instanceof BigDecimal value)) {
            return state;
        }
        Total one = new Total(value, 1);
        return state == null ? one : merge(state, one);
    }

    @Override
    public Total merge(Total a, Total b) {
        return new Total(a.sum.add(b.sum), a.count + b.count);
    }

    @Override
    public Object toCell(Total state) {
        return List.of(Slice.utf8(state.sum.toPlainString()), state.count);
    }

    @Override
    public Total fromCell(Object cell) {
        List<?> parts = (List<?>) cell;
        return new Total(new BigDecimal(parts.get(0).toString()), (Long) parts.get(1));
    }

    @Override
    public @Nullable Object result(@Nullable Total state) {
        if (state == null
                || state.sum.precision() > Decimals.sumType(avg.argument()).precision()) {
            return null;
        }
        DecimalType type = avg.resultType();
        BigDecimal mean = state.sum.divide(BigDecimal.valueOf(state.count), type.scale(), RoundingMode.HALF_UP);
        return mean.precision() > type.precision() ? null : mean;
    }
}
