package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// A lookup join of rows that come and go. A row is looked up when it comes, and what it was given is kept: when it
/// goes, that goes, whatever a lookup would give by then. Of equal rows, the one goes first that came first.
///
/// @param input gives the rows, the [ChangeColumn], the keys of `given`, the lookup's keys
/// @param rows the rows of the input alone
/// @param given what rows were given, with the number of the row that it was given to
/// @param schema the result's, with the [ChangeColumn]
record ChangedLookup(
        PhysicalPlan input, String name, StructType rows, LookupLog log, KeyedRows given, StructType schema)
        implements KeepsRows {
    static final String NUMBER = "_row";

    private static final int NUMBER_BITS = 32;

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(given.state());
    }

    @Override
    public String describe() {
        return "Incremental LookupJoin " + name + ", keeps what rows were given, gives changes";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        LookupLog.Ready lookups = log.prepare(preparation);
        return run -> {
            List<Chunk> chunks = ChunkCollector.collect(below.open(run), run);
            chunks.forEach(chunk -> given.state().countTaken(chunk.rowCount()));
            try (Chunk batch = chunks.isEmpty()
                    ? Chunk.empty(input.schema(), run.allocator())
                    : Columns.concat(input.schema(), chunks, run.allocator())) {
                return Stage.of(List.of(new MemorySplit(changes(batch, lookups, run))));
            }
        };
    }

    private List<Chunk> changes(Chunk batch, LookupLog.Ready lookups, RunContext run) {
        BufferAllocator allocator = run.allocator();
        try (KeyTable distinctRows = new KeyTable(RowLayout.of(rows), allocator);
                KeyTable touched = new KeyTable(RowLayout.of(given.keySchema()), allocator)) {
            int[] rowOf = new int[batch.rowCount()];
            distinctRows.assign(batch.columns().subList(0, rows.size()), rowOf.length, rowOf);
            int[] net = new int[distinctRows.slotCount()];
            IntVector changes = (IntVector) batch.column(rows.size());
            for (int i = 0; i < rowOf.length; i++) {
                net[rowOf[i]] += changes.get(i);
            }
            int[] coming = coming(rowOf, net, changes);
            int[] keyOf = new int[batch.rowCount()];
            int firstKey = rows.size() + 1;
            touched.assign(
                    batch.columns()
                            .subList(firstKey, firstKey + given.keySchema().size()),
                    keyOf.length,
                    keyOf);
            int count = touched.slotCount();
            try (Chunk comes = joined(batch, coming, lookups, run);
                    Chunk keys =
                            new Chunk(given.keySchema(), touched.keys(0, count, given.keySchema(), allocator), count);
                    KeyedRows.Before before = given.load(keys, allocator);
                    KeyedRows.After after = given.replace(
                            before,
                            keys,
                            going(before.rows(), distinctRows, net, allocator),
                            comes,
                            keysOf(comes, coming, keyOf),
                            IntStream.range(0, comes.rowCount()).toArray(),
                            allocator)) {
                return List.of(
                        signed(after.removed(), ChangeColumn.REMOVED, allocator),
                        signed(after.added(), ChangeColumn.ADDED, allocator));
            }
        }
    }

    /// The rows that come and do not go again in the batch.
    private static int[] coming(int[] rowOf, int[] net, IntVector changes) {
        int[] left = net.clone();
        return IntStream.range(0, rowOf.length)
                .filter(i -> changes.get(i) == ChangeColumn.ADDED && left[rowOf[i]] > 0 && left[rowOf[i]]-- > 0)
                .toArray();
    }

    private Chunk joined(Chunk batch, int[] coming, LookupLog.Ready lookups, RunContext run) {
        try (Chunk numbered = numbered(batch, coming, run.allocator())) {
            List<Chunk> joined = lookups.join(numbered, run);
            return joined.isEmpty()
                    ? Chunk.empty(given.rowSchema(), run.allocator())
                    : Columns.concat(given.rowSchema(), joined, run.allocator());
        }
    }

    /// Rows, their numbers, which are never given again, and the lookup's keys.
    private Chunk numbered(Chunk batch, int[] coming, BufferAllocator allocator) {
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            columns.add(Columns.gather(batch.column(i), coming, 0, coming.length, allocator));
        }
        BigIntVector numbers = new BigIntVector(NUMBER, allocator);
        numbers.allocateNew(coming.length);
        for (int i = 0; i < coming.length; i++) {
            numbers.set(i, given.state().base().value() << NUMBER_BITS | i);
        }
        numbers.setValueCount(coming.length);
        columns.add(numbers);
        for (int i = batch.columnCount() - log.keyCount(); i < batch.columnCount(); i++) {
            columns.add(Columns.gather(batch.column(i), coming, 0, coming.length, allocator));
        }
        return new Chunk(log.rows().schema(), columns, coming.length);
    }

    private long[] numbers(Chunk entries) {
        BigIntVector numbers = (BigIntVector) entries.column(rows.size());
        return IntStream.range(0, entries.rowCount()).mapToLong(numbers::get).toArray();
    }

    private int[] keysOf(Chunk comes, int[] coming, int[] keyOf) {
        return Arrays.stream(numbers(comes))
                .mapToInt(number -> keyOf[coming[(int) number]])
                .toArray();
    }

    /// Which entries are of rows that go.
    private boolean[] going(Chunk entries, KeyTable distinctRows, int[] net, BufferAllocator allocator) {
        boolean[] going = new boolean[entries.rowCount()];
        int[] left = net.clone();
        long[] numbers = numbers(entries);
        Set<Long> gone = new HashSet<>();
        try (KeyTable.Finder finder = distinctRows.finder(allocator)) {
            int[] slots = finder.find(entries.columns().subList(0, rows.size()), going.length);
            for (int i = 0; i < going.length; i++) {
                if (slots[i] != KeyTable.ABSENT && left[slots[i]] < 0 && gone.add(numbers[i])) {
                    left[slots[i]]++;
                }
                going[i] = gone.contains(numbers[i]);
            }
        }
        return going;
    }

    /// Without the numbers.
    private Chunk signed(Chunk entries, int change, BufferAllocator allocator) {
        int[] columns = IntStream.range(0, entries.columnCount())
                .filter(i -> i != rows.size())
                .toArray();
        try (Chunk results = entries.select(columns)) {
            return Difference.signed(results, change, allocator);
        }
    }
}
