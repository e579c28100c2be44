package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/// Window functions of which each row's result depends on rows near it, or on all rows before it, over rows that come
/// and go: `lag`, `lead`, sums over the last seven rows, running sums, ranks.
///
/// The rows of a partition lie in blocks, each of which has the rows of a stretch of the partition's order, below an
/// index ([OrderTree]). A change reads its block, those that its effects reach into, and as many beside these as they
/// look into, and the functions are computed over those: what comes out is the difference. The effects of functions
/// that run over all rows before reach to the end of the partition; what they have taken in before a block stands in
/// its entry, so no rows before the first effect are read. Rows that are equal in order lie in one block.
///
/// @param input whose rows are kept by partition and block
/// @param index the nodes by partition: for each block or node below, a row before which, in order, none of it is, the
///     [#NUMBERS] or [#RUNNING_NUMBERS], and partial results of running aggregates over all that is before
/// @param reach how many rows before or after a row its results depend on, but for what runs
/// @param ranges how far frames reach that go by values
/// @param order gives [#SEGMENT], [#AT] and the rank within the segment, in order, over `ordered`
/// @param body the functions over `computed`: by segment, the rows whose number is more than [#FIRST] and at most
///     [#LAST]; if functions run, the [#CAPTURED] and their partial results with each row
/// @param results the rows' and the functions' columns, the first ones of `body`
record OrderedWindow(
        KeyedInput input,
        KeyedRows index,
        int reach,
        Optional<RangeReach> ranges,
        PhysicalPlan order,
        RowsLeaf ordered,
        PhysicalPlan body,
        RowsLeaf computed,
        StructType results)
        implements KeepsRows {
    static final StructField BLOCK = new StructField("_block", DataTypes.LongType, false);
    static final StructField NODE = new StructField("_node", DataTypes.LongType, false);

    /// In each entry: what it is for, the levels below that, and how many rows that has.
    static final StructType NUMBERS = new StructType()
            .add("_child", DataTypes.LongType, false)
            .add("_level", DataTypes.LongType, false)
            .add("_count", DataTypes.LongType, false);

    /// Also how many rows, and how many that differ in order, are before a block.
    static final StructType RUNNING_NUMBERS =
            NUMBERS.add("_rows", DataTypes.LongType, false).add("_groups", DataTypes.LongType, false);

    /// Which rows belong together.
    static final StructField SEGMENT = new StructField("_segment", DataTypes.IntegerType, false);
    /// Where a row stands in the leaf.
    static final StructField AT = new StructField("_at", DataTypes.IntegerType, false);
    static final StructField FIRST = new StructField("_first", DataTypes.IntegerType, false);
    static final StructField LAST = new StructField("_last", DataTypes.IntegerType, false);
    /// How many rows are before the segment.
    static final StructField ROWS_AHEAD = new StructField("_rows", DataTypes.IntegerType, false);
    /// How many of them differ in order.
    static final StructField GROUPS_AHEAD = new StructField("_groups", DataTypes.IntegerType, false);

    /// What is captured with each row: where it stands in the leaf, and how many rows, and how many that differ in
    /// order, the partition has up to it.
    static final StructType CAPTURED = new StructType().add(AT).add(ROWS_AHEAD).add(GROUPS_AHEAD);

    /// Whether results depend on all rows before.
    boolean isRunning() {
        return body.schema().size() > results.size();
    }

    @Override
    public StructType schema() {
        return ChangeColumn.addTo(results);
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
        StructType keys = input.rows().keySchema();
        List<String> over = new ArrayList<>();
        if (isRunning()) {
            over.add("all rows before");
        }
        if (ranges.isPresent()) {
            over.add("a range");
        }
        if (reach > 0 || over.isEmpty()) {
            over.add(reach + " neighbours");
        }
        return "Incremental window functions over " + String.join(" and ", over) + " by "
                + new StructType(keys.fieldList().subList(0, keys.size() - 1)).names() + ", gives changes";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input.plan());
        OrderedWindowPlans plans = OrderedWindowPlans.of(this, preparation);
        return run -> {
            try (Chunk changes = input.read(below, run)) {
                return Stage.of(
                        List.of(new MemorySplit(changes.rowCount() == 0 ? List.of() : change(plans, changes, run))));
            }
        };
    }

    private List<Chunk> change(OrderedWindowPlans plans, Chunk changes, RunContext run) {
        try (OrderedWindowBatch batch = new OrderedWindowBatch(plans, changes, run)) {
            List<Chunk> before = shown(plans.compute(batch.before(), run));
            List<Chunk> after = new ArrayList<>();
            try {
                List<Chunk> now = plans.compute(batch.after(), run);
                try {
                    batch.store(now);
                } finally {
                    after.addAll(shown(now));
                }
            } catch (Throwable failed) {
                Closing.all(before);
                Closing.all(after);
                throw failed;
            }
            return Difference.of(results, before, after, run.allocator());
        }
    }

    /// What is captured with each row, followed by the partial results; without columns if nothing runs. The caller
    /// closes it.
    ///
    /// @param computed by `body`, borrowed
    Chunk captured(List<Chunk> computed, BufferAllocator allocator) {
        int[] columns = IntStream.range(results.size(), body.schema().size()).toArray();
        StructType schema = body.schema().select(columns);
        if (columns.length == 0 || computed.isEmpty()) {
            return Chunk.empty(schema, allocator);
        }
        return Columns.concat(
                schema, computed.stream().map(chunk -> chunk.select(columns)).toList(), allocator);
    }

    /// The results alone.
    ///
    /// @param computed taken over
    private List<Chunk> shown(List<Chunk> computed) {
        int[] columns = IntStream.range(0, results.size()).toArray();
        return Chunk.mapEach(computed, chunk -> chunk.select(columns));
    }
}
