package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds `+ - * / % div` and their `try_` forms, the sign, and the bit operators.
final class ArithmeticBinder {
    private ArithmeticBinder() {}

    static BoundExpr operator(String name, List<BoundExpr> arguments) {
        CastFailure failure = name.startsWith("try_") ? CastFailure.NULL : CastFailure.ERROR;
        ArithmeticOp op = switch (name) {
            case "+", "try_add" -> ArithmeticOp.ADD;
            case "-", "try_subtract" -> ArithmeticOp.SUBTRACT;
            case "*", "try_multiply" -> ArithmeticOp.MULTIPLY;
            case "/", "try_divide" -> ArithmeticOp.DIVIDE;
            case "%", "mod", "try_mod" -> ArithmeticOp.REMAINDER;
            case "div" -> ArithmeticOp.INTEGRAL_DIVIDE;
            default -> throw new IllegalArgumentException("no operator " + name);
        };
        BoundExpr left = arguments.get(0);
        BoundExpr right = arguments.get(1);
        BoundExpr intervals = IntervalBinder.operator(name, op, left, right, failure);
        if (intervals != null) {
            return intervals;
        }
        BoundExpr dates = dates(op, left, right);
        if (dates != null) {
            return dates;
        }
        Pair pair = numbers(name, left, right);
        if (op == ArithmeticOp.INTEGRAL_DIVIDE) {
            return integralDivide(pair, failure);
        }
        if (op == ArithmeticOp.DIVIDE && !(pair.left.type() instanceof DecimalType)) {
            pair = pair.cast(DataTypes.DoubleType);
        }
        if (pair.left.type() instanceof DecimalType a && pair.right.type() instanceof DecimalType b) {
            return new BoundExpr.Arithmetic(op, pair.left, pair.right, decimalResult(op, a, b), failure);
        }
        return new BoundExpr.Arithmetic(op, pair.left, pair.right, pair.left.type(), failure);
    }

    private record Pair(BoundExpr left, BoundExpr right) {
        Pair cast(DataType type) {
            return new Pair(
                    Coercion.cast(left, type, CastFailure.ERROR), Coercion.cast(right, type, CastFailure.ERROR));
        }
    }

    /// Adding days to a date.
    private static @Nullable BoundExpr dates(ArithmeticOp op, BoundExpr left, BoundExpr right) {
        boolean leftDate = left.type() instanceof DateType;
        boolean rightDate = right.type() instanceof DateType;
        if (op == ArithmeticOp.ADD && leftDate && isInteger(right.type())) {
            return FunctionRegistry.bindScalar("date_add", List.of(left, right));
        }
        if (op == ArithmeticOp.ADD && rightDate && isInteger(left.type())) {
            return FunctionRegistry.bindScalar("date_add", List.of(right, left));
        }
        if (op == ArithmeticOp.SUBTRACT && leftDate && isInteger(right.type())) {
            return FunctionRegistry.bindScalar("date_sub", List.of(left, right));
        }
        return null;
    }

    /// Both sides as numbers of one type, or as decimals.
    private static Pair numbers(String name, BoundExpr left, BoundExpr right) {
        checkNumber(name, 0, left);
        checkNumber(name, 1, right);
        DataType a = left.type();
        DataType b = right.type();
        if (a instanceof NullType && b instanceof NullType) {
            return new Pair(left, right).cast(DataTypes.DoubleType);
        }
        if (a instanceof StringType && b instanceof StringType) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + left.text() + "' and '" + right.text() + "' of '" + name
                            + "' are strings: expected numbers. Cast them, or " + "use concat to join strings.");
        }
        BoundExpr x = smallestDecimal(left, b);
        BoundExpr y = smallestDecimal(right, a);
        if (x.type() instanceof DecimalType && y.type() instanceof DecimalType) {
            return new Pair(x, y);
        }
        DataType common = Coercion.commonType(a, b).orElseThrow();
        return new Pair(left, right).cast(common);
    }

    /// An integer beside a decimal as a decimal: a constant with as many digits as it has, else as its type may have.
    static BoundExpr smallestDecimal(BoundExpr expr, DataType other) {
        if (!(other instanceof DecimalType) || !isInteger(expr.type())) {
            return expr;
        }
        DecimalType type = DecimalType.forType((NumericType) expr.type());
        if (expr instanceof BoundExpr.Literal(Scalar scalar) && scalar.value() instanceof Number number) {
            type = new DecimalType(BigDecimal.valueOf(number.longValue()).precision(), 0);
        }
        return Coercion.cast(expr, type, CastFailure.ERROR);
    }

    private static void checkNumber(String name, int at, BoundExpr argument) {
        if (!(argument.type() instanceof NumericType)
                && !(argument.type() instanceof StringType)
                && !(argument.type() instanceof NullType)) {
            throw ScalarBinder.mismatch(name, at, argument, "a number");
        }
    }

    private static BoundExpr integralDivide(Pair pair, CastFailure failure) {
        if (pair.left.type() instanceof DecimalType) {
            return ScalarBinder.strict(
                    "div", "ArithmeticFunctions.integralDivide", DataTypes.LongType, pair.left, pair.right);
        }
        Pair longs = pair.cast(DataTypes.LongType);
        return new BoundExpr.Arithmetic(
                ArithmeticOp.INTEGRAL_DIVIDE, longs.left, longs.right, DataTypes.LongType, failure);
    }

    /// Spark's rules for the result of arithmetic on decimals.
    static DecimalType decimalResult(ArithmeticOp op, DecimalType a, DecimalType b) {
        int scale = Math.max(a.scale(), b.scale());
        int aDigits = a.precision() - a.scale();
        int bDigits = b.precision() - b.scale();
        return switch (op) {
            case ADD, SUBTRACT -> DecimalType.bounded(Math.max(aDigits, bDigits) + scale + 1, scale);
            case MULTIPLY -> DecimalType.bounded(a.precision() + b.precision() + 1, a.scale() + b.scale());
            case DIVIDE -> {
                int digits = Math.max(6, a.scale() + b.precision() + 1);
                yield DecimalType.bounded(aDigits + b.scale() + digits, digits);
            }
            case REMAINDER -> DecimalType.bounded(Math.max(1, Math.min(aDigits, bDigits) + scale), scale);
            case INTEGRAL_DIVIDE -> throw new IllegalArgumentException("div gives a bigint");
        };
    }

    static BoundExpr sign(String name, List<BoundExpr> arguments) {
        BoundExpr argument = arguments.getFirst();
        if (argument.type() instanceof AnsiIntervalType) {
            return IntervalBinder.sign(name, argument);
        }
        checkNumber(name, 0, argument);
        BoundExpr number = argument.type() instanceof NumericType
                ? argument
                : Coercion.cast(argument, DataTypes.DoubleType, CastFailure.ERROR);
        return name.equals("positive")
                ? number
                : ScalarBinder.strict("negative", "ArithmeticFunctions.negative", number.type(), number);
    }

    /// `&`, `|`, `^`. A text beside an integer is read as one.
    static BoundExpr bits(String name, List<BoundExpr> arguments) {
        for (int i = 0; i < 2; i++) {
            boolean isText = arguments.get(i).type() instanceof StringType
                    && isInteger(arguments.get(1 - i).type());
            if (!isInteger(arguments.get(i).type()) && !(arguments.get(i).type() instanceof NullType) && !isText) {
                throw ScalarBinder.mismatch(name, i, arguments.get(i), "an integer");
            }
        }
        DataType common = Coercion.commonType(
                        arguments.get(0).type(), arguments.get(1).type())
                .filter(type -> !(type instanceof NullType))
                .orElse(DataTypes.IntegerType);
        Pair pair = new Pair(arguments.get(0), arguments.get(1)).cast(common);
        String method = switch (name) {
            case "&" -> "BitFunctions.and";
            case "|" -> "BitFunctions.or";
            default -> "BitFunctions.xor";
        };
        return ScalarBinder.strict(name, method, common, pair.left, pair.right);
    }

    static boolean isInteger(DataType type) {
        return switch (type) {
            case dev.headrace.types.ByteType _, ShortType _, IntegerType _, LongType _ -> true;
            case DataType _ -> false;
        };
    }
}
