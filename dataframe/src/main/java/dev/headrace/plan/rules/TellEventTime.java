package dev.headrace.plan.rules;

import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.StreamTable;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;

/// Tells streams which of their columns a watermark goes by, so that those that can do it give history in its order.
public final class TellEventTime implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan told = plan.mapInputs(this::apply);
        return told instanceof LogicalPlan.Watermark(LogicalPlan input, int column, long delayMicros)
                ? new LogicalPlan.Watermark(told(input, column), column, delayMicros)
                : told;
    }

    private static LogicalPlan told(LogicalPlan plan, int column) {
        return switch (plan) {
            case LogicalPlan.Filter filter -> filter.mapInputs(input -> told(input, column));
            case LogicalPlan.Union union -> union.mapInputs(input -> told(input, column));
            case LogicalPlan.Shed shed -> shed.mapInputs(input -> told(input, column));
            case LogicalPlan.Observe observe -> observe.mapInputs(input -> told(input, column));
            case LogicalPlan.Project project when project.columns().get(column).expr() instanceof BoundExpr.Column of ->
                project.mapInputs(input -> told(input, of.ordinal()));
            case LogicalPlan.Scan scan when scan.table() instanceof StreamTable stream
                    && scan.request().columns().get(column) instanceof ScanColumn.Stored of ->
                new LogicalPlan.Scan(stream.withEventTime(of.ordinal()), scan.request());
            case LogicalPlan other -> other;
        };
    }
}
