package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;

/// Chooses the order of inner joins that lie on each other, and for each which side is held in memory, so that few rows
/// pass between them. Left alone if tables don't know how many rows they have, or have few.
final class OrderJoins implements Rule {
    /// Below this order does not matter.
    private static final double FEW_ROWS = 10_000;

    private static final int MOST_TABLES = 12;

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Join join) || !isInner(join)) {
            return plan.mapInputs(this::apply);
        }
        JoinGraph graph = new JoinGraph();
        List<BoundExpr> outputs = collect(join, graph);
        if (graph.tables().size() > MOST_TABLES || !graph.estimate() || graph.largest() < FEW_ROWS) {
            return plan.mapInputs(this::apply);
        }
        JoinGraph.Ordered ordered = graph.order();
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            columns.add(new OutputColumn(plan.schema().field(i).name(), ordered.place(outputs.get(i))));
        }
        return new LogicalPlan.Project(ordered.plan(), columns);
    }

    private static boolean isInner(LogicalPlan.Join join) {
        return join.type() == JoinType.INNER || join.type() == JoinType.CROSS;
    }

    /// Takes a tree of joins apart.
    ///
    /// @return its output columns, over the graph's columns
    private List<BoundExpr> collect(LogicalPlan plan, JoinGraph graph) {
        return switch (plan) {
            case LogicalPlan.Join join
                    when isInner(join) && join.condition().stream().allMatch(BoundExpr::deterministic) -> {
                List<BoundExpr> outputs = new ArrayList<>(collect(join.left(), graph));
                outputs.addAll(collect(join.right(), graph));
                join.condition().ifPresent(condition -> addConditions(condition, outputs, graph));
                yield outputs;
            }
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate)
                    when predicate.deterministic() && hasJoin(input) -> {
                List<BoundExpr> outputs = collect(input, graph);
                addConditions(predicate, outputs, graph);
                yield outputs;
            }
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns)
                    when hasJoin(input) && columns.stream().allMatch(c -> c.expr() instanceof BoundExpr.Column) -> {
                List<BoundExpr> outputs = collect(input, graph);
                yield columns.stream()
                        .map(column -> outputs.get(((BoundExpr.Column) column.expr()).ordinal()))
                        .toList();
            }
            default -> graph.add(plan.mapInputs(this::apply));
        };
    }

    private static boolean hasJoin(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Join join -> isInner(join);
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr _) -> hasJoin(input);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> _) -> hasJoin(input);
            default -> false;
        };
    }

    private static void addConditions(BoundExpr condition, List<BoundExpr> outputs, JoinGraph graph) {
        for (BoundExpr part : Conjuncts.of(condition)) {
            graph.addCondition(replace(part, outputs));
        }
    }

    private static BoundExpr replace(BoundExpr expr, List<BoundExpr> outputs) {
        return expr instanceof BoundExpr.Column column
                ? outputs.get(column.ordinal())
                : expr.mapOperands(operand -> replace(operand, outputs));
    }
}
