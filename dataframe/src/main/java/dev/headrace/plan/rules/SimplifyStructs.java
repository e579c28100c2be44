package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;

/// `struct(a, b).b` becomes `b`; a field of a struct that is chosen (`coalesce`, `CASE`) becomes a choice between
/// fields, so that no struct is made for it.
final class SimplifyStructs implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan, node -> Expressions.map(node, expr -> expr.transformUp(SimplifyStructs::simplify)));
    }

    private static BoundExpr simplify(BoundExpr expr) {
        BoundExpr simple = switch (expr) {
            case BoundExpr.GetField(BoundExpr.MakeStruct(List<BoundExpr> values, StructType _), int ordinal) ->
                values.get(ordinal);
            case BoundExpr.GetField(BoundExpr.Case node, int ordinal)
                    when node.branches().stream().allMatch(branch -> isCheap(branch.condition())) -> fieldOf(node, ordinal);
            case BoundExpr.GetField(BoundExpr.Coalesce(List<BoundExpr> structs), int ordinal)
                    when structs.stream().allMatch(Columns::isTrivial) -> fieldOfFirst(structs, ordinal);
            case BoundExpr.IsNull(BoundExpr.Coalesce(List<BoundExpr> structs))
                    when structs.getFirst().type() instanceof StructType -> allNull(structs);
            default -> expr;
        };
        // Whether a column may be null is part of a plan's schema, which a rule keeps.
        return simple.nullable() == expr.nullable() ? simple : expr;
    }

    private static boolean isCheap(BoundExpr condition) {
        return condition.deterministic() && Columns.isCheap(condition);
    }

    private static BoundExpr field(BoundExpr struct, int ordinal) {
        return simplify(new BoundExpr.GetField(struct, ordinal));
    }

    private static BoundExpr fieldOf(BoundExpr.Case node, int ordinal) {
        return new BoundExpr.Case(
                node.branches().stream()
                        .map(branch -> new BoundExpr.Case.Branch(branch.condition(), field(branch.value(), ordinal)))
                        .toList(),
                node.otherwise().map(value -> field(value, ordinal)),
                ((StructType) node.type()).field(ordinal).dataType());
    }

    private static BoundExpr fieldOfFirst(List<BoundExpr> structs, int ordinal) {
        BoundExpr first = field(structs.getFirst(), ordinal);
        return structs.size() == 1
                ? first
                : new BoundExpr.Case(
                        List.of(new BoundExpr.Case.Branch(
                                new BoundExpr.IsNull(structs.getFirst()),
                                fieldOfFirst(structs.subList(1, structs.size()), ordinal))),
                        Optional.of(first),
                        first.type());
    }

    private static BoundExpr allNull(List<BoundExpr> structs) {
        BoundExpr all = new BoundExpr.IsNull(structs.getFirst());
        for (BoundExpr struct : structs.subList(1, structs.size())) {
            all = new BoundExpr.And(all, new BoundExpr.IsNull(struct));
        }
        return all;
    }
}
