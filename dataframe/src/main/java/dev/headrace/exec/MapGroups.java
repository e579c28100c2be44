package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Memory;
import dev.headrace.connector.ChunkReader;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAccumulator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A function of the program over the rows of each key, in a batch query: each key is called once. Rows are sorted by
/// the key, on disk if memory is short, and read one after the other while the function asks for them.
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
        List<Input> keyed = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            PhysicalPlan input = inputs.get(i);
            KeyColumns keys = new KeyColumns(input, call, i, input.schema().size());
            keyed.add(new Input(keys.prepare(preparation), GroupColumns.of(keys)));
        }
        return switch (call) {
            case GroupCall.Plain plain when keyed.size() == 1 -> inParallel(keyed.getFirst(), plain);
            case GroupCall.Plain plain -> run -> oneByOne(sorted(keyed, run), plain::call, run);
            case GroupCall.Stateful stateful -> run -> stateful(keyed, stateful, run);
        };
    }

    /// Rows with their keys.
    private record Input(Prepared rows, GroupColumns columns) {
        Stage open(RunContext run) {
            Stage stage = rows.open(run);
            return columns.haveBytes() ? stage.then(() -> new KeyBytes(columns, run.allocator())) : stage;
        }
    }

    /// Keys are divided between threads.
    private Prepared inParallel(Input input, GroupCall.Plain plain) {
        GroupColumns columns = input.columns();
        return new SortedPartitions(
                input::open,
                columns.schema(),
                columns.orderOrdinals(),
                List.of(),
                (sorted, run) ->
                        new GroupReader(List.of(new SortedGroups(sorted, columns)), plain::call, schema(), run));
    }

    private static List<SortedGroups> sorted(List<Input> inputs, RunContext run) {
        List<SortedGroups> all = new ArrayList<>();
        try {
            for (Input input : inputs) {
                GroupColumns columns = input.columns();
                all.add(new SortedGroups(
                        SortedPartitions.sorted(input.open(run), columns.schema(), columns.order(), run), columns));
            }
            return all;
        } catch (Throwable failed) {
            Closing.all(all);
            throw failed;
        }
    }

    /// One key after the other, by one thread.
    private Stage oneByOne(List<SortedGroups> sorted, GroupReader.Function function, RunContext run) {
        return Stage.of(List.of(new Read(new GroupReader(sorted, function, schema(), run))));
    }

    /// What is read of groups.
    private record Read(GroupReader reader) implements HeldSplit {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return reader;
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /// A function with state is not called by several threads at the same time. The watermark is that behind all rows.
    private Stage stateful(List<Input> keyed, GroupCall.Stateful stateful, RunContext run) {
        LongAccumulator latest = new LongAccumulator(Math::max, Long.MIN_VALUE);
        List<Input> watched = new ArrayList<>(keyed);
        if (eventTime.isPresent()) {
            Input rows = keyed.getFirst();
            watched.set(
                    0,
                    new Input(
                            begun -> rows.rows()
                                    .open(begun)
                                    .then(() -> new Watching(eventTime.get().column(), latest)),
                            rows.columns()));
        }
        List<SortedGroups> sorted = sorted(watched, run);
        GroupCall.Times times = new GroupCall.Times(
                Math.floorDiv(run.evaluation().batchTimestampMicros(), 1_000),
                watermarkMillis(latest.get()),
                true,
                run.evaluation().zone());
        return oneByOne(sorted, (key, rows) -> ofOneKey(stateful, key, rows, times), run);
    }

    private static GroupCall.Results ofOneKey(
            GroupCall.Stateful call,
            List<@Nullable Object> key,
            List<Iterator<List<@Nullable Object>>> inputs,
            GroupCall.Times times) {
        List<Map<List<@Nullable Object>, List<List<@Nullable Object>>>> byKey = new ArrayList<>();
        for (Iterator<List<@Nullable Object>> input : inputs) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            input.forEachRemaining(rows::add);
            byKey.add(rows.isEmpty() ? Map.of() : Map.of(key, rows));
        }
        List<List<@Nullable Object>> results = new ArrayList<>();
        GroupRows.run(
                call,
                byKey.getFirst(),
                byKey.size() > 1 ? byKey.get(1) : Map.of(),
                new NewStates(call.stateSchema().size()),
                times,
                results::add);
        Iterator<List<@Nullable Object>> given = results.iterator();
        return () -> given.hasNext() ? given.next() : null;
    }

    /// The watermark that a stream would have after these rows.
    private long watermarkMillis(long latest) {
        return eventTime.isEmpty() || latest == Long.MIN_VALUE
                ? 0
                : Math.max(0, Math.floorDiv(latest - eventTime.get().delayMicros(), 1_000));
    }

    /// Passes rows on, and looks for their latest time.
    private record Watching(int column, LongAccumulator latest) implements Operator {
        @Override
        public void process(Chunk input, Output out) {
            FieldVector times = input.column(column);
            long data = times.getDataBuffer().memoryAddress();
            for (int i = 0; i < input.rowCount(); i++) {
                if (!times.isNull(i)) {
                    latest.accumulate(Memory.getLong(data + 8L * i));
                }
            }
            out.accept(input.slice(0, input.rowCount()));
        }
    }

    /// States that begin and end with the batch.
    private record NewStates(int columns) implements GroupRows.Store {
        @Override
        public List<List<@Nullable Object>> due() {
            return List.of();
        }

        @Override
        public List<Group> load(Collection<List<@Nullable Object>> keys) {
            return keys.stream().map(key -> Group.empty(key, columns)).toList();
        }

        @Override
        public void save(List<Group> groups) {}
    }
}
