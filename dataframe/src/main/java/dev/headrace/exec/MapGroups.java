package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A function of the program over the rows of each key, in a batch query: each key is called once, in the order in
/// which keys come.
///
/// @param eventTime the column of the first input by which timers go off, if any does
public record MapGroups(List<PhysicalPlan> inputs, GroupCall call, Optional<EventTime> eventTime)
        implements PhysicalPlan.Custom {
    public MapGroups {
        inputs = List.copyOf(inputs);
    }

    /// A column with a watermark.
    public record EventTime(int column, long delayMicros) {
        /// The event time of a plan, if it is passed on from a watermark as it is.
        static Optional<EventTime> of(LogicalPlan plan) {
            for (int i = 0; i < plan.schema().size(); i++) {
                Optional<EventTime> time = of(plan, i, i);
                if (time.isPresent()) {
                    return time;
                }
            }
            return Optional.empty();
        }

        private static Optional<EventTime> of(LogicalPlan plan, int ordinal, int at) {
            return switch (plan) {
                case LogicalPlan.Watermark(LogicalPlan _, int column, long delay)
                        when column == ordinal -> Optional.of(new EventTime(at, delay));
                case LogicalPlan.Watermark watermark -> of(watermark.input(), ordinal, at);
                case LogicalPlan.Filter filter -> of(filter.input(), ordinal, at);
                case LogicalPlan.Shed shed -> of(shed.input(), ordinal, at);
                case LogicalPlan.Observe observe -> of(observe.input(), ordinal, at);
                case LogicalPlan.Project project
                        when project.columns().get(ordinal).expr() instanceof dev.headrace.plan.BoundExpr.Column column ->
                    of(project.input(), column.ordinal(), at);
                case LogicalPlan _ -> Optional.empty();
            };
        }
    }

    @Override
    public StructType schema() {
        return call.outputSchema();
    }

    @Override
    public String describe() {
        return "MapGroups " + call.name();
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        List<Prepared> prepared = new ArrayList<>();
        for (PhysicalPlan input : inputs) {
            prepared.add(preparation.prepare(input));
        }
        return run -> {
            try (GroupRows.Rows out = new GroupRows.Rows(schema(), run.allocator())) {
                long watermark = 0;
                List<Map<List<@Nullable Object>, List<List<@Nullable Object>>>> rows = new ArrayList<>();
                for (int i = 0; i < prepared.size(); i++) {
                    List<Chunk> chunks = ChunkCollector.collect(prepared.get(i).open(run), run);
                    watermark = i == 0 && eventTime.isPresent() ? watermark(chunks, eventTime.get()) : watermark;
                    rows.add(GroupRows.byKey(call, i, chunks));
                }
                call(rows, watermark, run, out);
                return Stage.of(List.of(new MemorySplit(out.take())));
            }
        };
    }

    private void call(
            List<Map<List<@Nullable Object>, List<List<@Nullable Object>>>> rows,
            long watermarkMillis,
            RunContext run,
            GroupRows.Rows out) {
        switch (call) {
            case GroupCall.Plain plain -> {
                Set<List<@Nullable Object>> keys = new LinkedHashSet<>();
                for (Map<List<@Nullable Object>, List<List<@Nullable Object>>> input : rows) {
                    keys.addAll(input.keySet());
                }
                for (List<@Nullable Object> key : keys) {
                    List<List<List<@Nullable Object>>> ofKey = new ArrayList<>();
                    for (Map<List<@Nullable Object>, List<List<@Nullable Object>>> input : rows) {
                        ofKey.add(input.getOrDefault(key, List.of()));
                    }
                    plain.call(key, ofKey, out);
                }
            }
            case GroupCall.Stateful stateful -> {
                long now = Math.floorDiv(run.evaluation().batchTimestampMicros(), 1_000);
                GroupRows.run(
                        stateful,
                        rows.get(0),
                        rows.size() > 1 ? rows.get(1) : Map.of(),
                        new NewStates(stateful.stateSchema().size()),
                        new GroupCall.Times(
                                now, watermarkMillis, true, run.evaluation().zone()),
                        out);
            }
        }
    }

    /// The watermark that a stream would have after these rows, in milliseconds.
    private static long watermark(List<Chunk> chunks, EventTime time) {
        long max = Long.MIN_VALUE;
        for (Chunk chunk : chunks) {
            FieldVector times = chunk.column(time.column());
            long data = times.getDataBuffer().memoryAddress();
            for (int i = 0; i < chunk.rowCount(); i++) {
                if (!times.isNull(i)) {
                    max = Math.max(max, Memory.getLong(data + 8L * i));
                }
            }
        }
        return max == Long.MIN_VALUE ? 0 : Math.max(0, Math.floorDiv(max - time.delayMicros(), 1_000));
    }

    /// States that begin and end with the batch.
    private record NewStates(int columns) implements GroupRows.Store {
        @Override
        public List<List<@Nullable Object>> due() {
            return List.of();
        }

        @Override
        public List<Group> load(Collection<List<@Nullable Object>> keys) {
            Map<List<@Nullable Object>, Group> groups = new LinkedHashMap<>();
            for (List<@Nullable Object> key : keys) {
                groups.put(key, Group.empty(key, columns));
            }
            return List.copyOf(groups.values());
        }

        @Override
        public void save(List<Group> groups) {}
    }
}
