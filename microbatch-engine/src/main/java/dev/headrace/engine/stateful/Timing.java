package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.GroupCall;
import dev.headrace.streaming.TimingReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Says when the rows of operators with state come out.
public final class Timing {
    private static final String IN_THE_BATCH = "gives what has changed in the batch that reads the rows";
    private static final String PAIRS = "gives pairs in the batch that reads the later of the two rows";
    private static final String AT_ONCE = "gives rows in the batch that reads them";

    private Timing() {}

    /// The operators of a plan that have something to say. Not while a batch runs.
    public static List<TimingReport.Operator> of(PhysicalPlan plan) {
        return operators(plan, Timing::next);
    }

    /// The same without what the state is asked for: which watermark is waited for.
    public static List<TimingReport.Operator> rules(PhysicalPlan plan) {
        return operators(plan, _ -> Optional.empty());
    }

    private static List<TimingReport.Operator> operators(
            PhysicalPlan plan, Function<PhysicalPlan, Optional<Long>> next) {
        List<TimingReport.Operator> operators = new ArrayList<>();
        for (PhysicalPlan operator : plan.all()) {
            rule(operator)
                    .ifPresent(rule -> operators.add(new TimingReport.Operator(
                            operator.describe(), rule, next.apply(operator).map(Timing::instant))));
        }
        return operators;
    }

    private static Optional<String> rule(PhysicalPlan operator) {
        return switch (operator) {
            case StatefulAggregate aggregate ->
                Optional.of(groups(
                        aggregate.emission(),
                        aggregate.expiry().map(Expiry::form).orElse(EventTimeColumn.Form.INSTANT)));
            case PaneAggregate panes -> Optional.of(panes.rule());
            case HeldChanges changes -> Optional.of(changes.rule());
            case StatefulSessions sessions ->
                Optional.of(
                        sessions.emission() == StatefulAggregate.Emission.FINAL
                                ? "gives each session once, when the watermark has passed its end"
                                : groups(sessions.emission(), EventTimeColumn.Form.WINDOW));
            case StatefulDeduplicate _ -> Optional.of(AT_ONCE + ", the first of each key");
            case IncrementalJoin _ -> Optional.of(PAIRS);
            case LoggedJoin join ->
                Optional.of(
                        join.leftAlone().isEmpty()
                                ? PAIRS
                                : PAIRS + ", and a row without a partner when the watermark has passed all that could"
                                        + " go with it");
            case TemporalJoin _ ->
                Optional.of(
                        "gives each left row once, when the watermark has passed its time: no version of that time can "
                                + "come any more");
            case FirstRows _ -> Optional.of(IN_THE_BATCH);
            case AggregateTree tree ->
                Optional.of(
                        tree.once()
                                ? "gives the result of each key once, when the watermark has passed it"
                                : IN_THE_BATCH);
            case KeyedRecompute recompute ->
                Optional.of(
                        switch (recompute.emission()) {
                            case CHANGES -> IN_THE_BATCH;
                            case ADDITIONS -> AT_ONCE;
                            case FINAL -> "gives the result of each key once, when the watermark has passed it";
                        });
            case StatefulGroups groups ->
                Optional.of("gives what the function gives in the batch that reads the rows"
                        + switch (groups.call().clock()) {
                            case NONE -> "";
                            case PROCESSING_TIME -> ", and in the first batch after a timer is due by the clock";
                            case EVENT_TIME -> ", and when the watermark has reached a timer";
                        });
            case WholeResult _ -> Optional.of("gives the whole result in each batch");
            default -> Optional.empty();
        };
    }

    private static String groups(StatefulAggregate.Emission emission, EventTimeColumn.Form form) {
        return switch (emission) {
            case FINAL ->
                form == EventTimeColumn.Form.WINDOW
                        ? "gives each window once, when the watermark has reached its end"
                        : "gives each group once, when the watermark has passed its time";
            case UPDATED -> "gives the new result of each group in the batch that reads rows of it";
            case CHANGES -> IN_THE_BATCH;
            case WHOLE -> "gives all groups in each batch";
        };
    }

    /// The microseconds at which the operator's next entry expires by the watermark, where something then comes out.
    private static Optional<Long> next(PhysicalPlan operator) {
        return waiting(operator)
                .map(OperatorState::nextExpiry)
                .flatMap(due -> due.isPresent() && due.getAsLong() > 0
                        ? Optional.of(
                                operator instanceof StatefulGroups groups
                                        ? due.getAsLong() * 1_000 + groups.slackMicros()
                                        : due.getAsLong())
                        : Optional.empty());
    }

    /// The state whose entries wait for the watermark.
    private static Optional<OperatorState> waiting(PhysicalPlan operator) {
        return switch (operator) {
            case StatefulAggregate aggregate
                    when aggregate.emission() == StatefulAggregate.Emission.FINAL -> Optional.of(aggregate.state());
            case PaneAggregate panes -> panes.onTime().map(WaitingKeys::state);
            case HeldChanges changes -> changes.onTime().map(WaitingKeys::state);
            case StatefulSessions sessions when sessions.emission() == StatefulAggregate.Emission.FINAL ->
                Optional.of(sessions.rows().state());
            case AggregateTree tree when tree.once() -> Optional.of(tree.nodes());
            case KeyedRecompute recompute when recompute.emission() == KeyedRecompute.Emission.FINAL ->
                Optional.of(recompute.keyed().getFirst().rows().state());
            case LoggedJoin join when join.leftAlone().isPresent() && join.rightAlone().isEmpty() ->
                Optional.of(join.left().state());
            case TemporalJoin join -> Optional.of(join.left().rows().state());
            case StatefulGroups groups when groups.call().clock() == GroupCall.TimerClock.EVENT_TIME -> groups.timers();
            default -> Optional.empty();
        };
    }

    /// The first watermark, which has whole milliseconds, at or after the time.
    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(Math.ceilDiv(micros, 1_000), ChronoUnit.MILLIS);
    }
}
