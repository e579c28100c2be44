package dev.headrace.exec;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A join's condition, taken apart.
///
/// @param left what must be equal, over the left input's columns
/// @param right the same over the right input's, one for one
/// @param rest what else must hold, over the left columns followed by the right ones
public record JoinKeys(List<BoundExpr> left, List<BoundExpr> right, List<BoundExpr> rest) {
    public static JoinKeys of(LogicalPlan.Join join) {
        int leftSize = join.left().schema().size();
        List<BoundExpr> left = new ArrayList<>();
        List<BoundExpr> right = new ArrayList<>();
        List<BoundExpr> rest = new ArrayList<>();
        for (BoundExpr conjunct : conjuncts(join.condition())) {
            Optional<BoundExpr[]> sides = equality(conjunct, leftSize);
            if (sides.isPresent() && isNullSafe(conjunct)) {
                sides = Optional.of(nullSafe(sides.get()));
            }
            if (sides.isPresent()) {
                left.add(sides.get()[0]);
                right.add(PhysicalPlanner.moveRight(sides.get()[1], 0, -leftSize));
            } else {
                rest.add(conjunct);
            }
        }
        return new JoinKeys(left, right, rest);
    }

    /// The same for a condition that was written as equalities alone, and leaves nothing over: where a side has turned
    /// out to be a constant, what is left is a condition on one side, which must equal true.
    public static JoinKeys ofEqualities(LogicalPlan.Join join) {
        JoinKeys keys = of(join);
        int leftSize = join.left().schema().size();
        List<BoundExpr> left = new ArrayList<>(keys.left());
        List<BoundExpr> right = new ArrayList<>(keys.right());
        BoundExpr yes = new BoundExpr.Literal(Scalar.TRUE);
        for (BoundExpr part : keys.rest()) {
            boolean ofLeft = onlyLeft(part, leftSize);
            left.add(ofLeft ? part : yes);
            right.add(ofLeft ? yes : PhysicalPlanner.moveRight(part, 0, -leftSize));
        }
        return new JoinKeys(left, right, List.of());
    }

    /// The conditions that must all hold.
    public static List<BoundExpr> conjuncts(Optional<BoundExpr> condition) {
        List<BoundExpr> out = new ArrayList<>();
        condition.ifPresent(expr -> addConjuncts(expr, out));
        return out;
    }

    private static void addConjuncts(BoundExpr expr, List<BoundExpr> out) {
        if (expr instanceof BoundExpr.And(BoundExpr left, BoundExpr right)) {
            addConjuncts(left, out);
            addConjuncts(right, out);
        } else {
            out.add(expr);
        }
    }

    /// The sides of an equality between the left and the right input, left one first.
    private static Optional<BoundExpr[]> equality(BoundExpr expr, int leftSize) {
        if (!(expr instanceof BoundExpr.Compare(CompareOp op, BoundExpr a, BoundExpr b))
                || op != CompareOp.EQUAL && op != CompareOp.NULL_SAFE_EQUAL) {
            return Optional.empty();
        }
        if (onlyLeft(a, leftSize) && onlyRight(b, leftSize)) {
            return Optional.of(new BoundExpr[] {a, b});
        }
        if (onlyLeft(b, leftSize) && onlyRight(a, leftSize)) {
            return Optional.of(new BoundExpr[] {b, a});
        }
        return Optional.empty();
    }

    private static boolean isNullSafe(BoundExpr expr) {
        return expr instanceof BoundExpr.Compare compare && compare.op() == CompareOp.NULL_SAFE_EQUAL;
    }

    /// Sides that are equal, and never null, where null may equal null: as the only field of a struct. A null can't
    /// equal a side that has none.
    private static BoundExpr[] nullSafe(BoundExpr[] sides) {
        if (!sides[0].nullable() || !sides[1].nullable()) {
            return sides;
        }
        StructType type = new StructType(List.of(new StructField("value", sides[0].type(), true)));
        return new BoundExpr[] {
            new BoundExpr.MakeStruct(List.of(sides[0]), type), new BoundExpr.MakeStruct(List.of(sides[1]), type)
        };
    }

    private static boolean onlyLeft(BoundExpr expr, int leftSize) {
        return expr instanceof BoundExpr.Column column
                ? column.ordinal() < leftSize
                : expr.operands().stream().allMatch(operand -> onlyLeft(operand, leftSize));
    }

    private static boolean onlyRight(BoundExpr expr, int leftSize) {
        return expr instanceof BoundExpr.Column column
                ? column.ordinal() >= leftSize
                : !(expr instanceof BoundExpr.Literal)
                        && expr.operands().stream()
                                .allMatch(o -> o instanceof BoundExpr.Literal || onlyRight(o, leftSize));
    }
}
