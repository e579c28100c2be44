package dev.headrace.codegen;

import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;

/// What can be told of an expression without its values.
final class Totality {
    private Totality() {}

    /// Whether the expression can't fail, whatever the row: then nobody sees whether it is evaluated.
    static boolean neverFails(BoundExpr expr) {
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
        JavaType given = JavaType.of(from);
        JavaType wanted = JavaType.of(to);
        return from.equals(to)
                || from instanceof dev.headrace.types.NumericType
                        && to instanceof dev.headrace.types.NumericType
                        && given.isPrimitive()
                        && wanted.isPrimitive()
                        && given.ordinal() < wanted.ordinal();
    }

    /// Whether evaluating the expression costs less than a branch around it, and can't fail.
    static boolean isCheap(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Literal _ -> true;
            case BoundExpr.Column _ -> isLight(expr.type());
            case BoundExpr.GetField _ -> isLight(expr.type()) && Path.of(expr).isPresent();
            case BoundExpr.IsNull(BoundExpr input) -> Path.of(input).isPresent();
            case BoundExpr.Not(BoundExpr input) -> isCheap(input);
            case BoundExpr.Compare(var _, BoundExpr left, BoundExpr right) ->
                JavaType.of(left.type()).isPrimitive() && isCheap(left) && isCheap(right);
            case BoundExpr.And(BoundExpr left, BoundExpr right) -> isCheap(left) && isCheap(right);
            case BoundExpr.Or(BoundExpr left, BoundExpr right) -> isCheap(left) && isCheap(right);
            case BoundExpr.Cast _,
                    BoundExpr.Arithmetic _,
                    BoundExpr.Coalesce _,
                    BoundExpr.Case _,
                    BoundExpr.In _,
                    BoundExpr.MakeStruct _,
                    BoundExpr.Call _ -> false;
        };
    }

    private static boolean isLight(DataType type) {
        JavaType java = JavaType.of(type);
        return java.isPrimitive() || java == JavaType.SLICE;
    }

    /// Whether computing the expression once more would be noticed: it calls a function or converts text.
    static boolean isCostly(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Call _ -> true;
            case BoundExpr.Cast(BoundExpr input, DataType type, CastFailure _) ->
                !JavaType.of(input.type()).isPrimitive() || !JavaType.of(type).isPrimitive();
            case BoundExpr other ->
                JavaType.of(other.type()) == JavaType.DECIMAL && other instanceof BoundExpr.Arithmetic;
        };
    }

    /// Whether a row may take much longer than a look at a flag: nobody knows what a function does.
    static boolean mayTakeLong(BoundExpr expr) {
        return expr instanceof BoundExpr.Call || expr.operands().stream().anyMatch(Totality::mayTakeLong);
    }

    /// The number of nodes, by which the length of the code is judged.
    static int nodes(BoundExpr expr) {
        int nodes = 1;
        for (BoundExpr operand : expr.operands()) {
            nodes += nodes(operand);
        }
        return nodes;
    }
}
