package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.List;

/// A projection over a projection becomes one, unless an expression with work in it would then be computed twice, or
/// one that is not deterministic would be moved; and a projection that changes nothing goes.
///
/// To choose the first value that is there (`coalesce`) is less work than to copy it, so that may be done twice: a
/// struct that is chosen is never built if only its fields are used.
final class CollapseProjects implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, CollapseProjects::collapse);
    }

    private static LogicalPlan collapse(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns)
                    when isIdentity(columns, input) -> input;
            case LogicalPlan.Project(
                    LogicalPlan.Project(LogicalPlan input, List<OutputColumn> inner),
                    List<OutputColumn> outer)
            when mayCollapse(inner, outer) ->
                new LogicalPlan.Project(input, Expressions.columns(outer, expr -> Columns.substitute(expr, inner)));
            default -> plan;
        };
    }

    private static boolean isIdentity(List<OutputColumn> columns, LogicalPlan input) {
        if (columns.size() != input.schema().size()) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            boolean same = columns.get(i).expr() instanceof BoundExpr.Column column
                    && column.ordinal() == i
                    && columns.get(i).name().equals(input.schema().field(i).name());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayCollapse(List<OutputColumn> inner, List<OutputColumn> outer) {
        for (int i = 0; i < inner.size(); i++) {
            BoundExpr expr = inner.get(i).expr();
            int ordinal = i;
            int uses = outer.stream()
                    .mapToInt(column -> Columns.count(column.expr(), ordinal))
                    .sum();
            boolean free = Columns.isTrivial(expr)
                    || isChoice(expr)
                            && (!expr.type().isNested()
                                    || outer.stream().allMatch(column -> usesParts(column.expr(), ordinal)));
            if (uses > 0 && !expr.deterministic() || uses > 1 && !free) {
                return false;
            }
        }
        return true;
    }

    private static boolean isChoice(BoundExpr expr) {
        return expr instanceof BoundExpr.Coalesce(List<BoundExpr> arguments)
                && arguments.stream().allMatch(Columns::isTrivial);
    }

    /// Whether only fields of the column are used, and whether it is null.
    private static boolean usesParts(BoundExpr expr, int ordinal) {
        return switch (expr) {
            case BoundExpr.Column column -> column.ordinal() != ordinal;
            case BoundExpr.GetField(BoundExpr.Column _, int _), BoundExpr.IsNull(BoundExpr.Column _) -> true;
            default -> expr.operands().stream().allMatch(operand -> usesParts(operand, ordinal));
        };
    }
}
