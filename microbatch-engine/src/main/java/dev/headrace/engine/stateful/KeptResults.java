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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// An operator that treats each row by itself and may give another result for it in another batch, over rows that come
/// and go: a lookup join, or an expression such as `current_timestamp()`. A row's results are made when it comes, and
/// kept: when it goes, they go, whatever would come out by then. Of equal rows, the one goes first that came first.
///
/// @param input gives the rows, the [ChangeColumn], the keys of `given`, what the giver wants behind the rows
/// @param rows the rows of the input alone
/// @param given the results of rows: the row, its number, what was made of it
/// @param results which columns of `given` are the result
/// @param schema the result's, with the [ChangeColumn]
record KeptResults(
        PhysicalPlan input,
        String name,
        StructType rows,
        Giver giver,
        KeyedRows given,
        int[] results,
        StructType schema)
        implements KeepsRows {
    static final String NUMBER = "_row";

    private static final int NUMBER_BITS = 32;

    /// Makes results of rows.
    interface Giver {
        /// What it wants: the rows, their numbers, and more columns behind them.
        StructType wants();

        Ready prepare(Preparation preparation);
    }

    /// A compiled [Giver].
    interface Ready {
        /// The rows without what was wanted behind their numbers, and the results behind them, in chunks that the
        /// caller closes; a row may be missing, or be there several times.
        ///
        /// @param batch all rows of the batch, borrowed
        List<Chunk> results(Chunk batch, RunContext run);
    }

    /// Computes results by a batch plan.
    ///
    /// @param leaf the rows and their numbers
    record Computed(RowsLeaf leaf, PhysicalPlan body) implements Giver {
        @Override
        public StructType wants() {
            return leaf.schema();
        }

        @Override
        public Ready prepare(Preparation preparation) {
            Prepared prepared = preparation.prepare(body);
            return (batch, run) -> {
                leaf.set(batch);
                return ChunkCollector.collect(prepared.open(run), run);
            };
        }
    }

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
        return "Incremental " + name + ", keeps what rows were given, gives changes";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        Ready ready = giver.prepare(preparation);
        return run -> {
            List<Chunk> chunks = ChunkCollector.collect(below.open(run), run);
            chunks.forEach(chunk -> given.state().countTaken(chunk.rowCount()));
            try (Chunk batch = chunks.isEmpty()
                    ? Chunk.empty(input.schema(), run.allocator())
                    : Columns.concat(input.schema(), chunks, run.allocator())) {
                return Stage.of(List.of(new MemorySplit(changes(batch, ready, run))));
            }
        };
    }

    private List<Chunk> changes(Chunk batch, Ready ready, RunContext run) {
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
            try (Chunk comes = made(batch, coming, ready, run);
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
                Chunk removed = signed(after.removed(), ChangeColumn.REMOVED, allocator);
                try {
                    return List.of(removed, signed(after.added(), ChangeColumn.ADDED, allocator));
                } catch (Throwable failed) {
                    removed.close();
                    throw failed;
                }
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

    private Chunk made(Chunk batch, int[] coming, Ready ready, RunContext run) {
        try (Chunk numbered = numbered(batch, coming, run.allocator())) {
            List<Chunk> made = ready.results(numbered, run);
            return made.isEmpty()
                    ? Chunk.empty(given.rowSchema(), run.allocator())
                    : Columns.concat(given.rowSchema(), made, run.allocator());
        }
    }

    /// Rows, their numbers, which are never given again, and what else is wanted.
    private Chunk numbered(Chunk batch, int[] coming, BufferAllocator allocator) {
        long[] numbers = new long[coming.length];
        Arrays.setAll(numbers, i -> given.state().base().value() << NUMBER_BITS | i);
        int all = giver.wants().size();
        int number = rows.size();
        List<FieldVector> columns = Columns.make(
                all,
                i -> i == number
                        ? Columns.longs(NUMBER, numbers, allocator)
                        : Columns.gather(
                                batch.column(i < number ? i : batch.columnCount() - all + i),
                                coming,
                                0,
                                coming.length,
                                allocator));
        return new Chunk(giver.wants(), columns, coming.length);
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

    private Chunk signed(Chunk entries, int change, BufferAllocator allocator) {
        try (Chunk result = entries.select(results)) {
            return Difference.signed(result, change, allocator);
        }
    }
}
