package dev.headrace.plan.rules;

import dev.headrace.connector.ScanRequest;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.List;
import java.util.OptionalLong;

/// Limits early: a limit over a limit becomes one, goes below projections that draw nothing, into each input of a
/// union, to the side of an outer join whose rows all come out, and tells a scan right below how many rows suffice. The
/// last three not over streams: their limit counts over all batches.
final class PushLimits implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return pushAll(plan).mapInputs(this::apply);
    }

    /// Pushes again while something else has come to lie right below.
    private static LogicalPlan pushAll(LogicalPlan plan) {
        LogicalPlan pushed = plan instanceof LogicalPlan.Limit limit ? push(limit) : plan;
        return pushed.equals(plan) ? plan : pushAll(pushed);
    }

    private static LogicalPlan push(LogicalPlan.Limit limit) {
        OptionalLong suffices = limit.isStreaming() ? OptionalLong.empty() : suffices(limit);
        return switch (limit.input()) {
            case LogicalPlan.Limit inner -> combined(limit, inner);
            // What is drawn, or counted within a split, is so for the rows before the limit.
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns)
                    when columns.stream().allMatch(column -> column.expr().deterministic()) ->
                new LogicalPlan.Project(new LogicalPlan.Limit(input, limit.count(), limit.offset()), columns);
            case LogicalPlan.Union(List<LogicalPlan> inputs) when suffices.isPresent() ->
                over(
                        limit,
                        new LogicalPlan.Union(inputs.stream()
                                .map(input -> atMost(input, suffices.getAsLong()))
                                .toList()));
            case LogicalPlan.Join join when suffices.isPresent() -> over(limit, intoJoin(join, suffices.getAsLong()));
            case LogicalPlan.Scan scan when suffices.isPresent() -> over(limit, intoScan(scan, suffices.getAsLong()));
            default -> limit;
        };
    }

    /// The rows that suffice below the limit, if that is a number.
    private static OptionalLong suffices(LogicalPlan.Limit limit) {
        return limit.count() > Long.MAX_VALUE - limit.offset()
                ? OptionalLong.empty()
                : OptionalLong.of(limit.count() + limit.offset());
    }

    private static LogicalPlan combined(LogicalPlan.Limit outer, LogicalPlan.Limit inner) {
        long left = inner.count() == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, inner.count() - outer.offset());
        // Nobody waits for the rows behind so many.
        long offset =
                inner.offset() > Long.MAX_VALUE - outer.offset() ? Long.MAX_VALUE : inner.offset() + outer.offset();
        return new LogicalPlan.Limit(inner.input(), Math.min(outer.count(), left), offset);
    }

    private static LogicalPlan over(LogicalPlan.Limit limit, LogicalPlan input) {
        return new LogicalPlan.Limit(input, limit.count(), limit.offset());
    }

    private static LogicalPlan atMost(LogicalPlan input, long count) {
        LogicalPlan source =
                input instanceof LogicalPlan.Project(LogicalPlan below, List<OutputColumn> _) ? below : input;
        boolean already = source instanceof LogicalPlan.Limit limit && limit.offset() == 0 && limit.count() <= count;
        return already ? input : new LogicalPlan.Limit(input, count, 0);
    }

    private static LogicalPlan intoJoin(LogicalPlan.Join join, long count) {
        LogicalPlan left = join.type() == JoinType.LEFT_OUTER ? atMost(join.left(), count) : join.left();
        LogicalPlan right = join.type() == JoinType.RIGHT_OUTER ? atMost(join.right(), count) : join.right();
        return new LogicalPlan.Join(left, right, join.type(), join.condition());
    }

    private static LogicalPlan intoScan(LogicalPlan.Scan scan, long count) {
        ScanRequest request = scan.request();
        long known = request.limit().orElse(Long.MAX_VALUE);
        return new LogicalPlan.Scan(
                scan.table(),
                new ScanRequest(request.columns(), request.filters(), OptionalLong.of(Math.min(known, count))));
    }
}
