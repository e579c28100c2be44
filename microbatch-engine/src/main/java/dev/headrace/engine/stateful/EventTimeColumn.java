package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.function.CalendarWindow;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Firing;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.WindowFunction;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Whether a value tells the event time, and in which form, found by following it down to a `withWatermark`.
///
/// @param form how the value tells it
/// @param delayMicros the watermark's delay
/// @param slackMicros how much later than the form says the watermark must be for a value to be final
record EventTimeColumn(Form form, long delayMicros, long slackMicros) {
    private static final int WINDOW_END = 1;
    /// A row at the very end of a session still belongs to it.
    private static final long SESSION_SLACK = 1;

    enum Form {
        /// The event time itself: no row with this time can come once the watermark is later.
        INSTANT,
        /// A window `struct<start, end>` around it: no row can fall into it once the watermark has reached its end.
        WINDOW,
        /// The start of a sliding window, which tells nothing without the window's length.
        SLIDING_START
    }

    /// @param plan the input that the expression is over
    static Optional<EventTimeColumn> of(LogicalPlan plan, BoundExpr expr) {
        return find(plan, expr).filter(time -> time.form != Form.SLIDING_START);
    }

    private EventTimeColumn as(Form other) {
        return new EventTimeColumn(other, delayMicros, slackMicros);
    }

    /// Late results of a group come behind its end.
    private EventTimeColumn after(Optional<Firing> firing) {
        return new EventTimeColumn(
                form,
                delayMicros,
                slackMicros + firing.map(Firing::latenessMicros).orElse(0L));
    }

    private boolean is(Form wanted) {
        return form == wanted;
    }

    private static Optional<EventTimeColumn> find(LogicalPlan plan, BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column column -> ofColumn(plan, column.ordinal());
            case BoundExpr.MakeStruct struct -> {
                Optional<EventTimeColumn> sliding = TimeWindow.startOfSliding(struct)
                        .flatMap(start -> find(plan, start))
                        .filter(time -> time.is(Form.SLIDING_START));
                yield sliding.or(() -> TimeWindow.match(struct)
                                .map(TimeWindow.Tumbling::time)
                                .or(() -> CalendarWindow.timeOf(struct))
                                .flatMap(time -> find(plan, time))
                                .filter(time -> time.is(Form.INSTANT)))
                        .map(time -> time.as(Form.WINDOW));
            }
            // A window comes out when the watermark reaches its end, so its end is an event time like any other.
            case BoundExpr.GetField(BoundExpr window, int ordinal) when ordinal == WINDOW_END ->
                find(plan, window).filter(time -> time.is(Form.WINDOW)).map(time -> time.as(Form.INSTANT));
            case BoundExpr.Call call ->
                TimeWindow.windowOfLastMoment(call)
                        .flatMap(window -> find(plan, window))
                        .filter(time -> time.is(Form.WINDOW))
                        .map(time -> time.as(Form.INSTANT));
            case BoundExpr _ -> Optional.empty();
        };
    }

    private static Optional<EventTimeColumn> ofColumn(LogicalPlan plan, int ordinal) {
        return switch (plan) {
            case LogicalPlan.Watermark(LogicalPlan _, int column, long delay)
                    when column == ordinal -> Optional.of(new EventTimeColumn(Form.INSTANT, delay, 0));
            case LogicalPlan.Watermark(LogicalPlan input, int _, long _) -> ofColumn(input, ordinal);
            case LogicalPlan.Filter(LogicalPlan input, BoundExpr _) -> ofColumn(input, ordinal);
            case LogicalPlan.Shed shed -> ofColumn(shed.input(), ordinal);
            case LogicalPlan.Observe observe -> ofColumn(observe.input(), ordinal);
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) ->
                find(input, columns.get(ordinal).expr());
            case LogicalPlan.Aggregate aggregate when ordinal < aggregate.keys().size() ->
                find(aggregate.input(), aggregate.keys().get(ordinal).expr())
                        .map(time -> time.after(aggregate.firing()));
            case LogicalPlan.Deduplicate deduplicate -> ofColumn(deduplicate.input(), ordinal);
            case LogicalPlan.Explode(LogicalPlan input, BoundExpr collection, var _, var _, var _) ->
                ordinal < input.schema().size() ? ofColumn(input, ordinal) : ofRepeated(input, collection);
            case LogicalPlan.Window window ->
                ordinal < window.input().schema().size()
                        ? ofColumn(window.input(), ordinal)
                        : ofSession(window, ordinal - window.input().schema().size());
            case LogicalPlan.Join join -> ofJoin(join, ordinal);
            case LogicalPlan.AsOfJoin join -> ofAsOfJoin(join, ordinal);
            case LogicalPlan.LookupJoin join ->
                ordinal < join.input().schema().size() ? ofColumn(join.input(), ordinal) : Optional.empty();
            case LogicalPlan.Union(List<LogicalPlan> inputs) -> ofUnion(inputs, ordinal);
            case LogicalPlan.Sort sort -> ofColumn(sort.input(), ordinal);
            case LogicalPlan.Limit limit -> ofColumn(limit.input(), ordinal);
            case LogicalPlan.MapGroups groups ->
                groups.call() instanceof GroupCall.Stateful call
                        ? call.eventTime()
                                .filter(time -> time.output().equals(OptionalInt.of(ordinal)))
                                .flatMap(time -> ofColumn(groups.inputs().getFirst(), time.input()))
                        : Optional.empty();
            case LogicalPlan.Scan _, LogicalPlan.LocalRelation _, LogicalPlan.Range _, LogicalPlan.Aggregate _ ->
                Optional.empty();
        };
    }

    /// The event time of an element of an array that was made of it.
    private static Optional<EventTimeColumn> ofRepeated(LogicalPlan input, BoundExpr collection) {
        boolean starts = TimeWindow.timeOfStarts(collection).isPresent();
        return TimeWindow.timeOfStarts(collection)
                .or(() -> TimeWindow.timeOfCumulative(collection))
                .flatMap(time -> find(input, time))
                .filter(time -> time.is(Form.INSTANT))
                .map(time -> time.as(starts ? Form.SLIDING_START : Form.WINDOW));
    }

    private static Optional<EventTimeColumn> ofJoin(LogicalPlan.Join join, int ordinal) {
        int leftSize = join.left().schema().size();
        Optional<EventTimeColumn> time =
                ordinal < leftSize ? ofColumn(join.left(), ordinal) : ofColumn(join.right(), ordinal - leftSize);
        if (time.isEmpty() || !join.left().isStreaming() || !join.right().isStreaming()) {
            return time;
        }
        // A row may find its partner, or that it has none, when the watermark has long passed it.
        long delay = TimeBounds.of(join, JoinKeys.of(join))
                .map(bounds -> bounds.delayOf(ordinal, leftSize))
                .orElse(0L);
        return time.map(t -> new EventTimeColumn(t.form, t.delayMicros, Math.max(t.slackMicros, delay)));
    }

    /// The left row's time. That of a version lies as far back as it may.
    private static Optional<EventTimeColumn> ofAsOfJoin(LogicalPlan.AsOfJoin join, int ordinal) {
        Optional<EventTimeColumn> time =
                ordinal < join.left().schema().size() ? ofColumn(join.left(), ordinal) : Optional.empty();
        return join.right().isStreaming()
                ? time.flatMap(t -> AsOfEdges.Times.of(join)
                        .filter(times -> times.left() == ordinal)
                        .map(times -> new EventTimeColumn(t.form, t.delayMicros, times.slackMicros())))
                : time;
    }

    private static Optional<EventTimeColumn> ofSession(LogicalPlan.Window node, int column) {
        return node.columns().get(column).call().function() instanceof WindowFunction.Session(BoundExpr start, var _)
                ? find(node.input(), start)
                        .filter(time -> time.is(Form.INSTANT))
                        .map(time ->
                                new EventTimeColumn(Form.WINDOW, time.delayMicros, time.slackMicros + SESSION_SLACK))
                : Optional.empty();
    }

    /// A union's column tells the event time if it does so in every input.
    private static Optional<EventTimeColumn> ofUnion(List<LogicalPlan> inputs, int ordinal) {
        List<EventTimeColumn> columns = inputs.stream()
                .map(input -> ofColumn(input, ordinal))
                .flatMap(Optional::stream)
                .toList();
        boolean alike = columns.stream().map(EventTimeColumn::form).distinct().count() == 1;
        return columns.size() == inputs.size() && alike
                ? columns.stream().max(Comparator.comparingLong(EventTimeColumn::slackMicros))
                : Optional.empty();
    }
}
