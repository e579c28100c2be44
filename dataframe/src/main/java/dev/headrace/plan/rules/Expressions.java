package dev.headrace.plan.rules;

import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Firing;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.WindowCall;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The expressions of one plan node.
final class Expressions {
    private Expressions() {}

    /// The node with each of its expressions replaced; its inputs stay.
    static LogicalPlan map(LogicalPlan plan, UnaryOperator<BoundExpr> f) {
        return switch (plan) {
            case LogicalPlan.Scan _,
                    LogicalPlan.LocalRelation _,
                    LogicalPlan.Range _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Union _,
                    LogicalPlan.Deduplicate _,
                    LogicalPlan.MapGroups _,
                    LogicalPlan.Watermark _ -> plan;
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate) ->
                new LogicalPlan.Filter(input, f.apply(predicate));
            case LogicalPlan.Shed(LogicalPlan input, BoundExpr key, long mostWaiting, double kept) ->
                new LogicalPlan.Shed(input, f.apply(key), mostWaiting, kept);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) ->
                new LogicalPlan.Project(input, columns(columns, f));
            case LogicalPlan.Aggregate(
                    LogicalPlan input,
                    List<OutputColumn> keys,
                    List<LogicalPlan.Aggregate.Aggregation> aggregates,
                    Optional<Firing> firing) ->
                new LogicalPlan.Aggregate(input, columns(keys, f), aggregations(aggregates, f), firing);
            case LogicalPlan.Observe observe ->
                new LogicalPlan.Observe(
                        observe.input(), aggregations(observe.aggregates(), f), observe.results(), observe.observer());
            case LogicalPlan.Join(LogicalPlan left, LogicalPlan right, JoinType type, Optional<BoundExpr> condition) ->
                new LogicalPlan.Join(left, right, type, condition.map(f));
            case LogicalPlan.AsOfJoin join ->
                new LogicalPlan.AsOfJoin(
                        join.left(),
                        join.right(),
                        join.type(),
                        join.condition().map(f),
                        join.asOf().map(f));
            case LogicalPlan.LookupJoin join ->
                new LogicalPlan.LookupJoin(
                        join.input(), join.keys().stream().map(f).toList(), join.lookup(), join.type());
            case LogicalPlan.Sort(LogicalPlan input, List<SortKey> keys) ->
                new LogicalPlan.Sort(
                        input,
                        keys.stream()
                                .map(key -> new SortKey(f.apply(key.expr()), key.direction(), key.nulls()))
                                .toList());
            case LogicalPlan.Explode(
                    LogicalPlan input,
                    BoundExpr collection,
                    boolean outer,
                    boolean withPosition,
                    List<String> names) ->
                new LogicalPlan.Explode(input, f.apply(collection), outer, withPosition, names);
            case LogicalPlan.Window window ->
                new LogicalPlan.Window(
                        window.input(),
                        window.partition().stream().map(f).toList(),
                        window.order().stream()
                                .map(key -> new SortKey(f.apply(key.expr()), key.direction(), key.nulls()))
                                .toList(),
                        window.columns().stream()
                                .map(column -> new LogicalPlan.Window.Column(column.name(), call(column.call(), f)))
                                .toList());
        };
    }

    static List<LogicalPlan.Aggregate.Aggregation> aggregations(
            List<LogicalPlan.Aggregate.Aggregation> aggregations, UnaryOperator<BoundExpr> f) {
        return aggregations.stream()
                .map(a -> new LogicalPlan.Aggregate.Aggregation(a.name(), call(a.call(), f)))
                .toList();
    }

    static WindowCall call(WindowCall call, UnaryOperator<BoundExpr> f) {
        return new WindowCall(call.function().map(f), call.frame().map(f));
    }

    static List<OutputColumn> columns(List<OutputColumn> columns, UnaryOperator<BoundExpr> f) {
        return columns.stream()
                .map(column -> new OutputColumn(column.name(), f.apply(column.expr()), column.metadata()))
                .toList();
    }

    static AggregateCall call(AggregateCall call, UnaryOperator<BoundExpr> f) {
        return new AggregateCall(
                call.function(),
                call.arguments().stream().map(f).toList(),
                call.distinct(),
                call.filter().map(f));
    }

    /// Applies `f` to every node, inputs first.
    static LogicalPlan transformUp(LogicalPlan plan, UnaryOperator<LogicalPlan> f) {
        return f.apply(plan.mapInputs(input -> transformUp(input, f)));
    }
}
