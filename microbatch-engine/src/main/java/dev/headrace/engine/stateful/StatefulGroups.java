package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.GroupRows;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.plan.GroupCall;
import dev.headrace.state.StateVersion;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function of the program over the new rows of each key and the key's state.
///
/// @param initial what the state begins with, read in the first batch
/// @param late which rows are late; absent if the function does not go by event time
/// @param groups the states of the keys, each with its timers
/// @param timers the timers by time; absent if there are none
record StatefulGroups(
        PhysicalPlan input,
        Optional<PhysicalPlan> initial,
        GroupCall.Stateful call,
        Optional<Expiry> late,
        OperatorState groups,
        Optional<OperatorState> timers)
        implements KeepsRows {
    @Override
    public StructType schema() {
        return call.outputSchema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        List<PhysicalPlan> all = new ArrayList<>();
        all.add(input);
        initial.ifPresent(all::add);
        return all;
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(groups);
    }

    @Override
    public String describe() {
        return "StatefulGroups " + call.name() + " by " + call.keySchema().names()
                + switch (call.clock()) {
                    case NONE -> "";
                    case PROCESSING_TIME -> ", processing-time timers";
                    case EVENT_TIME -> ", event-time timers";
                };
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared rows = preparation.prepare(input);
        Optional<Prepared> beginning = initial.map(preparation::prepare);
        return run -> {
            Stage all = rows.open(run);
            Stage inTime = late.isPresent() ? all.then(() -> late.get().lateRowFilter(groups, input.schema())) : all;
            try (GroupRows.Rows out = new GroupRows.Rows(schema(), run.allocator())) {
                GroupCall.Times times = times(run);
                GroupRows.run(
                        call,
                        GroupRows.byKey(call, 0, taken(ChunkCollector.collect(inTime, run))),
                        beginning(beginning, run),
                        new StoredGroups(call, groups, timers, times, run.allocator()),
                        times,
                        out);
                return Stage.of(List.of(new MemorySplit(out.take())));
            }
        };
    }

    private List<Chunk> taken(List<Chunk> rows) {
        rows.forEach(chunk -> groups.countTaken(chunk.rowCount()));
        return rows;
    }

    private Map<List<@Nullable Object>, List<List<@Nullable Object>>> beginning(
            Optional<Prepared> beginning, RunContext run) {
        return beginning.isPresent() && groups.base().equals(StateVersion.EMPTY)
                ? GroupRows.byKey(
                        call, 1, taken(ChunkCollector.collect(beginning.get().open(run), run)))
                : Map.of();
    }

    private GroupCall.Times times(RunContext run) {
        long watermark = groups.times().expiryMicros();
        return new GroupCall.Times(
                Math.floorDiv(run.evaluation().batchTimestampMicros(), 1_000),
                watermark == OperatorState.NO_WATERMARK
                        ? 0
                        : Math.max(0, Math.floorDiv(watermark - slackMicros(), 1_000)),
                false,
                run.evaluation().zone());
    }

    /// By how much rows of the event time that the function goes by may come behind the watermark without being late.
    long slackMicros() {
        return call.eventTime().isPresent() ? late.map(Expiry::extraMicros).orElse(0L) : 0L;
    }
}
