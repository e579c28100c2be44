package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.List;

/// A projection over a projection becomes one, unless an expression with work in it would then be computed twice, or
/// one that is not deterministic would be moved; and a projection that changes nothing goes.
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
            if (uses > 0 && !expr.deterministic() || uses > 1 && !Columns.isTrivial(expr)) {
                return false;
            }
        }
        return true;
    }
}
