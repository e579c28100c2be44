package dev.headrace.engine.stateful;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.PhysicalPlanner;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.state.StateSchema;
import dev.headrace.streaming.OutputMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans a query over streams: the batch planner, with state where a batch query would wait for the end of its input.
///
/// In complete mode each batch computes the whole result again from the state of the lowest aggregations, so whatever
/// comes above them is planned as in a batch query.
public final class StreamingPlanner extends PhysicalPlanner {
    private final OutputMode mode;
    private final List<OperatorState> states = new ArrayList<>();
    private final List<EventTimeStats> eventTimes = new ArrayList<>();

    public StreamingPlanner(OutputMode mode) {
        this.mode = mode;
    }

    /// The stateful operators in the order of planning, which is the order of their numbers in the checkpoint.
    public List<OperatorState> states() {
        return List.copyOf(states);
    }

    /// One per `withWatermark` over a stream.
    public List<EventTimeStats> eventTimes() {
        return List.copyOf(eventTimes);
    }

    /// Checks what the mode demands of the whole query, and plans it.
    ///
    /// @throws QueryException `UNSUPPORTED_STREAMING_OPERATION` or `UNSUPPORTED_OUTPUT_MODE`
    public PhysicalPlan planQuery(LogicalPlan query) {
        if (mode == OutputMode.COMPLETE && !isAggregated(query)) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    "outputMode(\"complete\") needs an aggregation over the stream: without one the result would be all "
                            + "rows since the beginning. Use outputMode(\"append\").");
        }
        return plan(query);
    }

    @Override
    protected Optional<PhysicalPlan> stateful(LogicalPlan node) {
        if (!node.isStreaming()) {
            return Optional.empty();
        }
        return switch (node) {
            case LogicalPlan.Watermark(LogicalPlan input, int column, long delay) -> {
                EventTimeStats stats = new EventTimeStats(delay);
                PhysicalPlan below = plan(input);
                eventTimes.add(stats);
                yield Optional.of(new WatermarkNode(below, column, delay, stats));
            }
            case LogicalPlan.Aggregate aggregate ->
                isComplete(aggregate.input()) ? Optional.empty() : Optional.of(aggregateStream(aggregate));
            case LogicalPlan.Deduplicate deduplicate ->
                isComplete(deduplicate.input()) ? Optional.empty() : Optional.of(deduplicateStream(deduplicate));
            case LogicalPlan.Join join -> {
                checkJoin(join);
                yield Optional.empty();
            }
            case LogicalPlan.Sort sort -> wholeResultOnly("sort", sort.input());
            case LogicalPlan.Limit limit -> wholeResultOnly("limit", limit.input());
            case LogicalPlan.Window window -> wholeResultOnly("a window function over", window.input());
            case LogicalPlan other -> throw new IllegalStateException("not stateful: " + other.getClass());
        };
    }

    /// Whether each batch sees the node's whole result.
    private boolean isComplete(LogicalPlan node) {
        return mode == OutputMode.COMPLETE && isAggregated(node);
    }

    private static boolean isAggregated(LogicalPlan node) {
        return node.isStreaming()
                && (node instanceof LogicalPlan.Aggregate
                        || node.inputs().stream()
                                .filter(LogicalPlan::isStreaming)
                                .anyMatch(StreamingPlanner::isAggregated));
    }

    private Optional<PhysicalPlan> wholeResultOnly(String operation, LogicalPlan input) {
        if (isComplete(input)) {
            return Optional.empty();
        }
        throw unsupported(
                operation + "() of a stream in " + mode + " mode",
                "It needs the whole result: use it after an aggregation, with outputMode(\"complete\").");
    }

    private PhysicalPlan aggregateStream(LogicalPlan.Aggregate node) {
        if (isAggregated(node.input())) {
            throw unsupported(
                    "an aggregation over another aggregation in " + mode + " mode",
                    "Use outputMode(\"complete\"), or write the first aggregation to a table and read that as a stream.");
        }
        for (LogicalPlan.Aggregate.Aggregation aggregation : node.aggregates()) {
            refuseDistinct(aggregation.call());
        }
        Optional<Integer> timeKey = timeKey(node);
        if (mode == OutputMode.APPEND && timeKey.isEmpty()) {
            throw unsupported(
                    "an aggregation in append mode without a watermarked key",
                    "In append mode a group goes out when the watermark says that it is final: call "
                            + "withWatermark(\"ts\", \"1 minute\") before, and group by window(col(\"ts\"), …) or by the "
                            + "event-time column; or use outputMode(\"update\") or (\"complete\").");
        }
        PhysicalPlan.HashAggregate batch = aggregate(node);
        Optional<Expiry> keyExpiry = timeKey.map(key -> new Expiry(
                key,
                EventTimeColumn.of(node.input(), node.keys().get(key).expr())
                        .orElseThrow()
                        .form(),
                0));
        Optional<Expiry> expiry = mode == OutputMode.COMPLETE
                ? Optional.empty()
                : keyExpiry.map(e -> new Expiry(batch.keys()[e.column()], e.form(), 0));
        Optional<Expiry> kept = mode == OutputMode.COMPLETE ? Optional.empty() : keyExpiry;
        dev.headrace.exec.GroupLayout layout = dev.headrace.exec.GroupLayout.of(batch);
        OperatorState state = newState(
                "stateStoreSave", new StateSchema(layout.keySchema(), layout.partialValueSchema(), kept.isPresent()));
        return new StatefulAggregate(batch, mode, expiry, kept, state);
    }

    private static void refuseDistinct(AggregateCall call) {
        if (call.distinct()) {
            throw unsupported(
                    call + " over a stream",
                    "Distinct aggregates are not kept over batches. Use approx_count_distinct, or dropDuplicates before a "
                            + "plain aggregate.");
        }
    }

    /// The first key that tells the event time.
    private static Optional<Integer> timeKey(LogicalPlan.Aggregate node) {
        for (int k = 0; k < node.keys().size(); k++) {
            if (EventTimeColumn.of(node.input(), node.keys().get(k).expr()).isPresent()) {
                return Optional.of(k);
            }
        }
        return Optional.empty();
    }

    private PhysicalPlan deduplicateStream(LogicalPlan.Deduplicate node) {
        if (isAggregated(node.input())) {
            throw unsupported(
                    "dropDuplicates() after an aggregation in " + mode + " mode", "Use outputMode(\"complete\").");
        }
        PhysicalPlan.Deduplicate batch = new PhysicalPlan.Deduplicate(
                plan(node.input()),
                node.keys().stream().mapToInt(Integer::intValue).toArray());
        Optional<Expiry> late = eventTime(node.input(), 0);
        Optional<Expiry> expiry = node.withinWatermark()
                ? eventTime(node.input(), late.map(e -> delay(node.input(), e)).orElse(0L))
                : late.filter(e -> node.keys().contains(e.column()));
        if (node.withinWatermark() && expiry.isEmpty()) {
            throw unsupported(
                    "dropDuplicatesWithinWatermark() without a watermark",
                    "Call withWatermark(\"ts\", \"1 minute\") before.");
        }
        Optional<Expiry> lateRows = expiry.isPresent() ? late : Optional.empty();
        OperatorState state = newState(
                "dedupe",
                new StateSchema(
                        node.schema().select(batch.keys()), new dev.headrace.types.StructType(), expiry.isPresent()));
        return new StatefulDeduplicate(batch, lateRows, expiry, state);
    }

    /// The first column that tells the event time.
    private static Optional<Expiry> eventTime(LogicalPlan input, long extraMicros) {
        for (int i = 0; i < input.schema().size(); i++) {
            int ordinal = i;
            Optional<Expiry> expiry = EventTimeColumn.of(input, column(input, i))
                    .map(time -> new Expiry(ordinal, time.form(), extraMicros));
            if (expiry.isPresent()) {
                return expiry;
            }
        }
        return Optional.empty();
    }

    private static long delay(LogicalPlan input, Expiry expiry) {
        return EventTimeColumn.of(input, column(input, expiry.column()))
                .orElseThrow()
                .delayMicros();
    }

    private static BoundExpr column(LogicalPlan input, int ordinal) {
        OutputColumn column = identity(input.schema()).get(ordinal);
        return column.expr();
    }

    /// A stream may be joined with something that each batch can read as a whole, unless that side's rows without a
    /// partner would have to be known to stay without one.
    private void checkJoin(LogicalPlan.Join join) {
        boolean left = join.left().isStreaming() && !isComplete(join.left());
        boolean right = join.right().isStreaming() && !isComplete(join.right());
        if (left && right) {
            throw unsupported(
                    "a join of two streams", "Write one side to a table and join the other one with that table.");
        }
        boolean keepsLeft = join.type() == JoinType.LEFT_OUTER || join.type().leftOnly();
        boolean keepsRight = join.type() == JoinType.RIGHT_OUTER;
        if (join.type() == JoinType.FULL_OUTER && (left || right) || right && keepsLeft || left && keepsRight) {
            throw unsupported(
                    "a " + join.type() + " join that keeps rows of the table without a partner in the stream",
                    "A partner may come in a later batch: let the stream be the side whose rows are kept.");
        }
    }

    private OperatorState newState(String name, StateSchema schema) {
        OperatorState state = new OperatorState(name, schema);
        states.add(state);
        return state;
    }

    private static QueryException unsupported(String what, String instead) {
        return new QueryException("UNSUPPORTED_STREAMING_OPERATION", "Headrace can't run " + what + ". " + instead);
    }
}
