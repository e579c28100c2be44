package dev.headrace.plan;

import dev.headrace.chunk.Slice;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.math.BigDecimal;

/// Which expressions have a value for every row.
///
/// A condition that may fail is not asked about rows that one before it leaves out, and nothing else is computed for
/// rows that nobody wants, unless it never fails.
public final class Totality {
    private Totality() {}

    /// Whether the expression can't fail, whatever the row: then nobody sees whether it is evaluated.
    public static boolean neverFails(BoundExpr expr) {
        boolean itself = switch (expr) {
            case BoundExpr.Cast(BoundExpr input, DataType type, CastFailure _, Origin _) -> fits(input.type(), type);
            case BoundExpr.Compare(var _, BoundExpr left, BoundExpr _) -> !(left.type() instanceof MapType);
            case BoundExpr.Arithmetic(
                    ArithmeticOp op,
                    BoundExpr left,
                    BoundExpr right,
                    DecimalType type,
                    var _,
                    Origin _) -> hasRoom(op, left.type(), right, type);
            case BoundExpr.Arithmetic(ArithmeticOp op, var _, var _, DataType type, var _, Origin _) ->
                isFloating(type)
                        && (op == ArithmeticOp.ADD || op == ArithmeticOp.SUBTRACT || op == ArithmeticOp.MULTIPLY);
            case BoundExpr.Call call -> call.function().neverFails() || matches(call);
            case BoundExpr.Column _,
                    BoundExpr.Literal _,
                    BoundExpr.And _,
                    BoundExpr.Or _,
                    BoundExpr.Not _,
                    BoundExpr.IsNull _,
                    BoundExpr.Coalesce _,
                    BoundExpr.Case _,
                    BoundExpr.In _,
                    BoundExpr.GetField _,
                    BoundExpr.MakeStruct _ -> true;
        };
        return itself && expr.operands().stream().allMatch(Totality::neverFails);
    }

    /// Whether a type has all digits before the point, and at least those behind it, that what is computed of decimals
    /// may have.
    private static boolean hasRoom(ArithmeticOp op, DataType left, BoundExpr right, DecimalType type) {
        int digits = type.precision() - type.scale();
        int most = Math.max(integerDigits(left), integerDigits(right.type()));
        boolean exact = type.scale() >= Math.max(scale(left), scale(right.type()));
        return switch (op) {
            case ADD, SUBTRACT -> exact && digits > most;
            case MULTIPLY ->
                type.scale() >= scale(left) + scale(right.type())
                        && digits >= integerDigits(left) + integerDigits(right.type());
            // By at least one: what comes out is not longer.
            case DIVIDE ->
                exact
                        && digits >= integerDigits(left)
                        && right instanceof BoundExpr.Literal(Scalar(BigDecimal divisor, var _))
                        && divisor.abs().compareTo(BigDecimal.ONE) >= 0;
            case INTEGRAL_DIVIDE, REMAINDER -> false;
        };
    }

    private static boolean isFloating(DataType type) {
        return type instanceof FloatType || type instanceof DoubleType;
    }

    /// Whether it compares texts with a constant pattern that is one.
    private static boolean matches(BoundExpr.Call call) {
        if (call.operands().size() != 2
                || !(call.operands().getLast() instanceof BoundExpr.Literal(Scalar(Slice pattern, var _)))) {
            return false;
        }
        return switch (call.function().name()) {
            case "like", "ilike" -> pattern.toString().indexOf('\\') < 0;
            default -> false;
        };
    }

    /// Whether a cast has a value for each one of the type.
    private static boolean fits(DataType from, DataType to) {
        return from.equals(to)
                || switch (to) {
                    case StringType _ -> !(from.isNested() || from instanceof VariantType);
                    case DecimalType(int precision, int scale) ->
                        integerDigits(from) + scale <= precision && scale >= scale(from);
                    case FloatType _, DoubleType _ ->
                        width(from) > 0 && width(from) < width(to) || from instanceof DecimalType;
                    case DateType _ -> from instanceof TimestampType || from instanceof TimestampNTZType;
                    case TimestampNTZType _ -> from instanceof TimestampType;
                    // Dates have more years than timestamps.
                    case TimestampType _ -> false;
                    default -> width(from) > 0 && width(from) < width(to);
                };
    }

    /// Digits before the point of the type's longest numbers; more than any decimal has for types of no exact numbers.
    private static int integerDigits(DataType type) {
        return switch (type) {
            case ByteType _ -> 3;
            case ShortType _ -> 5;
            case IntegerType _ -> 10;
            case LongType _ -> 19;
            case DecimalType(int precision, int scale) -> precision - scale;
            default -> DecimalType.MAX_PRECISION + 1;
        };
    }

    private static int scale(DataType type) {
        return type instanceof DecimalType(int _, int scale) ? scale : 0;
    }

    /// Where the type stands in the order in which each number has those of the types before it; 0 for other types.
    private static int width(DataType type) {
        return switch (type) {
            case ByteType _ -> 1;
            case ShortType _ -> 2;
            case IntegerType _ -> 3;
            case LongType _ -> 4;
            case FloatType _ -> 5;
            case DoubleType _ -> 6;
            default -> 0;
        };
    }
}
