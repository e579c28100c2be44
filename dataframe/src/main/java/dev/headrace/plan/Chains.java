package dev.headrace.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// Chains of an operator that gives the same however its operands are grouped: AND, OR, `||`, `UNION ALL`.
///
/// Generated statements have chains of thousands. As a tree that leans to the left they would need as many frames on the
/// stack wherever it is walked; these lean to no side.
public final class Chains {
    /// Up to so many are grouped from the left, as they are written.
    private static final int LEFT_TO_RIGHT = 64;

    private Chains() {}

    /// All operands combined in their order; empty for none.
    public static <T> Optional<T> combined(List<? extends T> operands, BinaryOperator<T> operator) {
        return operands.isEmpty() ? Optional.empty() : Optional.of(some(operands, operator));
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
