package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.GroupTable;
import dev.headrace.exec.KeyTable;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// What one batch does to the trees of an [AggregateTree].
///
/// From the root down the leaves of the batch's values are found, and read; what comes and goes is netted with what is
/// there; leaves that have become too large are split; then the nodes are merged anew, from the leaves up.
final class AggregateTreeBatch implements AutoCloseable {
    /// A leaf with more values is split.
    private static final int MOST_VALUES = 32;

    private final AggregateTree tree;
    private final Chunk changes;
    private final BufferAllocator allocator;
    /// The keys of the groups that the batch touches, by the groups' numbers.
    private final Chunk groups;
    private final int[] groupOf;

    /// @param changes borrowed
    AggregateTreeBatch(AggregateTree tree, Chunk changes, BufferAllocator allocator) {
        this.tree = tree;
        this.changes = changes;
        this.allocator = allocator;
        groupOf = new int[changes.rowCount()];
        StructType keySchema = tree.keySchema();
        try (KeyTable touched = new KeyTable(RowLayout.of(keySchema), allocator)) {
            touched.assign(changes.columns().subList(0, tree.keys()), groupOf.length, groupOf);
            // The one group without keys is there even if the batch has no rows.
            int count = tree.keys() == 0 ? 1 : touched.slotCount();
            groups = new Chunk(keySchema, touched.keys(0, count, keySchema, allocator), count);
        }
    }

    @Override
    public void close() {
        groups.close();
    }

    /// The keys, nodes and partial results of the roots that are there; the caller closes it.
    Chunk roots() {
        List<TreeNode> roots =
                IntStream.range(0, groups.rowCount()).mapToObj(TreeNode::root).toList();
        try (Chunk found = find(roots)) {
            return partials(roots, found, roots);
        }
    }

    /// Brings the state up to date.
    void apply() {
        if (changes.rowCount() == 0) {
            keepGroupWithoutKeys();
            return;
        }
        try (Leaves leaves = new Leaves(leavesOf())) {
            leaves.net();
            leaves.place();
            leaves.store();
            mergeUp(leaves.placed());
        }
    }

    private TreeNode[] leavesOf() {
        BigIntVector hashes = (BigIntVector) changes.column(changes.columnCount() - 2);
        TreeNode[] nodes = new TreeNode[groupOf.length];
        Arrays.setAll(nodes, row -> TreeNode.root(groupOf[row]));
        int[] descending = IntStream.range(0, nodes.length).toArray();
        while (descending.length > 0) {
            List<TreeNode> looked = Arrays.stream(descending)
                    .mapToObj(row -> nodes[row])
                    .distinct()
                    .toList();
            Set<TreeNode> inner = inner(looked);
            descending = Arrays.stream(descending)
                    .filter(row -> inner.contains(nodes[row]))
                    .toArray();
            for (int row : descending) {
                nodes[row] = nodes[row].towards(hashes.get(row));
            }
        }
        return nodes;
    }

    private Set<TreeNode> inner(List<TreeNode> looked) {
        Set<TreeNode> inner = new LinkedHashSet<>();
        try (Chunk found = find(looked)) {
            BitVector flags = (BitVector) found.column(found.columnCount() - 1);
            for (int i : StoredPartials.present(found, true)) {
                if (flags.get(i) != 0) {
                    inner.add(looked.get(i));
                }
            }
        }
        return inner;
    }

    private Chunk find(Collection<TreeNode> wanted) {
        try (Chunk entries = entries(wanted)) {
            return tree.nodes().writer().lookup(entries);
        }
    }

    /// The entries' keys in the state.
    private Chunk entries(Collection<TreeNode> wanted) {
        return new Chunk(tree.values().keySchema(), besideNodes(wanted, List.of()), wanted.size());
    }

    /// The keys of nodes and the nodes, and columns that are made beside them.
    private List<FieldVector> besideNodes(
            Collection<TreeNode> nodes, List<? extends Supplier<? extends FieldVector>> more) {
        int[] rows = nodes.stream().mapToInt(TreeNode::group).toArray();
        int keys = groups.columnCount();
        return Columns.make(keys + 1 + more.size(), i -> {
            if (i < keys) {
                return Columns.gather(groups.column(i), rows, 0, rows.length, allocator);
            }
            return i > keys
                    ? more.get(i - keys - 1).get()
                    : Columns.longs(
                            "_node", nodes.stream().mapToLong(TreeNode::id).toArray(), allocator);
        });
    }

    /// All columns of some rows, to be shared.
    private static List<Supplier<FieldVector>> sharing(Chunk rows) {
        return IntStream.range(0, rows.columnCount())
                .<Supplier<FieldVector>>mapToObj(i -> () -> rows.share(i))
                .toList();
    }

    /// The partial results that a lookup has found.
    ///
    /// @param as the node that each is given out as
    private Chunk partials(List<TreeNode> looked, Chunk found, List<TreeNode> as) {
        int[] rows = StoredPartials.present(found, true);
        if (looked.size() != found.rowCount()) {
            throw new IllegalStateException(found.rowCount() + " answers for " + looked.size() + " nodes");
        }
        List<FieldVector> columns = besideNodes(
                Arrays.stream(rows).mapToObj(as::get).toList(),
                found.columns().subList(1, found.columnCount() - 1).stream()
                        .<Supplier<FieldVector>>map(
                                partial -> () -> Columns.gather(partial, rows, 0, rows.length, allocator))
                        .toList());
        return new Chunk(tree.nodeLayout().partialSchema(), columns, rows.length);
    }

    /// Merges the nodes above some others anew.
    private void mergeUp(Collection<TreeNode> changed) {
        TreeMap<Integer, Set<TreeNode>> byDepth = new TreeMap<>();
        changed.forEach(node -> byDepth.computeIfAbsent(node.depth(), _ -> new LinkedHashSet<>())
                .add(node));
        while (!byDepth.isEmpty() && byDepth.lastKey() > 0) {
            Set<TreeNode> nodes = byDepth.pollLastEntry().getValue();
            Set<TreeNode> parents = new LinkedHashSet<>();
            nodes.forEach(node -> parents.add(node.parent()));
            mergeChildren(parents);
            byDepth.merge(parents.iterator().next().depth(), parents, (known, more) -> {
                known.addAll(more);
                return known;
            });
        }
    }

    private void mergeChildren(Set<TreeNode> parents) {
        List<TreeNode> children = new ArrayList<>();
        List<TreeNode> parentOf = new ArrayList<>();
        for (TreeNode parent : parents) {
            for (int i = 0; i < TreeNode.CHILDREN; i++) {
                children.add(parent.child(i));
                parentOf.add(parent);
            }
        }
        Set<TreeNode> empty = new LinkedHashSet<>(parents);
        try (Chunk found = find(children);
                Chunk partials = partials(children, found, parentOf);
                GroupTable merged = new GroupTable(tree.nodeLayout(), allocator)) {
            for (int i : StoredPartials.present(found, true)) {
                empty.remove(parentOf.get(i));
            }
            merged.merge(partials);
            store(merged, true);
        }
        drop(empty);
    }

    private void store(GroupTable merged, boolean inner) {
        Chunk.lendEach(merged.partials(allocator), partials -> store(partials, inner));
    }

    /// @param partials keys, node and partial results, borrowed
    private void store(Chunk partials, boolean inner) {
        int keyColumns = tree.keys() + 1;
        OperatorState state = tree.nodes();
        int last = partials.columnCount() - keyColumns;
        List<FieldVector> columns = Columns.make(
                last + 1, i -> i < last ? partials.share(keyColumns + i) : flags(inner, partials.rowCount()));
        try (Chunk values = new Chunk(state.schema().value(), columns, partials.rowCount());
                Chunk entries = partials.select(IntStream.range(0, keyColumns).toArray());
                Chunk known = state.writer().lookup(entries)) {
            state.countEntered(StoredPartials.present(known, false).length);
            state.countUpdated(entries.rowCount());
            if (tree.end().isPresent()) {
                state.writer().upsert(entries, values, tree.end().get().times(entries));
            } else {
                state.writer().upsert(entries, values);
            }
        }
    }

    private BitVector flags(boolean inner, int count) {
        BitVector flags = new BitVector(AggregateTree.INNER.name(), allocator);
        flags.allocateNew(count);
        for (int i = 0; i < count; i++) {
            flags.set(i, inner ? 1 : 0);
        }
        flags.setValueCount(count);
        return flags;
    }

    private void keepGroupWithoutKeys() {
        try (Chunk known = roots()) {
            if (known.rowCount() == 0) {
                drop(new LinkedHashSet<>(List.of(TreeNode.root(0))));
            }
        }
    }

    /// Forgets nodes that have no values. That the result over no rows has been given stays known.
    private void drop(Set<TreeNode> empty) {
        if (tree.keys() == 0 && empty.contains(TreeNode.root(0))) {
            try (GroupTable ofNoRows = new GroupTable(tree.resultLayout(), allocator);
                    Chunk partials = ofNoRows.partials(allocator).getFirst()) {
                List<FieldVector> columns = besideNodes(List.of(TreeNode.root(0)), sharing(partials));
                try (Chunk root = new Chunk(tree.nodeLayout().partialSchema(), columns, 1)) {
                    store(root, false);
                }
            }
            empty.remove(TreeNode.root(0));
        }
        OperatorState state = tree.nodes();
        try (Chunk entries = entries(empty);
                Chunk known = state.writer().lookup(entries)) {
            int gone = StoredPartials.present(known, true).length;
            state.countLeft(gone);
            state.countRemoved(gone);
            state.writer().delete(entries);
        }
    }

    /// The leaves that the batch touches, and their values: slot by slot those from before, then the batch's new ones.
    private final class Leaves implements AutoCloseable {
        private final List<TreeNode> before = new ArrayList<>();
        /// The leaf of each row of the batch.
        private final int[] leafOf;

        private final Chunk keys;
        private final KeyedRows.Before stored;
        private int values;
        private int[] leaf;
        /// Where each value's arguments are: among the stored rows, and behind them the batch's.
        private int[] source;
        private long[] hash;
        private long[] rowsBefore;
        private long[] rows;
        private long[] first;
        private long[] last;
        private final Map<TreeNode, List<Integer>> placed = new LinkedHashMap<>();

        Leaves(TreeNode[] nodes) {
            Map<TreeNode, Integer> numbers = new LinkedHashMap<>();
            leafOf = new int[nodes.length];
            for (int row = 0; row < nodes.length; row++) {
                leafOf[row] = number(numbers, nodes[row]);
            }
            before.addAll(numbers.keySet());
            keys = entries(before);
            try {
                stored = tree.values().load(keys, allocator);
            } catch (Throwable failed) {
                keys.close();
                throw failed;
            }
            int most = stored.rows().rowCount() + nodes.length;
            leaf = new int[most];
            source = new int[most];
            hash = new long[most];
            rowsBefore = new long[most];
            rows = new long[most];
            first = new long[most];
            last = new long[most];
        }

        private static int number(Map<TreeNode, Integer> numbers, TreeNode node) {
            Integer known = numbers.putIfAbsent(node, numbers.size());
            return known == null ? numbers.size() - 1 : known;
        }

        private BigIntVector storedColumn(int behindArguments) {
            return (BigIntVector) stored.rows().column(tree.arguments() + behindArguments);
        }

        /// Adds what comes and goes to what is there.
        void net() {
            StructType arguments =
                    new StructType(tree.values().rowSchema().fieldList().subList(0, tree.arguments()));
            int storedRows = stored.rows().rowCount();
            List<DataType> types = new ArrayList<>(List.of(DataTypes.IntegerType));
            arguments.forEach(field -> types.add(field.dataType()));
            try (KeyTable distinct = new KeyTable(new RowLayout(types), allocator)) {
                int[] slots = new int[Math.max(storedRows, leafOf.length)];
                assign(
                        distinct,
                        stored.keys(),
                        stored.rows().columns().subList(0, tree.arguments()),
                        storedRows,
                        slots);
                for (int i = 0; i < storedRows; i++) {
                    leaf[i] = stored.keys()[i];
                    source[i] = i;
                    hash[i] = storedColumn(0).get(i);
                    rowsBefore[i] = storedColumn(1).get(i);
                    rows[i] = rowsBefore[i];
                    first[i] = storedColumn(2).get(i);
                    last[i] = storedColumn(3).get(i);
                }
                List<FieldVector> columns = changes.columns().subList(tree.keys(), tree.keys() + tree.arguments());
                assign(distinct, leafOf, columns, leafOf.length, slots);
                values = distinct.slotCount();
                count(slots, storedRows);
            }
        }

        private void assign(KeyTable table, int[] leaves, List<FieldVector> arguments, int count, int[] slots) {
            try (IntVector numbers = new IntVector("leaf", allocator)) {
                numbers.allocateNew(count);
                for (int i = 0; i < count; i++) {
                    numbers.set(i, leaves[i]);
                }
                numbers.setValueCount(count);
                List<FieldVector> columns = new ArrayList<>(List.of(numbers));
                columns.addAll(arguments);
                table.assign(columns, count, slots);
            }
        }

        private void count(int[] slots, int storedRows) {
            BigIntVector hashes = (BigIntVector) changes.column(changes.columnCount() - 2);
            IntVector signs = (IntVector) changes.column(changes.columnCount() - 1);
            long batch = tree.nodes().base().value() << Integer.SIZE;
            long[] came = new long[values];
            long[] cameLast = new long[values];
            Arrays.fill(came, -1);
            for (int row = 0; row < leafOf.length; row++) {
                int slot = slots[row];
                if (slot >= storedRows) {
                    leaf[slot] = leafOf[row];
                    source[slot] = storedRows + row;
                    hash[slot] = hashes.get(row);
                }
                rows[slot] += signs.get(row);
                if (signs.get(row) == ChangeColumn.ADDED) {
                    came[slot] = came[slot] < 0 ? batch + row : came[slot];
                    cameLast[slot] = batch + row;
                }
            }
            for (int slot = 0; slot < values; slot++) {
                // One that goes and is not there has been forgotten.
                rows[slot] = Math.max(0, rows[slot]);
                if (rows[slot] > rowsBefore[slot]) {
                    first[slot] = rowsBefore[slot] == 0 ? came[slot] : first[slot];
                    last[slot] = cameLast[slot];
                }
            }
        }

        /// Finds the leaf of each value that is there now.
        void place() {
            List<List<Integer>> there = new ArrayList<>();
            before.forEach(_ -> there.add(new ArrayList<>()));
            for (int slot = 0; slot < values; slot++) {
                if (rows[slot] > 0) {
                    there.get(leaf[slot]).add(slot);
                }
            }
            for (int i = 0; i < before.size(); i++) {
                place(before.get(i), there.get(i));
            }
        }

        private void place(TreeNode node, List<Integer> slots) {
            if (slots.size() <= MOST_VALUES || node.depth() == TreeNode.MOST_DEPTH) {
                placed.put(node, slots);
                return;
            }
            Map<TreeNode, List<Integer>> children = new LinkedHashMap<>();
            for (int slot : slots) {
                children.computeIfAbsent(node.towards(hash[slot]), _ -> new ArrayList<>())
                        .add(slot);
            }
            children.forEach(this::place);
        }

        Set<TreeNode> placed() {
            return placed.keySet();
        }

        /// Writes the values that have changed or moved, and the leaves' partial results.
        void store() {
            List<TreeNode> nodes = new ArrayList<>();
            List<Integer> slots = new ArrayList<>();
            placed.forEach((node, there) -> {
                for (int slot : there) {
                    nodes.add(node);
                    slots.add(slot);
                }
            });
            int[] there = slots.stream().mapToInt(Integer::intValue).toArray();
            try (Chunk all = rows(there)) {
                storeValues(all, nodes, there);
                storePartials(all, nodes, there);
            }
            Set<TreeNode> empty = new LinkedHashSet<>();
            placed.forEach((node, values) -> {
                if (values.isEmpty()) {
                    empty.add(node);
                }
            });
            drop(empty);
        }

        /// The values as rows of the state.
        private Chunk rows(int[] slots) {
            int count = slots.length;
            int[] from = Arrays.stream(slots).map(slot -> source[slot]).toArray();
            int[] arguments = IntStream.range(0, tree.arguments()).toArray();
            int[] ofBatch = Arrays.stream(arguments).map(i -> tree.keys() + i).toArray();
            List<long[]> numbers = List.of(hash, rows, first, last);
            StructType schema = tree.values().rowSchema().select(arguments);
            try (Chunk old = stored.rows().select(arguments);
                    Chunk fresh = changes.select(ofBatch);
                    Chunk both = Columns.concat(
                            schema,
                            List.of(old.slice(0, old.rowCount()), fresh.slice(0, fresh.rowCount())),
                            allocator)) {
                List<FieldVector> columns = Columns.make(
                        arguments.length + numbers.size(),
                        i -> i < arguments.length
                                ? Columns.gather(both.column(i), from, 0, count, allocator)
                                : numbers(slots, numbers.get(i - arguments.length)));
                return new Chunk(tree.values().rowSchema(), columns, count);
            }
        }

        private FieldVector numbers(int[] slots, long[] of) {
            return Columns.longs(
                    "number", Arrays.stream(slots).mapToLong(slot -> of[slot]).toArray(), allocator);
        }

        private void storeValues(Chunk all, List<TreeNode> nodes, int[] slots) {
            boolean[] gone = new boolean[stored.rows().rowCount()];
            int[] stays = new int[slots.length];
            int[] moves = new int[slots.length];
            int stayCount = 0;
            int moveCount = 0;
            Arrays.fill(gone, true);
            for (int i = 0; i < slots.length; i++) {
                int slot = slots[i];
                if (!nodes.get(i).equals(before.get(leaf[slot]))) {
                    moves[moveCount++] = i;
                } else if (rows[slot] != rowsBefore[slot]) {
                    stays[stayCount++] = i;
                } else {
                    gone[slot] = false;
                }
            }
            int[] leaves = Arrays.stream(slots).map(slot -> leaf[slot]).toArray();
            tree.values()
                    .replace(stored, keys, gone, all, leaves, Arrays.copyOf(stays, stayCount), allocator)
                    .close();
            if (moveCount > 0) {
                move(all, nodes, Arrays.copyOf(moves, moveCount));
            }
        }

        /// Writes values to leaves that have not been there.
        private void move(Chunk all, List<TreeNode> nodes, int[] moves) {
            Map<TreeNode, Integer> numbers = new LinkedHashMap<>();
            int[] leaves = new int[nodes.size()];
            for (int i : moves) {
                leaves[i] = number(numbers, nodes.get(i));
            }
            try (Chunk fresh = entries(numbers.keySet());
                    KeyedRows.Before nothing = tree.values().load(fresh, allocator)) {
                tree.values()
                        .replace(nothing, fresh, new boolean[0], all, leaves, moves, allocator)
                        .close();
            }
        }

        /// A value that several rows have counts for each of them: the partial results of the rows whose number has a
        /// bit are added, from the highest bit down, doubling what is there.
        private void storePartials(Chunk all, List<TreeNode> nodes, int[] slots) {
            long most = Arrays.stream(slots).mapToLong(slot -> rows[slot]).max().orElse(0);
            GroupTable sum = new GroupTable(tree.nodeLayout(), allocator);
            try (Chunk leaves = leafRows(all, nodes)) {
                for (int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(most); bit >= 0; bit--) {
                    GroupTable doubled = doubled(sum);
                    sum.close();
                    sum = doubled;
                    long mask = 1L << bit;
                    int[] with = IntStream.range(0, slots.length)
                            .filter(i -> (rows[slots[i]] & mask) != 0)
                            .toArray();
                    try (Chunk some = Columns.gather(leaves, with, 0, with.length, allocator)) {
                        sum.update(some);
                    }
                }
                AggregateTreeBatch.this.store(sum, false);
            } finally {
                sum.close();
            }
        }

        private GroupTable doubled(GroupTable sum) {
            GroupTable doubled = new GroupTable(tree.nodeLayout(), allocator);
            try {
                Chunk.lendEach(sum.partials(allocator), partials -> {
                    doubled.merge(partials);
                    doubled.merge(partials);
                });
                return doubled;
            } catch (Throwable failed) {
                doubled.close();
                throw failed;
            }
        }

        /// The columns that the layout of the nodes is over.
        private Chunk leafRows(Chunk all, List<TreeNode> nodes) {
            List<FieldVector> columns = besideNodes(nodes, sharing(all));
            StructType schema = tree.values().keySchema();
            for (StructField field : all.schema().fieldList()) {
                schema = schema.add(field);
            }
            return new Chunk(schema, columns, all.rowCount());
        }

        @Override
        public void close() {
            keys.close();
            stored.close();
        }
    }
}
