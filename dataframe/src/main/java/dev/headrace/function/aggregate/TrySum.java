package dev.headrace.function.aggregate;

import dev.headrace.chunk.Slice;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// The sum of integers or decimals, null if it does not fit in the result's type. It is kept as text, which has room
/// for all digits.
record TrySum(DataType resultType) implements Fold<BigDecimal> {
    @Override
    public DataType stateType() {
        return DataTypes.StringType;
    }

    @Override
    public @Nullable BigDecimal add(@Nullable BigDecimal state, @Nullable Object[] arguments) {
        BigDecimal value = switch (arguments[0]) {
            case Long number -> BigDecimal.valueOf(number);
            case BigDecimal number -> number;
            case null, default -> null;
        };
        return value == null ? state : state == null ? value : state.add(value);
    }

    @Override
    public BigDecimal merge(BigDecimal a, BigDecimal b) {
        return a.add(b);
    }

    @Override
    public Object toCell(BigDecimal state) {
        return Slice.utf8(state.toPlainString());
    }

    @Override
    public BigDecimal fromCell(Object cell) {
        return new BigDecimal(cell.toString());
    }

    @Override
    public @Nullable Object result(@Nullable BigDecimal state) {
        if (state == null) {
            return null;
        }
        if (resultType instanceof DecimalType(int precision, int _)) {
            return state.precision() > precision ? null : state;
        }
        return state.toBigInteger().bitLength() > 63 ? null : (Object) state.longValueExact();
    }
}
