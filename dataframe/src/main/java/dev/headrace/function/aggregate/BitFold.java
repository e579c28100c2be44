package dev.headrace.function.aggregate;

import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.IntegerType;
import dev.headrace.types.ShortType;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/// `bit_and`, `bit_or` and `bit_xor` of integers; nulls don't count.
record BitFold(String name, DataType resultType) implements Fold<Long> {
    @Override
    public DataType stateType() {
        return DataTypes.LongType;
    }

    private LongBinaryOperator operator() {
        return switch (name) {
            case "bit_and" -> (a, b) -> a & b;
            case "bit_or" -> (a, b) -> a | b;
            default -> (a, b) -> a ^ b;
        };
    }

    @Override
    public @Nullable Long add(@Nullable Long state, @Nullable Object[] arguments) {
        if (!(arguments[0] instanceof Number number)) {
            return state;
        }
        return state == null ? (Long) number.longValue() : merge(state, number.longValue());
    }

    @Override
    public Long merge(Long a, Long b) {
        return operator().applyAsLong(a, b);
    }

    @Override
    public Object toCell(Long state) {
        return state;
    }

    @Override
    public Long fromCell(Object cell) {
        return (Long) cell;
    }

    @Override
    public @Nullable Object result(@Nullable Long state) {
        if (state == null) {
            return null;
        }
        return switch (resultType) {
            case ByteType _ -> (Object) state.byteValue();
            case ShortType _ -> state.shortValue();
            case IntegerType _ -> state.intValue();
            default -> state;
        };
    }
}
