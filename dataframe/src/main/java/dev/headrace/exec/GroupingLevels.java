package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Groups rows in several ways at once. The rows are grouped by all keys; the groups of each level, when they are
/// complete, are kept as results and at the same time taken in, with their partial results, by the levels with fewer
/// keys. So each level costs what the level that it is made from has groups.
///
/// The kept results are in memory, or on disk when they are too many, and are freed as they are read.
final class GroupingLevels implements Prepared {
    private final Prepared input;
    private final StructType schema;

    /// Those with more keys first.
    private final List<Level> levels = new ArrayList<>();

    /// For each level, which ones it may be made from: those with the fewest keys of all that have its keys and others.
    private final List<int[]> sources = new ArrayList<>();

    /// Groupings by the same keys.
    ///
    /// @param keys which of all keys
    /// @param rows the columns of its results
    /// @param sets what the results' keys are, in each grouping; none if only other levels are made from this one
    private record Level(BitSet keys, GroupLayout layout, StructType rows, List<List<BoundExpr>> sets) {
        boolean contains(Level other) {
            BitSet missing = (BitSet) other.keys.clone();
            missing.andNot(keys);
            return missing.isEmpty();
        }

        int keyCount() {
            return keys.cardinality();
        }

        /// Where a key is among this level's.
        int place(int key) {
            return keys.get(0, key).cardinality();
        }

        /// Of [#groups], those of the results.
        int[] resultColumns() {
            int partials = layout.partialSchema().size();
            return IntStream.concat(
                            IntStream.range(0, keyCount()),
                            IntStream.range(partials, partials + rows.size() - keyCount()))
                    .toArray();
        }

        /// Of [#groups], those of partial results for a level with fewer keys.
        int[] partialColumns(Level other) {
            return IntStream.concat(
                            other.keys.stream().map(this::place),
                            IntStream.range(keyCount(), layout.partialSchema().size()))
                    .toArray();
        }

        /// The partial results, followed by the results.
        StructType groups() {
            List<StructField> fields = new ArrayList<>(layout.partialSchema().fieldList());
            fields.addAll(rows.fieldList().subList(keyCount(), rows.size()));
            return new StructType(fields);
        }
    }

    GroupingLevels(Prepared input, HashGroupingSets node) {
        this.input = input;
        this.schema = node.schema();
        Map<BitSet, List<List<BoundExpr>>> byKeys = new LinkedHashMap<>();
        BitSet all = new BitSet();
        all.set(0, node.groups().keys().length);
        byKeys.put(all, new ArrayList<>());
        for (List<BoundExpr> set : node.sets()) {
            byKeys.computeIfAbsent(keysOf(set), _ -> new ArrayList<>()).add(set);
        }
        byKeys.forEach((keys, sets) -> levels.add(level(keys, sets, node.groups())));
        levels.sort(Comparator.comparing(Level::keyCount).reversed());
        levels.forEach(level -> sources.add(sources(level)));
    }

    private int[] sources(Level level) {
        int[] containing = IntStream.range(0, levels.size())
                .filter(other ->
                        levels.get(other).contains(level) && levels.get(other).keyCount() > level.keyCount())
                .toArray();
        int fewest = IntStream.of(containing)
                .map(other -> levels.get(other).keyCount())
                .min()
                .orElse(0);
        return IntStream.of(containing)
                .filter(other -> levels.get(other).keyCount() == fewest)
                .toArray();
    }

    private static BitSet keysOf(List<BoundExpr> set) {
        BitSet keys = new BitSet();
        for (BoundExpr key : set) {
            if (key instanceof BoundExpr.Column column) {
                keys.set(column.ordinal());
            }
        }
        return keys;
    }

    private static Level level(BitSet keys, List<List<BoundExpr>> sets, PhysicalPlan.HashAggregate groups) {
        int[] ordinals = keys.stream().map(key -> groups.keys()[key]).toArray();
        List<StructField> rows = new ArrayList<>();
        StructType all = groups.schema();
        keys.stream().forEach(key -> rows.add(all.field(key)));
        rows.addAll(all.fieldList().subList(groups.keys().length, all.size()));
        return new Level(
                keys,
                new GroupLayout(groups.input().schema().select(ordinals), ordinals, groups.aggregates()),
                new StructType(rows),
                sets);
    }

    @Override
    public Stage open(RunContext run) {
        Stage stage = input.open(run);
        try (Running running = new Running(run)) {
            return running.results(stage);
        }
    }

    /// The tables and results of one run, by level.
    private final class Running implements AutoCloseable {
        private final RunContext run;
        private final Map<Integer, GroupTables> tables = new HashMap<>();

        /// What each level is made from, once that is chosen.
        private final Map<Integer, Integer> madeFrom = new HashMap<>();

        private final List<KeptChunks> kept = new ArrayList<>();

        Running(RunContext run) {
            this.run = run;
        }

        Stage results(Stage rows) {
            GroupTables first = GroupTables.of(levels.getFirst().layout(), rows.splitCount(), run);
            tables.put(0, first);
            rows.run(run, first);
            if (first.mostGroups() == 0) {
                return Stage.of(List.of(new MemorySplit(List.of())));
            }
            for (int l = 0; l < levels.size(); l++) {
                if (l == 0 || levels.get(l).keyCount() < levels.get(l - 1).keyCount()) {
                    chooseAmong(levels.get(l).keyCount());
                }
                complete(l);
            }
            Stage results = Stage.of(splits()).closing(new KeptLevels(List.copyOf(kept)));
            kept.clear();
            return results;
        }

        /// Chooses what is made from each of the levels with so many keys, of which none is complete yet.
        private void chooseAmong(int keyCount) {
            for (int l = 1; l < levels.size(); l++) {
                if (levels.get(sources.get(l)[0]).keyCount() == keyCount) {
                    int fewest = sources.get(l)[0];
                    for (int from : sources.get(l)) {
                        if (mostGroups(from) < mostGroups(fewest)) {
                            fewest = from;
                        }
                    }
                    madeFrom.put(l, fewest);
                }
            }
        }

        private long mostGroups(int l) {
            return table(l).mostGroups();
        }

        private GroupTables table(int l) {
            return Objects.requireNonNull(tables.get(l));
        }

        /// Keeps the results of a level, and lets those that are made from it take its groups in.
        private void complete(int l) {
            Level level = levels.get(l);
            int[] next = IntStream.range(l + 1, levels.size())
                    .filter(other -> madeFrom.getOrDefault(other, -1) == l)
                    .toArray();
            long before = kept.stream().mapToLong(KeptChunks::heldBytes).sum();
            KeptChunks rows =
                    new KeptChunks(level.rows(), run, bytes -> run.spill().isTooMuchResult(before + bytes));
            kept.add(rows);
            try (Stage groups = groups(l, next.length > 0)) {
                for (int other : next) {
                    tables.put(
                            other,
                            GroupTables.of(levels.get(other).layout(), groups.splitCount(), next.length - 1, run));
                }
                groups.runHolding(run, next.length == 0 ? rows : split -> taking(split, level, rows, next));
            }
        }

        private Stage groups(int l, boolean withPartials) {
            try (GroupTables complete = table(l)) {
                return complete.groups(giving(levels.get(l), withPartials));
            }
        }

        /// The results only if they are asked for: that of a group which is none of the query's may be an error.
        private GroupTable.Giving giving(Level level, boolean withPartials) {
            if (level.sets().isEmpty()) {
                return (all, from, allocator) -> all.partials(from, allocator);
            }
            StructType columns = withPartials ? level.groups() : level.rows();
            return withPartials
                    ? (all, from, allocator) -> all.partialsAndResults(from, columns, allocator)
                    : (all, from, allocator) -> all.results(from, columns, allocator);
        }

        private StageSink.Task taking(int split, Level level, KeptChunks rows, int[] next) {
            List<StageSink.Task> tasks = new ArrayList<>();
            List<int[]> columns = new ArrayList<>();
            if (!level.sets().isEmpty()) {
                tasks.add(rows.open(split));
                columns.add(level.resultColumns());
            }
            for (int other : next) {
                tasks.add(table(other).openForPartials(split));
                columns.add(level.partialColumns(levels.get(other)));
            }
            return new StageSink.Task() {
                @Override
                public void accept(Chunk chunk) {
                    try (chunk) {
                        for (int t = 0; t < tasks.size(); t++) {
                            tasks.get(t).accept(chunk.select(columns.get(t)));
                        }
                    }
                }

                @Override
                public void close() {
                    Closing.all(tasks);
                }
            };
        }

        /// The results of all levels: few splits, so that what follows can give each a table of its own.
        private List<Split> splits() {
            List<List<Piece>> pieces = new ArrayList<>();
            int most = GroupTables.MOST_TABLES_PER_THREAD * run.tasks().parallelism();
            for (int l = 0; l < levels.size(); l++) {
                KeptChunks rows = kept.get(l);
                int split = 0;
                for (List<KeptChunks.Piece> ofSplit : rows.splits()) {
                    if (split == pieces.size() && split < most) {
                        pieces.add(new ArrayList<>());
                    }
                    List<Piece> into = pieces.get(split++ % pieces.size());
                    for (KeptChunks.Piece piece : ofSplit) {
                        into.add(new Piece(rows, piece, levels.get(l)));
                    }
                }
            }
            return pieces.stream().<Split>map(Results::new).toList();
        }

        @Override
        public void close() {
            Closing.all(tables.values());
            Closing.all(kept);
        }
    }

    /// The results of all levels, which a stage closes.
    private record KeptLevels(List<KeptChunks> levels) implements AutoCloseable {
        @Override
        public void close() {
            Closing.all(levels);
        }
    }

    /// Some results of a level.
    private record Piece(KeptChunks kept, KeptChunks.Piece piece, Level level) {
        int rows() {
            return piece instanceof KeptChunks.Piece.Held(Chunk chunk)
                    ? chunk.rowCount() * level.sets().size()
                    : 0;
        }

        /// Frees the memory here.
        Chunk take(BufferAllocator allocator) {
            Chunk rows = kept.read(piece, allocator);
            KeptChunks.free(piece);
            return rows;
        }
    }

    private final class Results implements Split {
        private final Queue<Piece> pieces;

        Results(List<Piece> pieces) {
            this.pieces = new ArrayDeque<>(pieces);
        }

        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return new Reader(pieces, allocator);
        }

        @Override
        public long estimatedRows() {
            return pieces.stream().mapToLong(Piece::rows).sum();
        }
    }

    /// Gives the rows of each level in all of its groupings.
    private final class Reader implements ChunkReader {
        private final Queue<Piece> pieces;
        private final BufferAllocator allocator;
        private final Map<Scalar, FieldVector> constants = new HashMap<>();
        private final Deque<Chunk> ready = new ArrayDeque<>();

        Reader(Queue<Piece> pieces, BufferAllocator allocator) {
            this.pieces = pieces;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            while (ready.isEmpty()) {
                Piece piece = pieces.poll();
                if (piece == null) {
                    return null;
                }
                try (Chunk rows = piece.take(allocator)) {
                    for (List<BoundExpr> set : piece.level().sets()) {
                        ready.add(inSet(rows, piece.level(), set));
                    }
                }
            }
            return ready.poll();
        }

        private Chunk inSet(Chunk rows, Level level, List<BoundExpr> set) {
            int moved = level.keyCount() - set.size();
            return new Chunk(
                    schema,
                    Columns.make(
                            schema.size(), i -> i >= set.size() ? rows.share(i + moved) : key(set.get(i), rows, level)),
                    rows.rowCount());
        }

        private FieldVector key(BoundExpr key, Chunk rows, Level level) {
            return switch (key) {
                case BoundExpr.Column column -> rows.share(level.place(column.ordinal()));
                case BoundExpr.Literal(Scalar value) -> constant(value, rows.rowCount());
                default -> throw new IllegalStateException("a key is " + key);
            };
        }

        /// Of a column that is made once and as long as the longest chunk.
        private FieldVector constant(Scalar value, int rows) {
            FieldVector known = constants.get(value);
            if (known == null || known.getValueCount() < rows) {
                FieldVector longer = ArrowTypes.newVector("constant", value.type(), allocator);
                if (known != null) {
                    known.close();
                }
                constants.put(value, longer);
                longer.setInitialCapacity(rows);
                for (int row = 0; row < rows; row++) {
                    Cell.write(longer, row, value.value());
                }
                longer.setValueCount(rows);
                known = longer;
            }
            return Columns.share(known, 0, rows, allocator);
        }

        @Override
        public void close() {
            Closing.all(ready);
            Closing.all(constants.values());
        }
    }
}
