package dev.headrace.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Analyzes joins whose right side uses the left row's columns.
final class LateralAnalysis {
    private LateralAnalysis() {}

    static Resolved of(Analyzer analyzer, NamedPlan.LateralJoin lateral) {
        Resolved left = DroppedColumns.keysWithin(analyzer.resolve(lateral.left()), lateral.right());
        return withHidden(analyzer, left, lateral).visible();
    }

    /// With the hidden columns of the left side behind the others.
    private static Resolved withHidden(Analyzer analyzer, Resolved left, NamedPlan.LateralJoin lateral) {
        return joined(analyzer, left, lateral)
                .hiddenLast()
                .widenedBy(name -> left.with(name, Reach.JOINS).map(wider -> withHidden(analyzer, wider, lateral)));
    }

    private static Resolved joined(Analyzer analyzer, Resolved left, NamedPlan.LateralJoin lateral) {
        Resolved right = analyzer.resolve(lateral.right(), left.scope());
        boolean outer = lateral.type() == JoinType.LEFT_OUTER;
        if (!outer && explodesOuter(right.plan()) && runsBesides(right.plan())) {
            return filtered(Resolved.of(besides(left.plan(), right.plan()), scope(left, right)), lateral.condition());
        }
        Decorrelation.Pulled pulled = Decorrelation.pull(
                Decorrelation.Use.ROWS, right.plan(), left.plan(), UnaryOperator.identity(), UnaryOperator.identity());
        int width = left.schema().size();
        boolean padded = pulled.emptyRow().isPresent() && !pulled.predicates().isEmpty();
        Decorrelation.Marked marked = padded || outer ? pulled.marked() : new Decorrelation.Marked(pulled, -1);
        Scope both = scope(left, right);
        Optional<BoundExpr> on = lateral.condition().map(given -> Conditions.bind(both, given, "a join condition"));
        List<BoundExpr> conditions = new ArrayList<>(marked.pulled().conditions(width, UnaryOperator.identity()));
        if (outer && !padded) {
            on.map(condition -> overPair(condition, marked.pulled(), width)).ifPresent(conditions::add);
        }
        JoinType type = padded || outer ? JoinType.LEFT_OUTER : JoinType.INNER;
        LogicalPlan join = new LogicalPlan.Join(
                left.plan(), marked.pulled().plan(), type, conditions.stream().reduce(BoundExpr.And::new));
        List<OutputColumn> columns =
                new ArrayList<>(Decorrelation.identity(join).subList(0, width));
        for (int i = 0; i < right.schema().size(); i++) {
            columns.add(new OutputColumn(right.schema().field(i).name(), value(marked, i, width, join, padded, type)));
        }
        LogicalPlan project = new LogicalPlan.Project(join, columns);
        if (outer) {
            LogicalPlan rows = padded
                    ? on.map(condition -> nullUnless(condition, project, width)).orElse(project)
                    : project;
            return Resolved.of(rows, both.withSchema(rows.schema()));
        }
        return filtered(Resolved.of(project, both.withSchema(project.schema())), lateral.condition());
    }

    /// A condition over the left row's columns and the right side's, over those of the join.
    private static BoundExpr overPair(BoundExpr condition, Decorrelation.Pulled right, int width) {
        if (!(condition instanceof BoundExpr.Column column)) {
            return condition.mapOperands(operand -> overPair(operand, right, width));
        }
        return Slots.isOuter(column) || column.ordinal() < width
                ? column
                : right.joined(column.ordinal() - width, width);
    }

    /// The rows, of which each left row has one, with nulls on the right side where the condition is not true.
    private static LogicalPlan nullUnless(BoundExpr condition, LogicalPlan rows, int width) {
        List<OutputColumn> columns = new ArrayList<>(Decorrelation.identity(rows));
        columns.subList(width, columns.size())
                .replaceAll(column -> new OutputColumn(
                        column.name(),
                        new BoundExpr.Case(
                                List.of(new BoundExpr.Case.Branch(condition, column.expr())),
                                Optional.empty(),
                                column.expr().type())));
        return new LogicalPlan.Project(rows, columns);
    }

    private static Scope scope(Resolved left, Resolved right) {
        return left.scope().followedBy(right.scope().within(left.scope().outer()));
    }

    private static Resolved filtered(Resolved joined, Optional<NamedExpr> condition) {
        return condition
                .map(given -> Conditions.bind(joined.scope(), given, "a join condition"))
                .map(bound -> Resolved.of(new LogicalPlan.Filter(joined.plan(), bound), joined.scope()))
                .orElse(joined);
    }

    // ---- Generators of the left row's columns, which no join can come before

    private static boolean explodesOuter(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Explode explode && Slots.hasOuter(explode.collection())
                || plan.inputs().stream().anyMatch(LateralAnalysis::explodesOuter);
    }

    /// Whether each step takes one row at a time.
    private static boolean runsBesides(LogicalPlan plan) {
        return !Decorrelation.isCorrelated(plan)
                || switch (plan) {
                    case LogicalPlan.Project _, LogicalPlan.Filter _, LogicalPlan.Explode _ ->
                        runsBesides(plan.inputs().getFirst());
                    default -> false;
                };
    }

    /// The left row's columns followed by those of the right plan, whose steps run over both.
    private static LogicalPlan besides(LogicalPlan left, LogicalPlan right) {
        if (!Decorrelation.isCorrelated(right)) {
            return new LogicalPlan.Join(left, right, JoinType.INNER, Optional.empty());
        }
        int width = left.schema().size();
        return switch (right) {
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) -> {
                LogicalPlan below = besides(left, input);
                List<OutputColumn> all =
                        new ArrayList<>(Decorrelation.identity(below).subList(0, width));
                columns.forEach(column -> all.add(new OutputColumn(column.name(), behind(column.expr(), width))));
                yield new LogicalPlan.Project(below, all);
            }
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) ->
                new LogicalPlan.Filter(besides(left, input), behind(predicate, width));
            case LogicalPlan.Explode explode ->
                new LogicalPlan.Explode(
                        besides(left, explode.input()),
                        behind(explode.collection(), width),
                        explode.outer(),
                        explode.withPosition(),
                        explode.names());
            default -> throw Decorrelation.unsupportedBeneath(right);
        };
    }

    /// An expression of the right plan over the left row's columns followed by that plan's.
    private static BoundExpr behind(BoundExpr expr, int width) {
        if (!(expr instanceof BoundExpr.Column column)) {
            return expr.mapOperands(operand -> behind(operand, width));
        }
        return Slots.isOuter(column)
                ? Slots.inward(column)
                : new BoundExpr.Column(column.ordinal() + width, column.name(), column.type(), column.nullable());
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
