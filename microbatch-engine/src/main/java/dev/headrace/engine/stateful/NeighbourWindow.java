package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;

/// Window functions that look at a fixed number of rows before and after each row, such as `lag`, `lead` and sums over
/// the last seven rows, over rows that come and go.
///
/// The rows of a partition lie in blocks, each of which has the rows of a stretch of the partition's order; an index
/// has the first row and the number of rows of each block. A change reads the index of its partition, its block, and as
/// many blocks beside it as its effects reach into and these look into, and the functions are computed over those: what
/// comes out is the difference. Rows that are equal in order lie in one block.
///
/// @param input whose rows are kept by partition and block
/// @param index the blocks of each partition: a row before which, in order, none of the block is, [#BLOCK] and
///     [#COUNT]. The first block also has what is before its row
/// @param reach how many rows before or after a row its results depend on
/// @param order gives [#SEGMENT], [#AT] and the rank within the segment, in order, over `ordered`
/// @param body the functions over `computed`: by segment, the rows whose number is more than [#FIRST] and at most
///     [#LAST]
record NeighbourWindow(
        KeyedInput input,
        KeyedRows index,
        int reach,
        PhysicalPlan order,
        RowsLeaf ordered,
        PhysicalPlan body,
        RowsLeaf computed)
        implements KeepsRows {
    static final StructField BLOCK = new StructField("_block", DataTypes.LongType, false);
    static final StructField COUNT = new StructField("_count", DataTypes.LongType, false);
    /// Which rows belong together.
    static final StructField SEGMENT = new StructField("_segment", DataTypes.IntegerType, false);
    /// Where a row stands in the leaf.
    static final StructField AT = new StructField("_at", DataTypes.IntegerType, false);
    static final StructField FIRST = new StructField("_first", DataTypes.IntegerType, false);
    static final StructField LAST = new StructField("_last", DataTypes.IntegerType, false);

    @Override
    public StructType schema() {
        return ChangeColumn.addTo(body.schema());
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input.plan());
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(input.rows().state());
    }

    @Override
    public String describe() {
        return "Incremental window functions over " + reach + " neighbours by "
                + index.keySchema().names() + ", gives changes";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input.plan());
        Prepared inOrder = preparation.prepare(order);
        Prepared functions = preparation.prepare(body);
        return run -> {
            try (Chunk changes = input.read(below, run)) {
                return Stage.of(List.of(new MemorySplit(
                        changes.rowCount() == 0 ? List.of() : change(changes, inOrder, functions, run))));
            }
        };
    }

    private List<Chunk> change(Chunk changes, Prepared inOrder, Prepared functions, RunContext run) {
        try (NeighbourWindowBatch batch =
                new NeighbourWindowBatch(this, changes, rows -> sorted(rows, inOrder, run), run.allocator())) {
            List<Chunk> before = results(batch.before(), functions, run);
            List<Chunk> after;
            try {
                after = results(batch.after(), functions, run);
                batch.store();
            } catch (Throwable failed) {
                before.forEach(Chunk::close);
                throw failed;
            }
            return Difference.of(body.schema(), before, after, run.allocator());
        }
    }

    /// @param rows taken over
    private List<Chunk> sorted(Chunk rows, Prepared inOrder, RunContext run) {
        try (rows) {
            ordered.set(rows);
            return ChunkCollector.collect(inOrder.open(run), run);
        }
    }

    /// @param rows taken over
    private List<Chunk> results(Chunk rows, Prepared functions, RunContext run) {
        try (rows) {
            computed.set(rows);
            return ChunkCollector.collect(functions.open(run), run);
        }
    }
}
