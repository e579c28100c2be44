package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `a RIGHT JOIN b` becomes `b LEFT JOIN a`, and a projection that has the columns in their order: a join that holds
/// the side whose rows all come out is complete before its first row, and mostly that is the larger side. Not for joins
/// of streams, whose state depends on the sides.
final class TurnRightJoins implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan,
                node -> node instanceof LogicalPlan.Join join
                                && join.type() == JoinType.RIGHT_OUTER
                                && !join.isStreaming()
                        ? turned(join)
                        : node);
    }

    private static LogicalPlan turned(LogicalPlan.Join join) {
        int leftWidth = join.left().schema().size();
        int rightWidth = join.right().schema().size();
        LogicalPlan pairs = new LogicalPlan.Join(join.right(), join.left(), JoinType.CROSS, Optional.empty());
        Optional<BoundExpr> condition = join.condition()
                .map(on -> Columns.move(on, pairs, i -> i < leftWidth ? rightWidth + i : i - leftWidth));
        LogicalPlan turned = new LogicalPlan.Join(join.right(), join.left(), JoinType.LEFT_OUTER, condition);
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < leftWidth + rightWidth; i++) {
            columns.add(Columns.keep(turned.schema(), i < leftWidth ? rightWidth + i : i - leftWidth));
        }
        return new LogicalPlan.Project(turned, columns);
    }
}
