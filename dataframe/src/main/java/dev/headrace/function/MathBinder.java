package dev.headrace.function;

import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import java.util.List;

/// Binds the functions of numbers whose result type depends on the digits of a decimal.
final class MathBinder {
    private MathBinder() {}

    /// `ceil` and `floor`.
    static BoundExpr integer(String name, List<BoundExpr> arguments) {
        String function = name.equals("ceiling") ? "ceil" : name;
        if (arguments.size() > 1) {
            return scaled(function, arguments.getFirst(), scale(name, arguments.get(1)));
        }
        BoundExpr number = number(name, arguments.getFirst());
        return switch (number.type()) {
            case DecimalType(int _, int scale) when scale == 0 -> number;
            case DecimalType(int precision, int scale) -> {
                DecimalType result = DecimalType.bounded(precision - scale + 1, 0);
                yield ScalarBinder.strict(function, "MathFunctions." + function, result, number);
            }
            case FloatType _, DoubleType _ ->
                ScalarBinder.strict(
                        function, "MathFunctions." + function, DataTypes.LongType, cast(number, DataTypes.DoubleType));
            default -> cast(number, DataTypes.LongType);
        };
    }

    /// `ceil` and `floor` to so many decimals.
    private static BoundExpr scaled(String function, BoundExpr number, BoundExpr scale) {
        DecimalType type = switch (number.type()) {
            case DecimalType decimal -> decimal;
            case NumericType other -> DecimalType.forType(other);
            case NullType _ -> new DecimalType(30, 15);
            case StringType _ -> new DecimalType(38, 18);
            default -> throw ScalarBinder.mismatch(function, 0, number, "a number");
        };
        int digits = scale instanceof BoundExpr.Literal(Scalar(Integer constant, DataType _)) ? constant : 0;
        return ScalarBinder.strict(
                function, "RoundFunctions." + function, rounded(type, digits), cast(number, type), scale);
    }

    /// `round` and `bround`.
    static BoundExpr round(String name, List<BoundExpr> arguments) {
        BoundExpr number = number(name, arguments.getFirst());
        BoundExpr scale = arguments.size() == 1 ? new BoundExpr.Literal(Scalar.of(0)) : scale(name, arguments.get(1));
        DataType result = number.type();
        if (number.type() instanceof DecimalType type) {
            int digits = scale instanceof BoundExpr.Literal(Scalar(Integer constant, DataType _)) ? constant : 0;
            result = rounded(type, digits);
        }
        return ScalarBinder.strict(name, "RoundFunctions." + name, result, number, scale);
    }

    private static BoundExpr scale(String name, BoundExpr argument) {
        if (!Coercion.accepts(DataTypes.IntegerType, argument.type())) {
            throw ScalarBinder.mismatch(name, 1, argument, "an integer");
        }
        BoundExpr scale = cast(argument, DataTypes.IntegerType);
        if (!(scale instanceof BoundExpr.Literal)) {
            throw ScalarBinder.mismatch(name, 1, argument, "a constant integer");
        }
        return scale;
    }

    private static DecimalType rounded(DecimalType type, int digits) {
        int integerDigits = type.precision() - type.scale() + 1;
        if (digits < 0) {
            int precision = Math.max(integerDigits, -digits + 1);
            return new DecimalType(Math.min(precision, DecimalType.MAX_PRECISION), 0);
        }
        int scale = Math.min(type.scale(), digits);
        return new DecimalType(Math.min(integerDigits + scale, DecimalType.MAX_PRECISION), scale);
    }

    static BoundExpr pmod(String name, List<BoundExpr> arguments) {
        BoundExpr remainder = ArithmeticBinder.operator("%", arguments);
        if (!(remainder
                instanceof
                BoundExpr.Arithmetic(ArithmeticOp _, BoundExpr a, BoundExpr b, DataType type, var _, var _))) {
            throw new IllegalStateException("% is no arithmetic");
        }
        return ScalarBinder.strict(name, "MathFunctions.pmod", type, a, b);
    }

    private static BoundExpr number(String name, BoundExpr argument) {
        if (argument.type() instanceof NumericType) {
            return argument;
        }
        if (!Coercion.accepts(DataTypes.DoubleType, argument.type())) {
            throw ScalarBinder.mismatch(name, 0, argument, "a number");
        }
        return cast(argument, DataTypes.DoubleType);
    }

    private static BoundExpr cast(BoundExpr expr, DataType type) {
        return Coercion.cast(expr, type, CastFailure.ERROR);
    }
}
