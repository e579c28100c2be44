package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.plan.AsOf;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;

/// Puts beside each left row the right row of its key that is nearest in time: sorts the right side, held in memory or
/// dealt out to disk, by key and time, and searches it for each left row that streams past.
///
/// @param type inner or left outer
/// @param leftKeys,rightKeys columns that must be equal
public record AsOfJoin(
        PhysicalPlan left, PhysicalPlan right, JoinType type, int[] leftKeys, int[] rightKeys, Search search)
        implements PhysicalPlan.Custom {

    /// What is searched for.
    ///
    /// @param leftTime,rightTime columns of either side, of one type
    /// @param earliest,latest columns of the left side, or [#UNBOUNDED]
    public record Search(
            int leftTime, int rightTime, AsOf.Direction direction, boolean exactMatches, int earliest, int latest) {
        static final int UNBOUNDED = -1;
    }

    /// All columns of the left side, then all of the right side.
    @Override
    public StructType schema() {
        return LogicalPlan.Join.schemaOf(left.schema(), right.schema(), type);
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(left, right);
    }

    @Override
    public String describe() {
        String comparison = left.schema().field(search.leftTime()).name() + " " + search.direction()
                + (search.exactMatches() ? " " : ", not equal to, ")
                + right.schema().field(search.rightTime()).name();
        String bounds = (search.earliest() == Search.UNBOUNDED
                        ? ""
                        : ", not before "
                                + left.schema().field(search.earliest()).name())
                + (search.latest() == Search.UNBOUNDED
                        ? ""
                        : ", not after " + left.schema().field(search.latest()).name());
        String keys = leftKeys.length == 0
                ? ""
                : " on " + left.schema().select(leftKeys).names() + " = "
                        + right.schema().select(rightKeys).names();
        return "AsOfJoin " + type + keys + ", " + comparison + bounds;
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared leftRows = preparation.prepare(left);
        Prepared rightRows = preparation.prepare(right);
        return run -> {
            DealtRows rows = new DealtRows(right.schema(), rightKeys, AsOfTable::heapBytes, run);
            try {
                rightRows.open(run).run(run, rows);
                Optional<SpillSpace.OnHeap> heap = rows.reserve();
                return heap.isPresent()
                        ? inMemory(table(rows.take(), heap.get(), run), leftRows, run)
                        : onDisk(rows, leftRows, run);
            } catch (Throwable failed) {
                rows.close();
                throw failed;
            }
        };
    }

    private AsOfTable table(List<Chunk> chunks, SpillSpace.OnHeap heap, RunContext run) {
        return AsOfTable.build(chunks, right.schema(), rightKeys, search.rightTime(), heap, run);
    }

    private Stage inMemory(AsOfTable table, Prepared leftRows, RunContext run) {
        try {
            return leftRows.open(run)
                    .then(() -> new AsOfProbe(this, table, run))
                    .closing(table);
        } catch (Throwable failed) {
            table.close();
            throw failed;
        }
    }

    /// The right side does not fit into memory: the left one is dealt out as it is, and they are joined part by part.
    private Stage onDisk(DealtRows built, Prepared leftRows, RunContext run) {
        DealtRows streamed = DealtRows.onDisk(left.schema(), leftKeys, run);
        SpilledJoin<AsOfTable> join = new SpilledJoin<>(
                built,
                streamed,
                new SpilledJoin.Joins<>(
                        (chunks, heap) -> table(chunks, heap, run),
                        table -> new AsOfProbe(this, table, run),
                        _ -> Optional.empty(),
                        false),
                run);
        try {
            leftRows.open(run).run(run, streamed);
            return Stage.of(join.splits()).closing(join);
        } catch (Throwable failed) {
            join.close();
            throw failed;
        }
    }
}
