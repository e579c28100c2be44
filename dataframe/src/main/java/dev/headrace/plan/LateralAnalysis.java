package dev.headrace.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Analyzes joins whose right side uses the left row's columns.
final class LateralAnalysis {
    private LateralAnalysis() {}

    static Resolved of(Analyzer analyzer, NamedPlan.LateralJoin lateral) {
        Resolved left = analyzer.resolve(lateral.left());
        Resolved right = analyzer.resolve(lateral.right(), left.scope());
        Decorrelation.Pulled pulled = Decorrelation.pull(right.plan());
        boolean outer = lateral.type() == JoinType.LEFT_OUTER;
        int width = left.schema().size();
        boolean padded = pulled.emptyRow().isPresent() && !pulled.predicates().isEmpty();
        Decorrelation.Marked marked = padded || outer ? pulled.marked() : new Decorrelation.Marked(pulled, -1);
        List<BoundExpr> conditions = new ArrayList<>(marked.pulled().conditions(width, UnaryOperator.identity()));
        JoinType type = padded || outer ? JoinType.LEFT_OUTER : JoinType.INNER;
        LogicalPlan join = new LogicalPlan.Join(
                left.plan(), marked.pulled().plan(), type, conditions.stream().reduce(BoundExpr.And::new));
        List<OutputColumn> columns =
                new ArrayList<>(Decorrelation.identity(join).subList(0, width));
        for (int i = 0; i < right.schema().size(); i++) {
            columns.add(new OutputColumn(right.schema().field(i).name(), value(marked, i, width, join, padded, type)));
        }
        LogicalPlan project = new LogicalPlan.Project(join, columns);
        Scope scope = left.scope()
                .followedBy(right.scope().within(left.scope().outer()))
                .withSchema(project.schema());
        Resolved joined = Resolved.of(project, scope);
        if (lateral.condition().isEmpty()) {
            return joined;
        }
        if (outer) {
            throw Decorrelation.unsupported("ON of a lateral outer join");
        }
        BoundExpr condition = Conditions.bind(scope, lateral.condition().get(), "a join condition");
        return Resolved.of(new LogicalPlan.Filter(project, condition), scope);
    }

    /// A column of the right side; if no row was found, that of the row over nothing, or null.
    private static BoundExpr value(
            Decorrelation.Marked marked, int output, int width, LogicalPlan join, boolean padded, JoinType type) {
        BoundExpr value = inward(marked.pulled().output(output, width), join);
        if (type == JoinType.INNER) {
            return value;
        }
        BoundExpr missing = new BoundExpr.IsNull(Decorrelation.column(join, width + marked.ordinal()));
        BoundExpr ifNone = padded
                ? inward(marked.pulled().emptyRow().orElseThrow().get(output), join)
                : new BoundExpr.Literal(new Scalar(null, value.type()));
        return new BoundExpr.Case(
                List.of(new BoundExpr.Case.Branch(missing, ifNone)), Optional.of(value), value.type());
    }

    /// The left row's columns in a value of the right side.
    private static BoundExpr inward(BoundExpr expr, LogicalPlan join) {
        if (!(expr instanceof BoundExpr.Column column)) {
            return expr.mapOperands(operand -> inward(operand, join));
        }
        if (!Slots.isOuter(column)) {
            return Decorrelation.column(join, column.ordinal());
        }
        return Slots.inward(column);
    }
}
