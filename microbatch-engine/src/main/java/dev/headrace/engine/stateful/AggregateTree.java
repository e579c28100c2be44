package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.GroupTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;

/// An aggregation over rows that come and go, of functions that can't take a row back but can merge partial results.
///
/// The values of a group, each with the number of rows that have it, lie in the leaves of a tree by their hash; every
/// node has the partial result of what is below it. A change reads and writes one leaf, and the nodes between it and
/// the root, each of which is merged anew from its children: the cost grows with the logarithm of the group's size.
///
/// @param input gives the keys, the arguments and filters, their hash, and the [ChangeColumn]
/// @param keys how many keys there are
/// @param nodeLayout groups the columns of a leaf by the keys and the node: the keys, the node, the arguments and
///     filters, [#FIRST] and [#LAST]
/// @param schema of the results
/// @param late when a row is late, over the columns of `input`
/// @param end when a group is final, over the keys
/// @param once whether a group comes out when it is final, instead of its changes
/// @param values the leaves: by keys and node, the arguments and filters, their hash, how many rows have them,
///     [#FIRST], [#LAST]
/// @param nodes the partial results by keys and node, and whether the node has children
record AggregateTree(
        PhysicalPlan input,
        int keys,
        GroupLayout nodeLayout,
        StructType schema,
        Optional<Expiry> late,
        Optional<Expiry> end,
        boolean once,
        KeyedRows values,
        OperatorState nodes)
        implements KeepsRows {
    static final StructField NODE = new StructField("_node", DataTypes.LongType, false);
    static final StructField HASH = new StructField("_hash", DataTypes.LongType, false);
    static final StructField ROWS = new StructField("_rows", DataTypes.LongType, false);
    /// Since when a value has been there, without a break: the number of the batch and of the row in it.
    static final StructField FIRST = new StructField("_first", DataTypes.LongType, false);
    /// When a row with the value came last.
    static final StructField LAST = new StructField("_last", DataTypes.LongType, false);

    static final StructField INNER = new StructField("_inner", DataTypes.BooleanType, false);

    @Override
    public StructType schema() {
        return once ? schema : ChangeColumn.addTo(schema);
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(values.state());
    }

    @Override
    public String describe() {
        return "Incremental aggregation by " + keySchema().names() + ", a tree of partial results per group, gives "
                + (once ? "final results" : "changes");
    }

    StructType keySchema() {
        return new StructType(values.keySchema().fieldList().subList(0, keys));
    }

    /// How many arguments and filters there are.
    int arguments() {
        return values.rowSchema().size() - 4;
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> {
            List<Chunk> results = new ArrayList<>();
            try {
                try (Chunk changes = read(below, run)) {
                    // Without keys there is a result of no rows, too.
                    if (changes.rowCount() > 0 || keys == 0 && !once) {
                        results.addAll(change(changes, run));
                    }
                }
                expire(run, results);
                return Stage.of(List.of(new MemorySplit(results)));
            } catch (Throwable failed) {
                Closing.all(results);
                throw failed;
            }
        };
    }

    private Chunk read(Prepared below, RunContext run) {
        Stage all = below.open(run);
        Stage inTime =
                late.isPresent() ? all.then(() -> late.get().lateRowFilter(values.state(), input.schema())) : all;
        List<Chunk> chunks = ChunkCollector.collect(inTime, run);
        chunks.forEach(chunk -> values.state().countTaken(chunk.rowCount()));
        return chunks.isEmpty()
                ? Chunk.empty(input.schema(), run.allocator())
                : Columns.concat(input.schema(), chunks, run.allocator());
    }

    private List<Chunk> change(Chunk changes, RunContext run) {
        try (AggregateTreeBatch batch = new AggregateTreeBatch(this, changes, run.allocator())) {
            // Without keys, the result over no rows is a row; it has been given only if there was a batch before.
            List<Chunk> before = once ? List.of() : results(batch.roots(), false, run.allocator());
            List<Chunk> after;
            try {
                batch.apply();
                after = once ? List.of() : results(batch.roots(), true, run.allocator());
            } catch (Throwable failed) {
                Closing.all(before);
                throw failed;
            }
            return Difference.of(schema, before, after, run.allocator());
        }
    }

    /// The results of some groups.
    ///
    /// @param roots keys, node and partial results, taken over
    /// @param ofNoRows whether there is a result without any group
    private List<Chunk> results(Chunk roots, boolean ofNoRows, BufferAllocator allocator) {
        GroupLayout layout = resultLayout();
        try (roots) {
            if (roots.rowCount() == 0 && !ofNoRows) {
                return List.of();
            }
            try (GroupTable groups = new GroupTable(layout, allocator);
                    Chunk partials = roots.select(IntStream.range(0, roots.columnCount())
                            .filter(column -> column != keys)
                            .toArray())) {
                groups.merge(partials);
                return groups.results(schema, allocator);
            }
        }
    }

    /// The grouping by the keys alone.
    GroupLayout resultLayout() {
        int[] ordinals = new int[keys];
        Arrays.setAll(ordinals, i -> i);
        return new GroupLayout(keySchema(), ordinals, nodeLayout.aggregates());
    }

    /// Forgets the groups that are final.
    private void expire(RunContext run, List<Chunk> results) {
        if (end.isEmpty()) {
            return;
        }
        values.takeExpired(run.allocator()).close();
        Chunk.lendEach(nodes.takeExpired(nodes.times().expiryMicros()), entries -> {
            nodes.countRemoved(entries.rowCount());
            if (once) {
                results.addAll(results(rootsOf(entries, run.allocator()), false, run.allocator()));
            }
        });
    }

    private Chunk rootsOf(Chunk entries, BufferAllocator allocator) {
        BigIntVector ids = (BigIntVector) entries.column(keys);
        int[] roots = IntStream.range(0, entries.rowCount())
                .filter(i -> ids.get(i) == TreeNode.ROOT)
                .toArray();
        try (Chunk partials =
                entries.select(IntStream.range(0, entries.columnCount() - 1).toArray())) {
            return Columns.gather(partials, roots, 0, roots.length, allocator);
        }
    }
}
