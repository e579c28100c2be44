package dev.headrace.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// Chains of an operator that gives the same however its operands are grouped: AND, OR, `||`, `UNION ALL`.
///
/// Generated statements have chains of thousands. As a tree that leans to the left they would need as many frames on
/// the stack wherever it is walked; these lean to no side.
public final class Chains {
    /// Up to so many are grouped from the left, as they are written.
    private static final int LEFT_TO_RIGHT = 64;

    /// So many on the left of a chain that grows are too many.
    private static final int LONGEST = 4 * LEFT_TO_RIGHT;

    private Chains() {}

    /// All operands combined in their order; empty for none.
    public static <T> Optional<T> combined(List<? extends T> operands, BinaryOperator<T> operator) {
        return operands.isEmpty() ? Optional.empty() : Optional.of(some(operands, operator));
    }

    /// `left AND right` or `left OR right`, for programs that make chains operand by operand: a long one on the left is
    /// combined anew.
    public static NamedExpr joined(String operator, NamedExpr left, NamedExpr right) {
        int length = 0;
        for (NamedExpr each = left; isCall(each, operator) && length < LONGEST; length++) {
            each = ((NamedExpr.Call) each).arguments().getFirst();
        }
        if (length < LONGEST) {
            return new NamedExpr.Call(operator, left, right);
        }
        List<NamedExpr> operands = new ArrayList<>();
        collect(operator, left, operands);
        operands.add(right);
        return some(operands, (a, b) -> new NamedExpr.Call(operator, a, b));
    }

    private static boolean isCall(NamedExpr expr, String operator) {
        return expr instanceof NamedExpr.Call call && call.function().equals(operator);
    }

    private static void collect(String operator, NamedExpr expr, List<NamedExpr> operands) {
        if (isCall(expr, operator)) {
            expr.operands().forEach(operand -> collect(operator, operand, operands));
        } else {
            operands.add(expr);
        }
    }

    private static <T> T some(List<? extends T> operands, BinaryOperator<T> operator) {
        if (operands.size() <= LEFT_TO_RIGHT) {
            T result = operands.getFirst();
            for (T operand : operands.subList(1, operands.size())) {
                result = operator.apply(result, operand);
            }
            return result;
        }
        int half = operands.size() / 2;
        return operator.apply(
                some(operands.subList(0, half), operator), some(operands.subList(half, operands.size()), operator));
    }
}
