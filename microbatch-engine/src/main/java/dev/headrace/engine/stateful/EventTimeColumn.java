package dev.headrace.engine.stateful;

import dev.headrace.function.TimeWindow;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.List;
import java.util.Optional;

/// Whether a value tells the event time, and in which form, found by following it down to a `withWatermark`.
///
/// @param form how the value tells it
/// @param delayMicros the watermark's delay
record EventTimeColumn(Form form, long delayMicros) {

    private static final int WINDOW_END = 1;

    enum Form {
        /// The event time itself: no row with this time can come once the watermark is later.
        INSTANT,
        /// A window `struct<start, end>` around it: no row can fall into it once the watermark has reached its end.
        WINDOW
    }

    /// @param plan the input that the expression is over
    static Optional<EventTimeColumn> of(LogicalPlan plan, BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column column -> ofColumn(plan, column.ordinal());
            case BoundExpr.MakeStruct struct ->
                TimeWindow.match(struct)
                        .flatMap(window -> of(plan, window.time()))
                        .map(time -> new EventTimeColumn(Form.WINDOW, time.delayMicros()));
            // A window comes out when the watermark reaches its end, so its end is an event time like any other.
            case BoundExpr.GetField(BoundExpr window, int ordinal) when ordinal == WINDOW_END ->
                of(plan, window)
                        .filter(time -> time.form() == Form.WINDOW)
                        .map(time -> new EventTimeColumn(Form.INSTANT, time.delayMicros()));
            case BoundExpr _ -> Optional.empty();
        };
    }

    private static Optional<EventTimeColumn> ofColumn(LogicalPlan plan, int ordinal) {
        return switch (plan) {
            case LogicalPlan.Watermark(LogicalPlan _, int column, long delay)
                    when column == ordinal -> Optional.of(new EventTimeColumn(Form.INSTANT, delay));
            case LogicalPlan.Watermark(LogicalPlan input, int _, long _) -> ofColumn(input, ordinal);
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr _) -> ofColumn(input, ordinal);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) ->
                of(input, columns.get(ordinal).expr());
            case LogicalPlan.Aggregate aggregate when ordinal < aggregate.keys().size() ->
                of(aggregate.input(), aggregate.keys().get(ordinal).expr());
            case LogicalPlan.Deduplicate deduplicate -> ofColumn(deduplicate.input(), ordinal);
            case LogicalPlan.Explode explode
                    when ordinal < explode.input().schema().size() -> ofColumn(explode.input(), ordinal);
            case LogicalPlan.Window window
                    when ordinal < window.input().schema().size() -> ofColumn(window.input(), ordinal);
            case LogicalPlan.Join join -> ofJoin(join, ordinal);
            case LogicalPlan.Union(List<LogicalPlan> inputs) -> ofUnion(inputs, ordinal);
            case LogicalPlan.Sort sort -> ofColumn(sort.input(), ordinal);
            case LogicalPlan.Limit limit -> ofColumn(limit.input(), ordinal);
            case LogicalPlan.Scan _,
                    LogicalPlan.LocalRelation _,
                    LogicalPlan.Range _,
                    LogicalPlan.Aggregate _,
                    LogicalPlan.Window _,
                    LogicalPlan.Explode _ -> Optional.empty();
        };
    }

    private static Optional<EventTimeColumn> ofJoin(LogicalPlan.Join join, int ordinal) {
        int leftSize = join.left().schema().size();
        return ordinal < leftSize ? ofColumn(join.left(), ordinal) : ofColumn(join.right(), ordinal - leftSize);
    }

    /// A union's column tells the event time if it does so in every input.
    private static Optional<EventTimeColumn> ofUnion(List<LogicalPlan> inputs, int ordinal) {
        List<EventTimeColumn> columns = inputs.stream()
                .map(input -> ofColumn(input, ordinal))
                .flatMap(Optional::stream)
                .toList();
        return columns.size() == inputs.size() ? Optional.of(columns.getFirst()) : Optional.empty();
    }
}
