package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.KeyTable;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// What a batch does to the partitions of a [NeighbourWindow]: finds the blocks of its rows, reads them and those
/// beside them, and writes what has changed.
final class NeighbourWindowBatch implements AutoCloseable {
    /// Blocks with more rows are split, unless these are all equal in order.
    private static final int MOST_ROWS = 128;

    private static final int NEW = -1;

    private final NeighbourWindow window;
    private final BufferAllocator allocator;
    private final Chunk changes;
    private final Function<Chunk, List<Chunk>> sort;
    private final int width;
    private final List<AutoCloseable> open = new ArrayList<>();

    private final Chunk partitions;
    private final KeyedRows.Before index;
    private final List<List<Block>> blocks = new ArrayList<>();
    private final Block[] blockOf;

    /// The blocks that are read, partition by partition and in order.
    private final List<Block> read = new ArrayList<>();

    private final List<Segment> segments = new ArrayList<>();
    private final Chunk keys;
    private final KeyedRows.Before stored;
    private final boolean[] gone;
    /// The rows of the blocks that are there now, block by block, and in each in the order of their coming.
    private final Chunk rows;

    private final int[] source;
    private final int[] placed;

    /// A block of a partition.
    private static final class Block {
        private final int partition;
        private final long id;
        /// The place in the index, or [#NEW].
        private final int entry;

        private final long rowsBefore;
        private boolean touched;
        /// The place among the blocks that are read, or of one that is split off, among those.
        private int place;

        private int segment;
        private boolean isSplit;

        Block(int partition, long id, int entry, long rowsBefore) {
            this.partition = partition;
            this.id = id;
            this.entry = entry;
            this.rowsBefore = rowsBefore;
        }
    }

    /// Blocks that are read and follow each other.
    ///
    /// @param first,last whether it begins with the partition's first block, ends with its last
    private record Segment(boolean first, boolean last) {}

    /// Rows in order: their segment, their place in what was sorted, and their rank.
    private record Ordered(int[] segments, int[] places, int[] ranks) {}

    /// @param changes borrowed until this is closed
    /// @param sort gives rows, which it takes over, in order
    NeighbourWindowBatch(
            NeighbourWindow window, Chunk changes, Function<Chunk, List<Chunk>> sort, BufferAllocator allocator) {
        this.window = window;
        this.changes = changes;
        this.sort = sort;
        this.allocator = allocator;
        this.width = window.input().rows().rowSchema().size();
        try {
            int[] partitionOf = new int[changes.rowCount()];
            partitions = keep(partitions(partitionOf));
            index = keep(window.index().load(partitions, allocator));
            blockOf = place(partitionOf);
            chooseBlocks();
            keys = keep(keys(read));
            stored = keep(window.input().rows().load(keys, allocator));
            gone = new boolean[stored.rows().rowCount()];
            int[] added =
                    window.input().rows().net(stored, changes, window.input().changes(changes), gone, allocator);
            source = new int[gone.length + added.length];
            placed = new int[source.length];
            rows = keep(rows(added));
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private Chunk partitions(int[] partitionOf) {
        StructType schema = window.index().keySchema();
        try (KeyTable touched = new KeyTable(RowLayout.of(schema), allocator)) {
            touched.assign(window.input().keys(changes), partitionOf.length, partitionOf);
            int count = touched.slotCount();
            return new Chunk(schema, touched.keys(0, count, schema, allocator), count);
        }
    }

    /// Finds the blocks of the partitions, in order, and that of each change.
    private Block[] place(int[] partitionOf) {
        for (int p = 0; p < partitions.rowCount(); p++) {
            blocks.add(new ArrayList<>());
        }
        int entries = index.rows().rowCount();
        int[] segments = Arrays.copyOf(index.keys(), entries + partitionOf.length);
        System.arraycopy(partitionOf, 0, segments, entries, partitionOf.length);
        Ordered ordered;
        try (Chunk first = index.rows().select(IntStream.range(0, width).toArray())) {
            ordered = ordered(
                    Columns.concat(
                            window.input().rows().rowSchema(),
                            List.of(first.slice(0, entries), rowsOfChanges()),
                            allocator),
                    segments,
                    IntStream.range(0, segments.length).toArray());
        }
        int[] before = new int[partitionOf.length];
        for (int i = 0; i < ordered.places().length; i++) {
            int at = ordered.places()[i];
            List<Block> known = blocks.get(ordered.segments()[i]);
            if (at < entries) {
                known.add(new Block(ordered.segments()[i], entry(0, at), at, entry(1, at)));
            } else {
                before[at - entries] = known.size();
            }
        }
        Block[] found = new Block[partitionOf.length];
        for (int row = 0; row < found.length; row++) {
            List<Block> known = blocks.get(partitionOf[row]);
            if (known.isEmpty()) {
                known.add(new Block(partitionOf[row], 0, NEW, 0));
            }
            found[row] = known.get(Math.max(0, before[row] - 1));
            found[row].touched = true;
        }
        return found;
    }

    private long entry(int behindRow, int at) {
        return ((BigIntVector) index.rows().column(width + behindRow)).get(at);
    }

    private Chunk rowsOfChanges() {
        return changes.select(IntStream.range(0, width).toArray());
    }

    /// @param rows taken over
    private Ordered ordered(Chunk rows, int[] segments, int[] places) {
        List<Chunk> sorted;
        try (rows) {
            sorted = sort.apply(with(rows, List.of(NeighbourWindow.SEGMENT, NeighbourWindow.AT), segments, places));
        }
        int[][] columns = new int[3][segments.length];
        int at = 0;
        for (Chunk chunk : sorted) {
            try (chunk) {
                for (int row = 0; row < chunk.rowCount(); row++, at++) {
                    for (int column = 0; column < columns.length; column++) {
                        columns[column][at] = ((IntVector) chunk.column(column)).get(row);
                    }
                }
            }
        }
        return new Ordered(columns[0], columns[1], columns[2]);
    }

    /// Rows with columns of numbers behind them.
    ///
    /// @param rows borrowed
    private Chunk with(Chunk rows, List<StructField> fields, int[]... numbers) {
        List<FieldVector> columns = new ArrayList<>();
        StructType schema = window.input().rows().rowSchema();
        for (int i = 0; i < width; i++) {
            columns.add(rows.share(i));
        }
        for (int n = 0; n < numbers.length; n++) {
            schema = schema.add(fields.get(n));
            columns.add(ints(fields.get(n).name(), numbers[n]));
        }
        return new Chunk(schema, columns, rows.rowCount());
    }

    private IntVector ints(String name, int[] values) {
        IntVector vector = new IntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private BigIntVector longs(String name, long[] values) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    /// Chooses the blocks to read: those with changes; beside them as many rows as change their results; and beside
    /// these as many as their results depend on.
    private void chooseBlocks() {
        for (List<Block> inOrder : blocks) {
            boolean[] chosen = new boolean[inOrder.size()];
            for (int b = 0; b < chosen.length; b++) {
                if (inOrder.get(b).touched) {
                    chosen[b] = true;
                    choose(inOrder, chosen, b, -1);
                    choose(inOrder, chosen, b, 1);
                }
            }
            for (int b = 0; b < chosen.length; b++) {
                if (chosen[b]) {
                    Block block = inOrder.get(b);
                    block.place = read.size();
                    read.add(block);
                    if (b == 0 || !chosen[b - 1]) {
                        int end = b;
                        while (end < chosen.length && chosen[end]) {
                            end++;
                        }
                        segments.add(new Segment(b == 0, end == chosen.length));
                    }
                    block.segment = segments.size() - 1;
                }
            }
        }
    }

    private void choose(List<Block> inOrder, boolean[] chosen, int from, int step) {
        long rows = 0;
        for (int b = from + step; b >= 0 && b < chosen.length && rows < 2L * window.reach(); b += step) {
            chosen[b] = true;
            rows += inOrder.get(b).rowsBefore;
        }
    }

    /// The keys under which blocks have their rows.
    private Chunk keys(List<Block> of) {
        int[] partitionOf = of.stream().mapToInt(block -> block.partition).toArray();
        List<FieldVector> columns = new ArrayList<>();
        for (FieldVector key : partitions.columns()) {
            columns.add(Columns.gather(key, partitionOf, 0, partitionOf.length, allocator));
        }
        columns.add(longs(
                NeighbourWindow.BLOCK.name(),
                of.stream().mapToLong(block -> block.id).toArray()));
        return new Chunk(window.input().rows().keySchema(), columns, partitionOf.length);
    }

    /// The rows that are there now.
    ///
    /// @param added which of the changes come
    private Chunk rows(int[] added) {
        int[] next = new int[read.size() + 1];
        for (int i = 0; i < gone.length; i++) {
            next[stored.keys()[i] + 1] += gone[i] ? 0 : 1;
        }
        for (int change : added) {
            next[blockOf[change].place + 1]++;
        }
        for (int b = 1; b < next.length; b++) {
            next[b] += next[b - 1];
        }
        int count = next[read.size()];
        for (int i = 0; i < gone.length; i++) {
            if (!gone[i]) {
                put(next, stored.keys()[i], i);
            }
        }
        for (int change : added) {
            put(next, blockOf[change].place, gone.length + change);
        }
        try (Chunk both = Columns.concat(
                window.input().rows().rowSchema(),
                List.of(stored.rows().slice(0, gone.length), rowsOfChanges()),
                allocator)) {
            return Columns.gather(both, source, 0, count, allocator);
        }
    }

    private void put(int[] next, int block, int from) {
        source[next[block]] = from;
        placed[next[block]++] = block;
    }

    /// The rows that were there, as `computed` wants them; the caller closes it.
    Chunk before() {
        return inSegments(stored.rows(), stored.keys());
    }

    /// The rows that are there now, as `computed` wants them; the caller closes it.
    Chunk after() {
        return inSegments(rows, placed);
    }

    private Chunk inSegments(Chunk of, int[] block) {
        int[] counts = new int[segments.size()];
        int[] segment = new int[of.rowCount()];
        for (int row = 0; row < segment.length; row++) {
            segment[row] = read.get(block[row]).segment;
            counts[segment[row]]++;
        }
        int[] first = new int[segment.length];
        int[] last = new int[segment.length];
        for (int row = 0; row < segment.length; row++) {
            first[row] = segments.get(segment[row]).first() ? 0 : window.reach();
            last[row] = counts[segment[row]] - (segments.get(segment[row]).last() ? 0 : window.reach());
        }
        return with(
                of,
                List.of(NeighbourWindow.SEGMENT, NeighbourWindow.FIRST, NeighbourWindow.LAST),
                segment,
                first,
                last);
    }

    /// Writes the rows that have changed, and the index.
    void store() {
        int count = rows.rowCount();
        Block[] target = new Block[count];
        long[] size = new long[read.size()];
        for (int row = 0; row < count; row++) {
            target[row] = read.get(placed[row]);
            size[placed[row]]++;
        }
        List<Entry> entries = new ArrayList<>();
        List<Block> fresh = new ArrayList<>();
        split(size, target, fresh, entries);
        storeRows(target, fresh);
        boolean[] dropped = new boolean[index.rows().rowCount()];
        int[] anyRow = new int[read.size()];
        for (int row = count - 1; row >= 0; row--) {
            anyRow[placed[row]] = row;
        }
        for (Block block : read) {
            boolean changed = block.isSplit || size[block.place] != block.rowsBefore;
            if (changed && block.entry != NEW) {
                dropped[block.entry] = true;
            }
            if (changed && !block.isSplit && size[block.place] > 0) {
                int from = block.entry == NEW ? dropped.length + anyRow[block.place] : block.entry;
                entries.add(new Entry(block, from, size[block.place]));
            }
        }
        storeIndex(dropped, entries);
    }

    /// An entry of the index that is written.
    ///
    /// @param first where its row is: among those of the index before, and behind them the rows that are there now
    private record Entry(Block block, int first, long count) {}

    /// Splits blocks that have become too large, where rows differ in order.
    private void split(long[] size, Block[] target, List<Block> fresh, List<Entry> entries) {
        int[] large = IntStream.range(0, target.length)
                .filter(row -> size[placed[row]] > MOST_ROWS)
                .toArray();
        if (large.length == 0) {
            return;
        }
        Ordered ordered = ordered(
                Columns.gather(rows, large, 0, large.length, allocator),
                Arrays.stream(large).map(row -> placed[row]).toArray(),
                large);
        int from = 0;
        while (from < large.length) {
            int end = from + 1;
            while (end < large.length && ordered.segments()[end] == ordered.segments()[from]) {
                end++;
            }
            splitOne(read.get(ordered.segments()[from]), ordered, from, end, target, fresh, entries);
            from = end;
        }
    }

    private void splitOne(
            Block block, Ordered ordered, int from, int end, Block[] target, List<Block> fresh, List<Entry> entries) {
        long nextId = blocks.get(block.partition).stream()
                        .mapToLong(known -> known.id)
                        .max()
                        .orElseThrow()
                + 1;
        block.isSplit = true;
        Block piece = block;
        int begin = from;
        for (int i = from; i <= end; i++) {
            boolean cut = i < end && i - begin >= MOST_ROWS / 2 && ordered.ranks()[i] != ordered.ranks()[i - 1];
            if (i == end || cut) {
                entries.add(new Entry(piece, index.rows().rowCount() + ordered.places()[begin], i - (long) begin));
            }
            if (cut) {
                piece = new Block(block.partition, nextId++, NEW, 0);
                piece.place = fresh.size();
                blocks.get(block.partition).add(piece);
                fresh.add(piece);
                begin = i;
            }
            if (i < end) {
                target[ordered.places()[i]] = piece;
            }
        }
    }

    private void storeRows(Block[] target, List<Block> fresh) {
        boolean[] leaves = gone.clone();
        int[] stays = new int[target.length];
        int stayCount = 0;
        int[] moves = new int[target.length];
        int[] to = new int[target.length];
        int moveCount = 0;
        for (int row = 0; row < target.length; row++) {
            boolean isStored = source[row] < gone.length;
            if (!target[row].equals(read.get(placed[row]))) {
                to[row] = target[row].place;
                moves[moveCount++] = row;
                if (isStored) {
                    leaves[source[row]] = true;
                }
            } else if (!isStored) {
                stays[stayCount++] = row;
            }
        }
        KeyedRows state = window.input().rows();
        state.replace(stored, keys, leaves, rows, placed, Arrays.copyOf(stays, stayCount), allocator)
                .close();
        if (moveCount > 0) {
            try (Chunk freshKeys = keys(fresh);
                    KeyedRows.Before nothing = state.load(freshKeys, allocator)) {
                state.replace(nothing, freshKeys, new boolean[0], rows, to, Arrays.copyOf(moves, moveCount), allocator)
                        .close();
            }
        }
    }

    private void storeIndex(boolean[] dropped, List<Entry> entries) {
        int[] first = entries.stream().mapToInt(Entry::first).toArray();
        int[] partitionOf =
                entries.stream().mapToInt(entry -> entry.block().partition).toArray();
        List<FieldVector> columns = new ArrayList<>();
        try (Chunk old = index.rows().select(IntStream.range(0, width).toArray());
                Chunk all = Columns.concat(
                        window.input().rows().rowSchema(),
                        List.of(old.slice(0, old.rowCount()), rows.slice(0, rows.rowCount())),
                        allocator)) {
            for (FieldVector column : all.columns()) {
                columns.add(Columns.gather(column, first, 0, first.length, allocator));
            }
        }
        columns.add(longs(
                NeighbourWindow.BLOCK.name(),
                entries.stream().mapToLong(entry -> entry.block().id).toArray()));
        columns.add(longs(
                NeighbourWindow.COUNT.name(),
                entries.stream().mapToLong(Entry::count).toArray()));
        try (Chunk written = new Chunk(window.index().rowSchema(), columns, first.length)) {
            window.index()
                    .replace(
                            index,
                            partitions,
                            dropped,
                            written,
                            partitionOf,
                            IntStream.range(0, first.length).toArray(),
                            allocator)
                    .close();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open.reversed()) {
            try {
                resource.close();
            } catch (RuntimeException failed) {
                throw failed;
            } catch (Exception checked) {
                throw new IllegalStateException(checked);
            }
        }
        open.clear();
    }
}
