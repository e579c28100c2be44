package dev.headrace.engine.stateful;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Firing;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructField;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which rows of a query's result may still be held back, in append mode or because the query says when they come out:
/// the watermark has not passed them.
///
/// @param column the result's column that tells the event time; absent if none does
/// @param slackMicros how much later than the column says a row is final
public record FinalRows(Optional<Integer> column, boolean window, long slackMicros) {
    /// What the query holds back; empty if it gives each row at once.
    public static Optional<FinalRows> of(LogicalPlan plan) {
        if (!holdsBack(plan)) {
            return Optional.empty();
        }
        for (int i = 0; i < plan.schema().size(); i++) {
            StructField field = plan.schema().field(i);
            Optional<EventTimeColumn> time =
                    EventTimeColumn.of(plan, new BoundExpr.Column(i, field.name(), field.dataType(), field.nullable()));
            if (time.isPresent()) {
                return Optional.of(new FinalRows(
                        Optional.of(i),
                        time.get().form() == EventTimeColumn.Form.WINDOW,
                        time.get().slackMicros()));
            }
        }
        return Optional.of(new FinalRows(Optional.empty(), false, 0));
    }

    /// Whether the query says of any aggregation when its groups come out.
    public static boolean saysWhen(LogicalPlan plan) {
        return any(plan, _ -> true);
    }

    /// Whether the results of any aggregation come in parts, which only together are those of a batch.
    public static boolean inParts(LogicalPlan plan) {
        return any(plan, FinalRows::isInParts);
    }

    /// Whether the rows are such parts as they are.
    static boolean givesParts(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Aggregate aggregate ->
                aggregate.firing().filter(FinalRows::isInParts).isPresent();
            case LogicalPlan.Filter _,
                    LogicalPlan.Project _,
                    LogicalPlan.Watermark _,
                    LogicalPlan.Shed _,
                    LogicalPlan.Observe _,
                    LogicalPlan.Union _ -> plan.inputs().stream().anyMatch(FinalRows::givesParts);
            case LogicalPlan _ -> false;
        };
    }

    private static boolean isInParts(Firing firing) {
        return !firing.once() && firing.panes() == Firing.Panes.DISCARDING;
    }

    /// Whether rows wait for the watermark in every output mode.
    public static boolean waits(LogicalPlan plan) {
        boolean here = plan instanceof LogicalPlan.MapGroups groups
                        && groups.call() instanceof GroupCall.Stateful call
                        && call.eventTime().isPresent()
                || plan instanceof LogicalPlan.AsOfJoin asOf && asOf.right().isStreaming();
        return plan.isStreaming() && (here || plan.inputs().stream().anyMatch(FinalRows::waits));
    }

    private static boolean any(LogicalPlan plan, Predicate<Firing> wanted) {
        return plan instanceof LogicalPlan.Aggregate aggregate
                        && aggregate.firing().filter(wanted).isPresent()
                || plan.inputs().stream().anyMatch(input -> any(input, wanted));
    }

    private static boolean holdsBack(LogicalPlan plan) {
        if (!plan.isStreaming()) {
            return false;
        }
        boolean here = plan instanceof LogicalPlan.Aggregate
                || plan instanceof LogicalPlan.Window
                || plan instanceof LogicalPlan.MapGroups groups && groups.call() instanceof GroupCall.Stateful
                || plan instanceof LogicalPlan.AsOfJoin asOf && asOf.right().isStreaming()
                || plan instanceof LogicalPlan.Join join
                        && join.type() != JoinType.INNER
                        && join.type() != JoinType.CROSS
                        && join.left().isStreaming()
                        && join.right().isStreaming();
        return here || plan.inputs().stream().anyMatch(FinalRows::holdsBack);
    }

    /// Whether the row may be held back at a watermark, in milliseconds; 0 when none.
    public boolean mayBeOpen(List<@Nullable Object> row, long watermarkMillis) {
        if (column.isEmpty() || watermarkMillis <= 0) {
            return true;
        }
        Object cell = row.get(column.get());
        Object time = window && cell instanceof List<?> bounds ? bounds.get(1) : cell;
        long watermark = watermarkMillis * 1_000;
        return !(time instanceof Long micros)
                || (window ? micros + slackMicros > watermark : micros + slackMicros >= watermark);
    }
}
