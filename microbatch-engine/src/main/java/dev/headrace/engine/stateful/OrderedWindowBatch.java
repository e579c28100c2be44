package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// What a batch does to the partitions of an [OrderedWindow]: finds the blocks of its rows, reads them and those around
/// them, and writes what has changed.
final class OrderedWindowBatch implements AutoCloseable {
    /// Blocks with more rows are split, unless these are all equal in order.
    private static final int MOST_ROWS = 128;

    private final OrderedWindow window;
    private final BufferAllocator allocator;
    private final Chunk changes;
    private final OrderedWindowPlans plans;
    private final RunContext run;
    private final int width;
    private final List<AutoCloseable> open = new ArrayList<>();

    private final OrderTree tree;
    private final OrderNode[] blockOf;

    /// The blocks that are read, partition by partition and in order.
    private final List<OrderNode> read = new ArrayList<>();

    private final List<Segment> segments = new ArrayList<>();
    private final Chunk keys;
    private final KeyedRows.Before stored;
    private final boolean[] gone;
    /// The rows of the blocks that are there now, block by block, and in each in the order of their coming.
    private final Chunk rows;

    private final int[] source;
    private final int[] placed;

    /// Blocks that are read and follow each other.
    ///
    /// @param first the first one whose results may change
    /// @param rowsBefore,rowsBehind how many rows there are before and behind those that may
    private record Segment(OrderNode start, OrderNode first, long rowsBefore, long rowsBehind) {
        static Segment of(List<OrderNode> blocks) {
            int first = 0;
            long before = 0;
            while (!blocks.get(first).affected) {
                before += blocks.get(first++).rowsBefore;
            }
            long behind = 0;
            for (int last = blocks.size() - 1; !blocks.get(last).affected; last--) {
                behind += blocks.get(last).rowsBefore;
            }
            return new Segment(blocks.getFirst(), blocks.get(first), before, behind);
        }
    }

    /// @param changes borrowed until this is closed
    OrderedWindowBatch(OrderedWindowPlans plans, Chunk changes, RunContext run) {
        this.plans = plans;
        this.window = plans.window();
        this.changes = changes;
        this.run = run;
        this.allocator = run.allocator();
        this.width = window.input().rows().rowSchema().size();
        try {
            int[] partitionOf = new int[changes.rowCount()];
            Chunk partitions = keep(partitions(partitionOf));
            tree = keep(new OrderTree(plans, partitions, run));
            blockOf = new OrderNode[changes.rowCount()];
            try (Chunk sought = rowsOfChanges()) {
                tree.find(sought, partitionOf, blockOf).forEach(this::add);
            }
            keys = keep(tree.keys(read, window.input().rows()));
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
        StructType rowKeys = window.input().rows().keySchema();
        StructType schema = new StructType(rowKeys.fieldList().subList(0, rowKeys.size() - 1));
        try (KeyTable touched = new KeyTable(RowLayout.of(schema), allocator)) {
            touched.assign(window.input().keys(changes), partitionOf.length, partitionOf);
            int count = touched.slotCount();
            return new Chunk(schema, touched.keys(0, count, schema, allocator), count);
        }
    }

    private void add(List<OrderNode> blocks) {
        for (OrderNode block : blocks) {
            block.place = read.size();
            block.segment = segments.size();
            read.add(block);
        }
        segments.add(Segment.of(blocks));
    }

    private Chunk rowsOfChanges() {
        return changes.select(IntStream.range(0, width).toArray());
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
            read.get(b - 1).rows = next[b];
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
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(of.share(i));
        }
        addInts(columns, segment);
        addInts(columns, by(segment, s -> Math.toIntExact(segments.get(s).rowsBefore())));
        addInts(
                columns,
                by(segment, s -> Math.toIntExact(counts[s] - segments.get(s).rowsBehind())));
        if (window.isRunning()) {
            addInts(columns, IntStream.range(0, segment.length).toArray());
            addInts(columns, by(segment, s -> Math.toIntExact(segments.get(s).start().rowsAhead)));
            addInts(columns, by(segment, s -> Math.toIntExact(segments.get(s).start().groupsAhead)));
            int[] states = by(segment, s -> state(segments.get(s).start()));
            try (Chunk known = tree.states()) {
                for (FieldVector column : known.columns()) {
                    columns.add(Columns.gather(column, states, 0, states.length, allocator));
                }
            }
        }
        return new Chunk(window.computed().schema(), columns, of.rowCount());
    }

    private static int state(OrderNode block) {
        return block.stateAhead == OrderNode.NEW ? Columns.NULL_ROW : block.stateAhead;
    }

    private static int[] by(int[] segment, IntUnaryOperator value) {
        return Arrays.stream(segment).map(value).toArray();
    }

    private void addInts(List<FieldVector> columns, int[] values) {
        String name = window.computed().schema().field(columns.size()).name();
        columns.add(OrderedWindowPlans.ints(name, values, allocator));
    }

    // ---- What is written

    /// Writes the rows that have changed, and the index.
    ///
    /// @param after the functions' results over [#after], borrowed
    void store(List<Chunk> after) {
        OrderNode[] target = new OrderNode[rows.rowCount()];
        for (int row = target.length - 1; row >= 0; row--) {
            target[row] = read.get(placed[row]);
            if (target[row].entry == OrderNode.NEW) {
                target[row].first = tree.entryCount() + row;
            }
        }
        List<OrderNode> fresh = split(target);
        try (Chunk captured = window.captured(after, allocator)) {
            if (window.isRunning()) {
                capture(captured, target);
            }
            storeRows(target, fresh);
            try (Chunk states = captured.select(IntStream.range(OrderedWindow.CAPTURED.size(), captured.columnCount())
                    .toArray())) {
                tree.store(rows, states);
            }
        }
    }

    /// Splits blocks that have become too large, where rows differ in order.
    ///
    /// @return what is split off
    private List<OrderNode> split(OrderNode[] target) {
        List<OrderNode> fresh = new ArrayList<>();
        int[] large = IntStream.range(0, target.length)
                .filter(row -> target[row].touched && target[row].rows > MOST_ROWS)
                .toArray();
        if (large.length == 0) {
            return fresh;
        }
        OrderedWindowPlans.Sorted sorted = plans.sort(
                Columns.gather(rows, large, 0, large.length, allocator),
                Arrays.stream(large).map(row -> placed[row]).toArray(),
                run);
        int from = 0;
        while (from < large.length) {
            int end = from + 1;
            while (end < large.length && sorted.segments()[end] == sorted.segments()[from]) {
                end++;
            }
            split(read.get(sorted.segments()[from]), sorted, from, end, large, target, fresh);
            from = end;
        }
        return fresh;
    }

    /// @param large the rows that were sorted, of which the block has the ones `[from, end)`
    private void split(
            OrderNode block,
            OrderedWindowPlans.Sorted sorted,
            int from,
            int end,
            int[] large,
            OrderNode[] target,
            List<OrderNode> fresh) {
        List<OrderNode> pieces = new ArrayList<>();
        OrderNode piece = block;
        int begin = from;
        piece.first = tree.entryCount() + large[sorted.places()[from]];
        for (int i = from; i < end; i++) {
            if (i - begin >= MOST_ROWS / 2 && sorted.ranks()[i] != sorted.ranks()[i - 1]) {
                piece.rows = i - (long) begin;
                piece = block.sibling(tree.newId());
                piece.place = fresh.size() + pieces.size();
                piece.first = tree.entryCount() + large[sorted.places()[i]];
                pieces.add(piece);
                begin = i;
            }
            target[large[sorted.places()[i]]] = piece;
        }
        piece.rows = end - (long) begin;
        block.written = true;
        block.insertBehind(pieces);
        fresh.addAll(pieces);
    }

    /// Gives each block what running functions have taken in before it: what the last row of the block before gave.
    private void capture(Chunk captured, OrderNode[] target) {
        IntVector places = (IntVector) captured.column(0);
        IntVector numbers = (IntVector) captured.column(1);
        IntVector groups = (IntVector) captured.column(2);
        int segment = OrderNode.NEW;
        OrderNode last = read.getFirst();
        for (int i = 0; i < captured.rowCount(); i++) {
            OrderNode block = target[places.get(i)];
            int ofBlock = read.get(placed[places.get(i)]).segment;
            if (ofBlock != segment) {
                // Nothing before the first block that is affected has changed.
                OrderNode first = segments.get(ofBlock).first();
                block.written |= !block.equals(first);
                block.startsLike(first);
                segment = ofBlock;
            } else if (!block.equals(last)) {
                block.written = true;
                block.rowsAhead = numbers.get(i - 1);
                block.groupsAhead = groups.get(i - 1);
                block.stateAhead = tree.entryCount() + i - 1;
            }
            last = block;
        }
    }

    private void storeRows(OrderNode[] target, List<OrderNode> fresh) {
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
            try (Chunk freshKeys = tree.keys(fresh, state);
                    KeyedRows.Before nothing = state.load(freshKeys, allocator)) {
                state.replace(nothing, freshKeys, new boolean[0], rows, to, Arrays.copyOf(moves, moveCount), allocator)
                        .close();
            }
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
