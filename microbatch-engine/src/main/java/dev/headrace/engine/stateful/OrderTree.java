package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/// The index of an [OrderedWindow] in a batch: for each partition a tree, whose leaves are blocks of rows that follow
/// each other in order, and whose nodes have an entry for each block or node below.
///
/// A batch goes down from the roots to the blocks of its rows and those that they affect, a level of all partitions at
/// a time, and writes the entries that change on its way back.
final class OrderTree implements AutoCloseable {
    /// Nodes with more entries are split.
    private static final int MOST_ENTRIES = 128;

    private static final int ID = 0;
    private static final int LEVEL = 1;
    private static final int COUNT = 2;
    private static final int ROWS_AHEAD = 3;
    private static final int GROUPS_AHEAD = 4;

    private final OrderedWindow window;
    private final KeyedRows index;
    private final int width;
    private final Chunk partitions;
    private final OrderedWindowPlans plans;
    private final RunContext run;
    private final BufferAllocator allocator;
    private final List<Step> steps = new ArrayList<>();
    private int entryCount;

    /// No block and no node has had these before: the number of the batch, and of what is new in it.
    private long nextId;

    /// Nodes that are read together.
    ///
    /// @param firstEntry the place of the first of their entries among all that are read
    private record Step(List<OrderNode> nodes, Chunk keys, KeyedRows.Before before, int firstEntry)
            implements AutoCloseable {
        int entries() {
            return before.rows().rowCount();
        }

        @Override
        public void close() {
            keys.close();
            before.close();
        }
    }

    /// @param partitions those that the batch touches, borrowed until this is closed
    OrderTree(OrderedWindowPlans plans, Chunk partitions, RunContext run) {
        this.plans = plans;
        this.window = plans.window();
        this.index = window.index();
        this.width = window.input().rows().rowSchema().size();
        this.partitions = partitions;
        this.run = run;
        this.allocator = run.allocator();
        nextId = (index.state().base().value() << Integer.SIZE) + 1;
    }

    // ---- On the way down

    /// Finds the blocks of rows, and those that are to be read with them: the ones whose results may change, and the
    /// ones that these look into.
    ///
    /// @param rows borrowed
    /// @param blockOf gets the block of each row
    /// @return blocks side by side, in order
    List<List<OrderNode>> find(Chunk rows, int[] partitionOf, OrderNode[] blockOf) {
        List<List<OrderNode>> stretches = new ArrayList<>();
        for (int p = 0; p < partitions.rowCount(); p++) {
            OrderNode root = OrderNode.root(p);
            root.touched = true;
            stretches.add(List.of(root));
        }
        for (int row = 0; row < blockOf.length; row++) {
            blockOf[row] = stretches.get(partitionOf[row]).getFirst();
        }
        while (stretches.stream().anyMatch(OrderTree::isInner)) {
            read(stretches.stream()
                    .filter(OrderTree::isInner)
                    .flatMap(List::stream)
                    .toList());
            place(rows, blockOf);
            List<List<OrderNode>> below = new ArrayList<>();
            for (List<OrderNode> stretch : stretches) {
                if (isInner(stretch)) {
                    below.addAll(needed(stretch.stream()
                            .flatMap(node -> node.children.stream())
                            .toList()));
                } else {
                    below.add(stretch);
                }
            }
            stretches = below;
        }
        return stretches;
    }

    private static boolean isInner(List<OrderNode> stretch) {
        return !stretch.getFirst().isBlock();
    }

    private void read(List<OrderNode> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).place = i;
        }
        Chunk keys = keys(nodes, index);
        try {
            KeyedRows.Before before = index.load(keys, allocator);
            steps.add(new Step(nodes, keys, before, entryCount));
            entryCount += before.rows().rowCount();
        } catch (Throwable failed) {
            keys.close();
            throw failed;
        }
    }

    /// Finds the children of the nodes that have been read last, and those of them that rows belong to.
    private void place(Chunk rows, OrderNode[] nodeOf) {
        Step step = steps.getLast();
        int entries = step.entries();
        int[] sought = IntStream.range(0, nodeOf.length)
                .filter(row -> !nodeOf[row].isBlock())
                .toArray();
        int[] segments = Arrays.copyOf(step.before().keys(), entries + sought.length);
        for (int i = 0; i < sought.length; i++) {
            segments[entries + i] = nodeOf[sought[i]].place;
        }
        Chunk both = Columns.concat(
                window.input().rows().rowSchema(),
                List.of(rowsOf(step), Columns.gather(rows, sought, 0, sought.length, allocator)),
                allocator);
        OrderedWindowPlans.Sorted sorted = plans.sort(both, segments, run);
        List<RangeReach.Limits> limits = plans.limits(rowsOf(step), run);
        int[] before = new int[sought.length];
        for (int i = 0; i < sorted.count(); i++) {
            int at = sorted.places()[i];
            OrderNode node = step.nodes().get(sorted.segments()[i]);
            if (at < entries) {
                OrderNode child = child(step, at, node);
                child.measured = limits.isEmpty() ? null : limits.get(at);
                node.children.add(child);
            } else {
                before[at - entries] = node.children.size();
            }
        }
        for (int i = 0; i < sought.length; i++) {
            OrderNode node = nodeOf[sought[i]];
            if (node.children.isEmpty()) {
                node.children.add(new OrderNode(node.partition, newId(), 0, node, OrderNode.NEW, 0));
            }
            OrderNode child = node.children.get(Math.max(0, before[i] - 1));
            child.touched = true;
            nodeOf[sought[i]] = child;
        }
    }

    private Chunk rowsOf(Step step) {
        return step.before().rows().select(IntStream.range(0, width).toArray());
    }

    private OrderNode child(Step step, int at, OrderNode parent) {
        int level = (int) number(step, LEVEL, at);
        OrderNode child = new OrderNode(
                parent.partition, number(step, ID, at), level, parent, step.firstEntry() + at, number(step, COUNT, at));
        parent.level = level + 1;
        if (window.isRunning() && level == 0) {
            child.rowsAhead = number(step, ROWS_AHEAD, at);
            child.groupsAhead = number(step, GROUPS_AHEAD, at);
            child.stateAhead = child.entry;
        }
        return child;
    }

    private long number(Step step, int column, int at) {
        return ((BigIntVector) step.before().rows().column(width + column)).get(at);
    }

    long newId() {
        return nextId++;
    }

    /// The stretches of those that are needed.
    private List<List<OrderNode>> needed(List<OrderNode> inOrder) {
        boolean[] touched = new boolean[inOrder.size()];
        for (int i = 0; i < touched.length; i++) {
            touched[i] = inOrder.get(i).touched;
        }
        boolean[] affected = widened(inOrder, touched, true);
        if (window.isRunning()) {
            int first = 0;
            while (first < affected.length && !affected[first]) {
                first++;
            }
            Arrays.fill(affected, first, affected.length, true);
        }
        boolean[] needed = widened(inOrder, affected, false);
        List<List<OrderNode>> stretches = new ArrayList<>();
        for (int i = 0; i < needed.length; i++) {
            inOrder.get(i).affected = affected[i];
            if (needed[i]) {
                if (i == 0 || !needed[i - 1]) {
                    stretches.add(new ArrayList<>());
                }
                stretches.getLast().add(inOrder.get(i));
            }
        }
        return stretches;
    }

    /// With those on both sides that look into them, or that they look into.
    private boolean[] widened(List<OrderNode> inOrder, boolean[] from, boolean lookers) {
        boolean[] wide = from.clone();
        for (int i = 0; i < from.length; i++) {
            if (!from[i]) {
                continue;
            }
            // Where there is one beside it, that goes farther.
            long rows = 0;
            for (int b = i - 1; b >= 0 && !from[b]; b--) {
                if (!isNear(rows, lookers, inOrder.get(b + 1), inOrder.get(i))) {
                    break;
                }
                wide[b] = true;
                rows += inOrder.get(b).rowsBefore;
            }
            rows = 0;
            for (int b = i + 1; b < from.length && !from[b]; b++) {
                if (!isNear(rows, !lookers, inOrder.get(i + 1), inOrder.get(b))) {
                    break;
                }
                wide[b] = true;
                rows += inOrder.get(b).rowsBefore;
            }
        }
        return wide;
    }

    /// Whether rows before one node and rows of another, or behind it, see each other.
    ///
    /// @param rows how many there are between them
    /// @param forward whether the first ones look, or the others
    private boolean isNear(long rows, boolean forward, OrderNode end, OrderNode start) {
        return rows < window.reach()
                || (forward
                        ? isInRange(end, start, RangeReach::endsFrom)
                        : isInRange(start, end, RangeReach::beginsUpTo));
    }

    private boolean isInRange(OrderNode node, OrderNode other, Reaches reaches) {
        Optional<RangeReach> ranges = window.ranges();
        if (ranges.isEmpty()) {
            return false;
        }
        RangeReach.Limits limits = node.limits();
        RangeReach.Limits others = other.limits();
        return limits == null || others == null || reaches.test(ranges.get(), limits, others);
    }

    private interface Reaches {
        boolean test(RangeReach ranges, RangeReach.Limits node, RangeReach.Limits other);
    }

    // ---- What has been read

    /// How many entries have been read.
    int entryCount() {
        return entryCount;
    }

    /// The entries' columns `[from, to)`, which the caller closes.
    Chunk entries(int from, int to) {
        int[] columns = IntStream.range(from, to).toArray();
        List<Chunk> parts = new ArrayList<>();
        for (Step step : steps) {
            parts.add(step.before().rows().select(columns));
        }
        return Columns.concat(index.rowSchema().select(columns), parts, allocator);
    }

    /// The partial results ahead of blocks, by the places of their entries; the caller closes them.
    Chunk states() {
        return entries(width + numbers().size(), index.rowSchema().size());
    }

    /// The keys of nodes, or of blocks.
    ///
    /// @param keyed what is kept by them
    Chunk keys(List<OrderNode> of, KeyedRows keyed) {
        int[] partitionOf = of.stream().mapToInt(node -> node.partition).toArray();
        List<FieldVector> columns = new ArrayList<>();
        for (FieldVector key : partitions.columns()) {
            columns.add(Columns.gather(key, partitionOf, 0, partitionOf.length, allocator));
        }
        columns.add(Columns.longs("id", of.stream().mapToLong(node -> node.id).toArray(), allocator));
        return new Chunk(keyed.keySchema(), columns, partitionOf.length);
    }

    // ---- On the way back

    /// Writes the entries that have changed.
    ///
    /// @param rows the rows that are there now, borrowed
    /// @param captured partial results, borrowed; without columns if none are kept
    void store(Chunk rows, Chunk captured) {
        List<OrderNode> inner = new ArrayList<>();
        steps.forEach(step -> inner.addAll(step.nodes()));
        inner.sort(Comparator.comparingInt(node -> node.level));
        boolean[] dropped = new boolean[entryCount];
        List<OrderNode> fresh = new ArrayList<>();
        for (OrderNode node : inner) {
            update(node, dropped);
            split(node, fresh, this::newId);
        }
        List<OrderNode> written = new ArrayList<>();
        inner.addAll(fresh);
        for (OrderNode node : inner) {
            for (OrderNode child : node.children) {
                if (child.written) {
                    written.add(child);
                    if (child.entry != OrderNode.NEW) {
                        dropped[child.entry] = true;
                    }
                }
            }
        }
        try (Chunk entries = written(written, rows, captured)) {
            store(written, entries, dropped, fresh);
        }
    }

    /// Counts what is below.
    private static void update(OrderNode node, boolean[] dropped) {
        for (OrderNode child : node.children) {
            child.written |= child.entry == OrderNode.NEW || child.rows != child.rowsBefore;
            if (child.rows == 0 && child.entry != OrderNode.NEW) {
                dropped[child.entry] = true;
            }
        }
        node.children.removeIf(child -> child.rows == 0);
        node.rows = node.children.stream().mapToLong(child -> child.rows).sum();
    }

    /// Leaves a node with too many entries the first of them, and a root none.
    static void split(OrderNode node, List<OrderNode> fresh, LongSupplier newIds) {
        while (node.children.size() > MOST_ENTRIES) {
            List<OrderNode> pieces = new ArrayList<>();
            List<OrderNode> all = node.children;
            boolean isRoot = node.parent == null;
            for (int from = 0; from < all.size(); from += MOST_ENTRIES / 2) {
                List<OrderNode> part = all.subList(from, Math.min(all.size(), from + MOST_ENTRIES / 2));
                if (from == 0 && !isRoot) {
                    node.children = new ArrayList<>(part);
                } else {
                    pieces.add(piece(node, newIds.getAsLong(), part));
                }
            }
            fresh.addAll(pieces);
            if (isRoot) {
                pieces.forEach(piece -> piece.parent = node);
                node.children = pieces;
                node.level++;
            } else {
                if (node.isFirstChild()) {
                    // It may have what is before its row, but no more may those behind it.
                    node.first = node.children.getFirst().first;
                }
                node.written = true;
                node.rows =
                        node.children.stream().mapToLong(child -> child.rows).sum();
                node.insertBehind(pieces);
            }
        }
    }

    private static OrderNode piece(OrderNode node, long id, List<OrderNode> children) {
        OrderNode piece = node.sibling(id);
        piece.children = new ArrayList<>(children);
        piece.first = children.getFirst().first;
        piece.rows = children.stream().mapToLong(child -> child.rows).sum();
        piece.written = true;
        for (OrderNode child : children) {
            child.parent = piece;
            child.written = true;
        }
        return piece;
    }

    private Chunk written(List<OrderNode> written, Chunk rows, Chunk captured) {
        int count = written.size();
        List<FieldVector> columns = new ArrayList<>();
        int[] first = written.stream().mapToInt(node -> node.first).toArray();
        gather(columns, entries(0, width), rows, first);
        List<long[]> numbers = List.of(
                written.stream().mapToLong(node -> node.id).toArray(),
                written.stream().mapToLong(node -> node.level).toArray(),
                written.stream().mapToLong(node -> node.rows).toArray(),
                written.stream().mapToLong(node -> node.rowsAhead).toArray(),
                written.stream().mapToLong(node -> node.groupsAhead).toArray());
        for (int i = 0; i < numbers().size(); i++) {
            columns.add(Columns.longs(numbers().field(i).name(), numbers.get(i), allocator));
        }
        int[] ahead = written.stream()
                .mapToInt(node -> node.stateAhead == OrderNode.NEW ? Columns.NULL_ROW : node.stateAhead)
                .toArray();
        gather(columns, states(), captured, ahead);
        return new Chunk(index.rowSchema(), columns, count);
    }

    private StructType numbers() {
        return window.isRunning() ? OrderedWindow.RUNNING_NUMBERS : OrderedWindow.NUMBERS;
    }

    /// @param known taken over
    private void gather(List<FieldVector> columns, Chunk known, Chunk behind, int[] places) {
        if (known.columnCount() == 0) {
            known.close();
            return;
        }
        try (Chunk both =
                Columns.concat(known.schema(), List.of(known, behind.slice(0, behind.rowCount())), allocator)) {
            for (FieldVector column : both.columns()) {
                columns.add(Columns.gather(column, places, 0, places.length, allocator));
            }
        }
    }

    private void store(List<OrderNode> written, Chunk entries, boolean[] dropped, List<OrderNode> fresh) {
        int[] keyOf = new int[written.size()];
        for (int i = 0; i < fresh.size(); i++) {
            fresh.get(i).place = i;
        }
        for (int i = 0; i < keyOf.length; i++) {
            OrderNode parent = written.get(i).parent;
            keyOf[i] = parent == null ? 0 : parent.place;
        }
        for (Step step : steps) {
            int[] added = under(written, step.nodes());
            boolean[] gone = Arrays.copyOfRange(dropped, step.firstEntry(), step.firstEntry() + step.entries());
            index.replace(step.before(), step.keys(), gone, entries, keyOf, added, allocator)
                    .close();
        }
        if (!fresh.isEmpty()) {
            try (Chunk keys = keys(fresh, index);
                    KeyedRows.Before nothing = index.load(keys, allocator)) {
                int[] added = under(written, fresh);
                index.replace(nothing, keys, new boolean[0], entries, keyOf, added, allocator)
                        .close();
            }
        }
    }

    /// Which of the nodes are below some others.
    private static int[] under(List<OrderNode> nodes, List<OrderNode> parents) {
        return IntStream.range(0, nodes.size())
                .filter(i -> {
                    OrderNode parent = nodes.get(i).parent;
                    return parent != null && parent.place < parents.size() && parents.get(parent.place) == parent;
                })
                .toArray();
    }

    @Override
    public void close() {
        Closing.all(steps);
        steps.clear();
    }
}
