package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LookupCall;
import dev.headrace.plan.OutputColumn;
import dev.headrace.state.StateSchema;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// Looks up the keys of a batch, and keeps the answers in a state until the next batch: a batch that is run again after
/// its state was stored gets the answers that it got then. What has gone out, or into another state, depends on them.
///
/// @param state of the newest batch, the answers by their number
/// @param asked the leaf of `ask`: distinct keys
/// @param ask gives keys and values
/// @param rows the leaf of `join` for the rows, whose last columns are the keys
/// @param answers the leaf of `join` for keys and values
/// @param join gives the rows without their keys, and the values behind them
record LookupLog(
        OperatorState state,
        int keyCount,
        RowsLeaf asked,
        PhysicalPlan ask,
        RowsLeaf rows,
        RowsLeaf answers,
        PhysicalPlan join)
        implements KeptResults.Giver {
    private static final StructField FOUND = new StructField("_found", DataTypes.BooleanType, false);

    /// @param rowSchema the rows, before their keys
    static LookupLog plan(StreamingPlanner planner, LookupCall lookup, JoinType type, StructType rowSchema) {
        List<StructField> keys = new ArrayList<>();
        for (StructField key : lookup.keySchema()) {
            keys.add(new StructField("key" + keys.size(), key.dataType(), true));
        }
        int keyCount = keys.size();
        RowsLeaf asked = new RowsLeaf(new StructType(keys));
        LogicalPlan ask = new LogicalPlan.LookupJoin(
                OperatorOutput.of(asked), columns(asked.schema(), 0), lookup, JoinType.INNER);
        List<StructField> answer = new ArrayList<>(keys);
        answer.addAll(lookup.valueSchema().fieldList());
        List<StructField> withKeys = new ArrayList<>(rowSchema.fieldList());
        withKeys.addAll(keys);
        RowsLeaf rows = new RowsLeaf(new StructType(withKeys));
        RowsLeaf answers = new RowsLeaf(new StructType(answer));
        int width = rowSchema.size();
        BoundExpr same = IntStream.range(0, keyCount)
                .<BoundExpr>mapToObj(k -> new BoundExpr.Compare(
                        CompareOp.EQUAL,
                        Changelog.column(keys.get(k), width + k),
                        Changelog.column(keys.get(k), width + keyCount + k)))
                .reduce(BoundExpr.And::new)
                .orElseThrow();
        LogicalPlan pairs =
                new LogicalPlan.Join(OperatorOutput.of(rows), OperatorOutput.of(answers), type, Optional.of(same));
        List<OutputColumn> given = new ArrayList<>(StreamingPlanner.columnsOf(rowSchema));
        for (int v = 0; v < lookup.values().size(); v++) {
            int column = width + 2 * keyCount + v;
            given.add(new OutputColumn(
                    pairs.schema().field(column).name(),
                    Changelog.column(pairs.schema().field(column), column)));
        }
        StructType entry = answers.schema().add(FOUND);
        OperatorState state = planner.newState(
                "lookups", new StateSchema(new StructType().add("_number", DataTypes.LongType, false), entry, false));
        state.recallReplaced();
        return new LookupLog(
                state,
                keyCount,
                asked,
                planner.plan(ask),
                rows,
                answers,
                planner.plan(new LogicalPlan.Project(pairs, given)));
    }

    private static List<BoundExpr> columns(StructType schema, int from) {
        return IntStream.range(from, schema.size())
                .<BoundExpr>mapToObj(i -> Changelog.column(schema.field(i), i))
                .toList();
    }

    @Override
    public StructType wants() {
        return rows.schema();
    }

    @Override
    public KeptResults.Ready prepare(Preparation preparation) {
        Prepared lookups = preparation.prepare(ask);
        Prepared pairs = preparation.prepare(join);
        return (batch, run) -> {
            try (Chunk given = answersFor(batch, lookups, run)) {
                rows.set(batch);
                answers.set(given);
                return ChunkCollector.collect(pairs.open(run), run);
            }
        };
    }

    /// What is found for the keys of the batch.
    private Chunk answersFor(Chunk batch, Prepared lookups, RunContext run) {
        BufferAllocator allocator = run.allocator();
        StructType keySchema = asked.schema();
        List<FieldVector> keyColumns = batch.columns().subList(batch.columnCount() - keyCount, batch.columnCount());
        try (KeyTable distinct = new KeyTable(RowLayout.of(keySchema), allocator);
                Chunk logged = logged(allocator)) {
            distinct.assign(keyColumns, batch.rowCount(), new int[batch.rowCount()]);
            try (Chunk keys = new Chunk(
                            keySchema,
                            distinct.keys(0, distinct.slotCount(), keySchema, allocator),
                            distinct.slotCount());
                    Chunk unknown = without(keys, logged, allocator);
                    Chunk found = found(unknown, lookups, run);
                    Chunk missing = without(unknown, found, allocator);
                    Chunk foundEntries = entries(found, true, allocator);
                    Chunk missingEntries = entries(missing, false, allocator);
                    Chunk all = Columns.concat(
                            state.schema().value(),
                            Stream.of(logged, foundEntries, missingEntries)
                                    .map(chunk -> chunk.slice(0, chunk.rowCount()))
                                    .toList(),
                            allocator)) {
                write(all, allocator);
                return answersIn(all, allocator);
            }
        }
    }

    /// What the batch was given when it was run before, in the order of that time.
    private Chunk logged(BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(state.schema().value(), allocator)) {
            state.replaced().stream()
                    .sorted(Comparator.comparingLong(entry -> (long) Objects.requireNonNull(entry.getFirst())))
                    .forEach(entry -> builder.add(entry.subList(1, entry.size())));
            return builder.build();
        }
    }

    /// The keys that are not among the others.
    ///
    /// @param others begin with the keys
    private Chunk without(Chunk keys, Chunk others, BufferAllocator allocator) {
        try (KeyTable known = new KeyTable(RowLayout.of(asked.schema()), allocator)) {
            known.assign(others.columns().subList(0, keyCount), others.rowCount(), new int[others.rowCount()]);
            try (KeyTable.Finder finder = known.finder(allocator)) {
                int[] slots = finder.find(keys.columns(), keys.rowCount());
                int[] absent = IntStream.range(0, keys.rowCount())
                        .filter(i -> slots[i] == KeyTable.ABSENT)
                        .toArray();
                return Columns.gather(keys, absent, 0, absent.length, allocator);
            }
        }
    }

    private Chunk found(Chunk keys, Prepared lookups, RunContext run) {
        if (keys.rowCount() == 0) {
            return Chunk.empty(answers.schema(), run.allocator());
        }
        asked.set(keys);
        List<Chunk> chunks = ChunkCollector.collect(lookups.open(run), run);
        return chunks.isEmpty()
                ? Chunk.empty(answers.schema(), run.allocator())
                : Columns.concat(answers.schema(), chunks, run.allocator());
    }

    /// @param some answers, or keys without one
    private Chunk entries(Chunk some, boolean found, BufferAllocator allocator) {
        int count = some.rowCount();
        int[] nothing = new int[count];
        Arrays.fill(nothing, Columns.NULL_ROW);
        try (Chunk none = Chunk.empty(answers.schema(), allocator)) {
            int last = none.columnCount();
            List<FieldVector> columns = Columns.make(
                    last + 1,
                    i -> i == last
                            ? flags(found, count, allocator)
                            : i < some.columnCount()
                                    ? some.share(i)
                                    : Columns.gather(none.column(i), nothing, 0, count, allocator));
            return new Chunk(state.schema().value(), columns, count);
        }
    }

    private static BitVector flags(boolean found, int count, BufferAllocator allocator) {
        BitVector flags = new BitVector(FOUND.name(), allocator);
        flags.allocateNew(count);
        for (int i = 0; i < count; i++) {
            flags.set(i, found ? 1 : 0);
        }
        flags.setValueCount(count);
        return flags;
    }

    /// Puts the batch's answers in the place of those of the batch before.
    private void write(Chunk all, BufferAllocator allocator) {
        int before = Math.toIntExact(state.writer().size());
        int now = all.rowCount();
        try (Chunk numbers = numbers(0, now, allocator);
                Chunk gone = numbers(now, before, allocator)) {
            state.writer().upsert(numbers, all);
            state.writer().delete(gone);
        }
        state.countUpdated(now);
        state.countEntered(Math.max(0, now - before));
        state.countLeft(Math.max(0, before - now));
    }

    private Chunk numbers(int from, int to, BufferAllocator allocator) {
        int count = Math.max(0, to - from);
        BigIntVector numbers = new BigIntVector("_number", allocator);
        numbers.allocateNew(count);
        for (int i = 0; i < count; i++) {
            numbers.set(i, from + i);
        }
        numbers.setValueCount(count);
        return new Chunk(state.schema().key(), List.of(numbers), count);
    }

    private Chunk answersIn(Chunk all, BufferAllocator allocator) {
        BitVector flags = (BitVector) all.column(all.columnCount() - 1);
        int[] there = IntStream.range(0, all.rowCount())
                .filter(i -> flags.get(i) != 0)
                .toArray();
        try (Chunk columns =
                all.select(IntStream.range(0, all.columnCount() - 1).toArray())) {
            return Columns.gather(columns, there, 0, there.length, allocator);
        }
    }
}
