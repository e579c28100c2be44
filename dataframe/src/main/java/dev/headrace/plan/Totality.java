package dev.headrace.plan;

import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;

/// Which expressions have a value for every row.
///
/// A condition that may fail is not asked about rows that one before it leaves out, and nothing else is computed for
/// rows that nobody wants, unless it never fails.
public final class Totality {
    private Totality() {}

    /// Whether the expression can't fail, whatever the row: then nobody sees whether it is evaluated.
    public static boolean neverFails(BoundExpr expr) {
        boolean itself = switch (expr) {
            case BoundExpr.Cast(BoundExpr input, DataType type, CastFailure _) -> widens(input.type(), type);
            case BoundExpr.Compare(var _, BoundExpr left, BoundExpr _) -> !(left.type() instanceof MapType);
            case BoundExpr.Arithmetic(ArithmeticOp op, var _, var _, DataType type, var _) ->
                isFloating(type)
                        && (op == ArithmeticOp.ADD || op == ArithmeticOp.SUBTRACT || op == ArithmeticOp.MULTIPLY);
            case BoundExpr.Call _ -> false;
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

    private static boolean isFloating(DataType type) {
        return type instanceof FloatType || type instanceof DoubleType;
    }

    private static boolean widens(DataType from, DataType to) {
        return from.equals(to) || width(from) > 0 && width(from) < width(to);
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
