package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Evaluates a bound expression row by row: what this gives is what the expression means. Generated code must give the
/// same value, or the same error.
///
/// Values are [dev.headrace.chunk.Cell] objects. A [Slice] in the result may point into the row's columns.
public final class Interpreter {
    private Interpreter() {}

    /// The value of `expr` for a row.
    ///
    /// @throws DataException if a value does not allow what the expression asks, such as a division by zero
    public static @Nullable Object evaluate(BoundExpr expr, RowView row, EvalContext context) {
        return switch (expr) {
            case BoundExpr.Column column -> row.get(column.ordinal());
            case BoundExpr.Literal(Scalar value) -> value.value();
            case BoundExpr.Cast cast -> cast(cast, row, context);
            case BoundExpr.Compare compare -> compare(compare, row, context);
            case BoundExpr.Arithmetic arithmetic -> arithmetic(arithmetic, row, context);
            case BoundExpr.And(BoundExpr left, BoundExpr right) -> and(left, right, row, context);
            case BoundExpr.Or(BoundExpr left, BoundExpr right) -> or(left, right, row, context);
            case BoundExpr.Not(BoundExpr input) -> evaluate(input, row, context) instanceof Boolean b ? !b : null;
            case BoundExpr.IsNull(BoundExpr input) -> evaluate(input, row, context) == null;
            case BoundExpr.Coalesce(List<BoundExpr> arguments) -> coalesce(arguments, row, context);
            case BoundExpr.Case(List<BoundExpr.Case.Branch> branches, Optional<BoundExpr> otherwise, DataType _) ->
                firstTrue(branches, otherwise, row, context);
            case BoundExpr.In(BoundExpr value, List<Scalar> constants) -> in(evaluate(value, row, context), constants);
            case BoundExpr.GetField(BoundExpr struct, int ordinal) ->
                evaluate(struct, row, context) instanceof List<?> fields ? fields.get(ordinal) : null;
            case BoundExpr.MakeStruct(List<BoundExpr> values, StructType _) -> evaluateAll(values, row, context);
            case BoundExpr.Call call -> call(call, row, context);
        };
    }

    /// Whether a predicate is true for a row; null counts as false.
    public static boolean isTrue(BoundExpr predicate, RowView row, EvalContext context) {
        return Boolean.TRUE.equals(evaluate(predicate, row, context));
    }

    private static List<@Nullable Object> evaluateAll(List<BoundExpr> exprs, RowView row, EvalContext context) {
        List<@Nullable Object> values = new ArrayList<>(exprs.size());
        for (BoundExpr expr : exprs) {
            values.add(evaluate(expr, row, context));
        }
        return values;
    }

    private static @Nullable Object cast(BoundExpr.Cast node, RowView row, EvalContext context) {
        Object value = evaluate(node.input(), row, context);
        try {
            return Casts.cast(value, node.input().type(), node.type(), node.failure(), context);
        } catch (DataException failed) {
            throw node.origin().in(failed);
        }
    }

    private static @Nullable Object compare(BoundExpr.Compare compare, RowView row, EvalContext context) {
        Object left = evaluate(compare.left(), row, context);
        if (left == null && compare.op() != CompareOp.NULL_SAFE_EQUAL) {
            return null;
        }
        Object right = evaluate(compare.right(), row, context);
        if (compare.op() == CompareOp.NULL_SAFE_EQUAL) {
            return CellOrder.equalCells(left, right);
        }
        return right == null ? null : compare.op().holds(CellOrder.compareCells(left, right));
    }

    private static @Nullable Object and(BoundExpr left, BoundExpr right, RowView row, EvalContext context) {
        Object a = evaluate(left, row, context);
        if (Boolean.FALSE.equals(a)) {
            return false;
        }
        Object b = evaluate(right, row, context);
        return Boolean.FALSE.equals(b) ? (Object) false : a == null ? null : b;
    }

    private static @Nullable Object or(BoundExpr left, BoundExpr right, RowView row, EvalContext context) {
        Object a = evaluate(left, row, context);
        if (Boolean.TRUE.equals(a)) {
            return true;
        }
        Object b = evaluate(right, row, context);
        return Boolean.TRUE.equals(b) ? (Object) true : a == null ? null : b;
    }

    private static @Nullable Object coalesce(List<BoundExpr> arguments, RowView row, EvalContext context) {
        for (BoundExpr argument : arguments) {
            Object value = evaluate(argument, row, context);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable Object firstTrue(
            List<BoundExpr.Case.Branch> branches, Optional<BoundExpr> otherwise, RowView row, EvalContext context) {
        for (BoundExpr.Case.Branch branch : branches) {
            if (isTrue(branch.condition(), row, context)) {
                return evaluate(branch.value(), row, context);
            }
        }
        return otherwise.isPresent() ? evaluate(otherwise.get(), row, context) : null;
    }

    private static @Nullable Object in(@Nullable Object value, List<Scalar> constants) {
        if (value == null) {
            return null;
        }
        boolean anyNull = false;
        for (Scalar constant : constants) {
            if (constant.isNull()) {
                anyNull = true;
            } else if (CellOrder.equalCells(value, constant.value())) {
                return true;
            }
        }
        return anyNull ? null : (Object) false;
    }

    private static @Nullable Object arithmetic(BoundExpr.Arithmetic node, RowView row, EvalContext context) {
        Object a = evaluate(node.left(), row, context);
        if (a == null) {
            return null;
        }
        Object b = evaluate(node.right(), row, context);
        if (b == null) {
            return null;
        }
        try {
            return arithmetic(node.op(), a, b, node.type());
        } catch (DataException outOfRangeOrByZero) {
            if (node.failure() == CastFailure.NULL) {
                return null;
            }
            throw node.origin().in(outOfRangeOrByZero);
        }
    }

    private static Object arithmetic(ArithmeticOp op, Object a, Object b, DataType type) {
        return switch (type) {
            case ByteType _ -> tinyint(op, (Byte) a, (Byte) b);
            case ShortType _ -> smallint(op, (Short) a, (Short) b);
            case IntegerType _ -> integer(op, (Integer) a, (Integer) b);
            case LongType _ -> bigint(op, (Long) a, (Long) b);
            case FloatType _ -> floating(op, (Float) a, (Float) b);
            case DoubleType _ -> doubles(op, (Double) a, (Double) b);
            case DecimalType(int precision, int scale) -> decimal(op, (BigDecimal) a, (BigDecimal) b, precision, scale);
            case NullType _,
                    BooleanType _,
                    StringType _,
                    BinaryType _,
                    VariantType _,
                    DateType _,
                    TimestampType _,
                    TimestampNTZType _,
                    AnsiIntervalType _,
                    ArrayType _,
                    MapType _,
                    StructType _ -> throw undefined(op, type);
        };
    }

    private static Object tinyint(ArithmeticOp op, byte a, byte b) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b);
            case DIVIDE, INTEGRAL_DIVIDE -> throw undefined(op, dev.headrace.types.DataTypes.ByteType);
        };
    }

    private static Object smallint(ArithmeticOp op, short a, short b) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b);
            case DIVIDE, INTEGRAL_DIVIDE -> throw undefined(op, dev.headrace.types.DataTypes.ShortType);
        };
    }

    private static Object integer(ArithmeticOp op, int a, int b) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b);
            case DIVIDE, INTEGRAL_DIVIDE -> throw undefined(op, dev.headrace.types.DataTypes.IntegerType);
        };
    }

    private static Object bigint(ArithmeticOp op, long a, long b) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b);
            case INTEGRAL_DIVIDE -> ArithmeticFunctions.integralDivide(a, b);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b);
            case DIVIDE -> throw undefined(op, dev.headrace.types.DataTypes.LongType);
        };
    }

    private static Object floating(ArithmeticOp op, float a, float b) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b);
            case DIVIDE, INTEGRAL_DIVIDE -> throw undefined(op, dev.headrace.types.DataTypes.FloatType);
        };
    }

    private static Object doubles(ArithmeticOp op, double a, double b) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b);
            case DIVIDE -> ArithmeticFunctions.divide(a, b);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b);
            case INTEGRAL_DIVIDE -> throw undefined(op, dev.headrace.types.DataTypes.DoubleType);
        };
    }

    private static Object decimal(ArithmeticOp op, BigDecimal a, BigDecimal b, int precision, int scale) {
        return switch (op) {
            case ADD -> ArithmeticFunctions.add(a, b, precision, scale);
            case SUBTRACT -> ArithmeticFunctions.subtract(a, b, precision, scale);
            case MULTIPLY -> ArithmeticFunctions.multiply(a, b, precision, scale);
            case DIVIDE -> ArithmeticFunctions.divide(a, b, precision, scale);
            case REMAINDER -> ArithmeticFunctions.remainder(a, b, precision, scale);
            case INTEGRAL_DIVIDE -> throw undefined(op, new DecimalType(precision, scale));
        };
    }

    private static IllegalArgumentException undefined(ArithmeticOp op, DataType type) {
        return new IllegalArgumentException(op.symbol() + " is not defined for " + type.simpleString());
    }

    private static @Nullable Object call(BoundExpr.Call call, RowView row, EvalContext context) {
        ScalarFunction function = call.function();
        int first = function.takesContext() ? 1 : 0;
        @Nullable Object[] values = new @Nullable Object[first + call.arguments().size()];
        if (first == 1) {
            values[0] = context;
        }
        for (int i = 0; i < call.arguments().size(); i++) {
            values[first + i] = evaluate(call.arguments().get(i), row, context);
            if (values[first + i] == null && !function.calledOnNull()) {
                return null;
            }
        }
        try {
            return invoke(function, values);
        } catch (DataException failed) {
            throw call.origin().in(failed);
        }
    }

    private static @Nullable Object invoke(ScalarFunction function, @Nullable Object[] values) {
        try {
            return function.method().invoke(function.receiver().orElse(null), values);
        } catch (InvocationTargetException thrown) {
            switch (thrown.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default ->
                    throw new IllegalStateException(function.name() + " throws a checked exception", thrown);
            }
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(function.name() + " is not public", impossible);
        }
    }
}
