package dev.headrace.plan;

import java.util.Iterator;
import java.util.List;

/// Whether expressions are the same but for the order of operands that may be exchanged: `a + 1` and `1 + a`, `a < b`
/// and `b > a`.
final class Equivalence {
    private Equivalence() {}

    static boolean holds(BoundExpr a, BoundExpr b) {
        if (a.getClass() != b.getClass()) {
            return false;
        }
        if (a.equals(b)) {
            return true;
        }
        List<BoundExpr> left = a.operands();
        List<BoundExpr> right = b.operands();
        if (left.isEmpty() || left.size() != right.size()) {
            return false;
        }
        return pairwise(left, right) && differsInOperandsOnly(a, b)
                || isExchanged(a, b) && pairwise(left, right.reversed());
    }

    private static boolean pairwise(List<BoundExpr> left, List<BoundExpr> right) {
        for (int i = 0; i < left.size(); i++) {
            if (!holds(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean differsInOperandsOnly(BoundExpr a, BoundExpr b) {
        Iterator<BoundExpr> others = b.operands().iterator();
        return a.mapOperands(_ -> others.next()).equals(b);
    }

    /// Whether two expressions would be the same with the operands of one of them exchanged, if these are the same.
    private static boolean isExchanged(BoundExpr a, BoundExpr b) {
        return switch (a) {
            case BoundExpr.And _, BoundExpr.Or _ -> true;
            case BoundExpr.Compare(CompareOp op, BoundExpr _, BoundExpr _) ->
                b instanceof BoundExpr.Compare other && other.op() == op.flipped();
            case BoundExpr.Arithmetic sum ->
                b instanceof BoundExpr.Arithmetic other
                        && (sum.op() == ArithmeticOp.ADD || sum.op() == ArithmeticOp.MULTIPLY)
                        && other.op() == sum.op()
                        && other.type().equals(sum.type())
                        && other.failure() == sum.failure();
            default -> false;
        };
    }
}
