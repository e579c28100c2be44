package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Analyzes `groupBy(…).agg(…)`, and `select` with aggregate functions.
///
/// A result column is bound over the input's columns, with a column behind them for each aggregate call. Then every
/// part that equals a grouping expression, and every aggregate, is replaced by the column of the
/// [LogicalPlan.Aggregate] that has it; an input column that is left over is neither grouped nor aggregated.
final class AggregateAnalysis {
    private final Resolved input;
    private final List<OutputColumn> keys = new ArrayList<>();
    private final List<LogicalPlan.Aggregate.Aggregation> aggregations = new ArrayList<>();
    private final Set<BoundExpr> notNull = new LinkedHashSet<>();
    private final int inputSize;

    private AggregateAnalysis(Resolved input) {
        this.input = input;
        this.inputSize = input.schema().size();
    }

    /// @param columns the result columns, in which the grouping expressions may appear
    static Resolved of(Resolved input, List<NamedExpr> keys, List<NamedExpr> columns) {
        return new AggregateAnalysis(input).analyze(keys, columns);
    }

    private Resolved analyze(List<NamedExpr> keyExprs, List<NamedExpr> columnExprs) {
        ExprBinder keyBinder = ExprBinder.in(input.scope(), "groupBy(…)").withWindows(notNull::add);
        for (NamedExpr key : expandStars(keyExprs)) {
            keys.add(new OutputColumn(key.outputName(), keyBinder.bind(key)));
        }
        ExprBinder binder =
                ExprBinder.in(input.scope(), "agg(…)").withWindows(notNull::add).withAggregates(this::add);
        List<OutputColumn> columns = new ArrayList<>();
        List<Scope.Entry> entries = new ArrayList<>();
        for (NamedExpr expr : expandStars(columnExprs)) {
            BoundExpr bound = binder.bind(expr);
            String name = expr.outputName();
            columns.add(new OutputColumn(name, named(overAggregate(bound, expr), name)));
            entries.add(entry(expr, bound, name));
        }
        LogicalPlan source = ProjectAnalysis.withoutNulls(input, notNull).plan();
        LogicalPlan.Aggregate aggregate = new LogicalPlan.Aggregate(source, keys, aggregations);
        return project(aggregate, columns, entries);
    }

    private List<NamedExpr> expandStars(List<NamedExpr> exprs) {
        List<NamedExpr> expanded = new ArrayList<>();
        for (NamedExpr expr : exprs) {
            if (expr instanceof NamedExpr.Star star) {
                StarColumns.of(star, input.scope())
                        .forEach(column -> expanded.add(
                                new NamedExpr.Name(List.of(column.name()), java.util.OptionalLong.empty())));
            } else {
                expanded.add(expr);
            }
        }
        return expanded;
    }

    /// The aggregate call as a column behind the input's; one that is there already is computed once.
    private BoundExpr add(AggregateCall call, String text) {
        int at = 0;
        while (at < aggregations.size() && !aggregations.get(at).call().equals(call)) {
            at++;
        }
        if (at == aggregations.size()) {
            aggregations.add(new LogicalPlan.Aggregate.Aggregation(text, call));
        }
        return new BoundExpr.Column(
                inputSize + at,
                text,
                call.function().resultType(),
                call.function().nullable());
    }

    private BoundExpr overAggregate(BoundExpr expr, NamedExpr source) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).expr().equals(expr)) {
                return new BoundExpr.Column(i, keys.get(i).name(), expr.type(), expr.nullable());
            }
        }
        if (expr instanceof BoundExpr.Column column) {
            if (column.ordinal() < inputSize) {
                throw missingAggregation(column, source);
            }
            int ordinal = keys.size() + column.ordinal() - inputSize;
            return new BoundExpr.Column(ordinal, column.name(), column.type(), column.nullable());
        }
        return expr.mapOperands(operand -> overAggregate(operand, source));
    }

    private QueryException missingAggregation(BoundExpr.Column column, NamedExpr source) {
        String grouping = keys.isEmpty()
                ? "there are no grouping columns"
                : "the grouping columns are "
                        + String.join(
                                ", ", keys.stream().map(OutputColumn::name).toList());
        String what = source instanceof NamedExpr.Name
                ? "The column '" + source.text() + "' is"
                : "'" + source.text() + "' uses the column '" + column.name() + "', which is";
        return new QueryException(
                "MISSING_AGGREGATION",
                what + " neither grouped nor in an aggregate function: " + grouping
                        + ". Add it to groupBy(…), or wrap it" + " as in any_value(" + column.name() + ") or max("
                        + column.name() + ").");
    }

    /// Lets a result column that is just an aggregate give it its name, so that no projection is needed for that.
    private BoundExpr named(BoundExpr result, String name) {
        if (!(result instanceof BoundExpr.Column column) || column.ordinal() < keys.size()) {
            return result;
        }
        int at = column.ordinal() - keys.size();
        aggregations.set(
                at,
                new LogicalPlan.Aggregate.Aggregation(name, aggregations.get(at).call()));
        return new BoundExpr.Column(column.ordinal(), name, column.type(), column.nullable());
    }

    private Scope.Entry entry(NamedExpr expr, BoundExpr bound, String name) {
        if (expr instanceof NamedExpr.Name
                && bound instanceof BoundExpr.Column column
                && column.ordinal() < inputSize) {
            return input.scope().entries().get(column.ordinal()).withName(name);
        }
        return Scope.Entry.of(name);
    }

    private static Resolved project(
            LogicalPlan.Aggregate aggregate, List<OutputColumn> columns, List<Scope.Entry> entries) {
        List<String> names = columns.stream().map(OutputColumn::name).toList();
        boolean asIs = aggregate.schema().names().equals(names);
        for (int i = 0; i < columns.size() && asIs; i++) {
            asIs = columns.get(i).expr() instanceof BoundExpr.Column column && column.ordinal() == i;
        }
        LogicalPlan plan = asIs ? aggregate : new LogicalPlan.Project(aggregate, columns);
        return Resolved.of(plan, new Scope(entries, plan.schema()));
    }
}
