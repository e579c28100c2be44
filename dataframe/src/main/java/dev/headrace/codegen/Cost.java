package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;

/// What computing an expression costs, as far as that can be told without its values.
final class Cost {
    private Cost() {}

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
            case BoundExpr.Cast(BoundExpr input, DataType type, CastFailure _, var _) ->
                !JavaType.of(input.type()).isPrimitive() || !JavaType.of(type).isPrimitive();
            case BoundExpr other ->
                JavaType.of(other.type()) == JavaType.DECIMAL && other instanceof BoundExpr.Arithmetic;
        };
    }

    /// Whether a row may take much longer than a look at a flag: nobody knows what a function does.
    static boolean mayTakeLong(BoundExpr expr) {
        return expr instanceof BoundExpr.Call || expr.operands().stream().anyMatch(Cost::mayTakeLong);
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
