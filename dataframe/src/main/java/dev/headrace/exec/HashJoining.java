package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.connector.ChunkReader;
import dev.headrace.plan.JoinType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Joins by a hash table of one side, which is held in memory; the other side streams past it.
///
/// If rows of the held side come out without a partner, or because they have one, the join is complete before its first
/// row comes out; else its output is a stage of the streaming side.
public final class HashJoining implements Prepared {
    private final Prepared left;
    private final Prepared right;
    private final PhysicalPlan.HashJoin node;
    private final Optional<ComputeProgram> residual;
    private final List<JoinFilter> filters;
    private final BitSet wanted;

    /// @param residual over the columns of both sides, gives the residual condition as its only column
    /// @param filters what reads of the other side may leave out, told once the held side is there
    /// @param wanted which columns of the joined rows are looked at
    HashJoining(
            Prepared left,
            Prepared right,
            PhysicalPlan.HashJoin node,
            Optional<ComputeProgram> residual,
            List<JoinFilter> filters,
            BitSet wanted) {
        this.left = left;
        this.right = right;
        this.node = node;
        this.residual = residual;
        this.filters = List.copyOf(filters);
        this.wanted = wanted;
    }

    @Override
    public Stage open(RunContext run) {
        DealtRows rows = new DealtRows(buildSchema(), buildKeys(), new JoinHeap(buildSchema(), buildKeys(), run), run);
        try {
            (node.buildLeft() ? left : right).open(run).run(run, rows);
            Optional<SpillSpace.OnHeap> heap = rows.reserve();
            return heap.isPresent() ? inMemory(rows.take(), heap.get(), run) : onDisk(rows, run);
        } catch (Throwable failed) {
            rows.close();
            throw failed;
        }
    }

    private StructType buildSchema() {
        return (node.buildLeft() ? node.left() : node.right()).schema();
    }

    private int[] buildKeys() {
        return node.buildLeft() ? node.leftKeys() : node.rightKeys();
    }

    private Stage inMemory(List<Chunk> chunks, SpillSpace.OnHeap heap, RunContext run) {
        JoinTable table = JoinTable.build(chunks, buildSchema(), buildKeys(), heap, run);
        try {
            // What a stream brings must be read even if it has no partners: there may be state below.
            boolean streaming = !run.streamSplits().isEmpty();
            if (!streaming && table.rows().rowCount() == 0 && nothingWithoutBuildRows() && !isObserved()) {
                table.close();
                return Stage.of(List.of());
            }
            filters.forEach(filter -> filter.publish(table.rows()));
            Stage probed = (node.buildLeft() ? right : left)
                    .open(run)
                    .thenFor((_, split) -> new JoinProbe(node, table, residual, wanted, split, run))
                    .closing(table);
            return JoinProbe.emitsBuilt(node) ? complete(probed, table, run) : probed;
        } catch (Throwable failed) {
            table.close();
            throw failed;
        }
    }

    /// The held side does not fit into memory: the other side is dealt out as it is, and they are joined part by part.
    private Stage onDisk(DealtRows built, RunContext run) {
        filters.forEach(JoinFilter::letAllPass);
        StructType schema = (node.buildLeft() ? node.right() : node.left()).schema();
        int[] keys = node.buildLeft() ? node.rightKeys() : node.leftKeys();
        DealtRows streamed = DealtRows.onDisk(schema, keys, run);
        AtomicInteger probes = new AtomicInteger();
        SpilledJoin<JoinTable> join = new SpilledJoin<>(
                built,
                streamed,
                new SpilledJoin.Joins<>(
                        (chunks, heap) -> JoinTable.build(chunks, buildSchema(), buildKeys(), heap, run),
                        table -> new JoinProbe(node, table, residual, wanted, probes.getAndIncrement(), run),
                        table -> JoinProbe.emitsBuilt(node) ? Optional.of(buildRows(table, run)) : Optional.empty(),
                        true),
                run);
        try {
            (node.buildLeft() ? right : left).open(run).run(run, streamed);
            return Stage.of(join.splits()).closing(join);
        } catch (Throwable failed) {
            join.close();
            throw failed;
        }
    }

    static RowLayout keyLayout(StructType schema, int[] keys) {
        return RowLayout.of(schema.select(keys));
    }

    /// Whether rows of the other side are counted, whatever becomes of them.
    private boolean isObserved() {
        PhysicalPlan other = node.buildLeft() ? node.right() : node.left();
        return other.all().stream().anyMatch(below -> below instanceof Observed);
    }

    private boolean nothingWithoutBuildRows() {
        return switch (node.type()) {
            case INNER, CROSS, LEFT_SEMI, RIGHT_OUTER -> true;
            case LEFT_OUTER, LEFT_ANTI -> node.buildLeft();
            case FULL_OUTER -> false;
        };
    }

    private Stage complete(Stage probed, JoinTable table, RunContext run) {
        try (ResultCollector joined = new ResultCollector(node.schema(), run)) {
            int last = probed.splitCount();
            probed.runHolding(run, joined);
            try (StageSink.Task rest = joined.open(last);
                    ChunkReader built = buildRows(table, run)) {
                for (Chunk chunk = built.next(); chunk != null; chunk = built.next()) {
                    rest.accept(chunk);
                }
            }
            return Stage.of(List.of(joined.split()));
        } finally {
            probed.close();
        }
    }

    /// The held rows that come out at the end, gathered when they are asked for. The table must stay open meanwhile.
    private ChunkReader buildRows(JoinTable table, RunContext run) {
        boolean wanted = node.type() == JoinType.LEFT_SEMI;
        int[] found = new int[Chunk.TARGET_ROWS];
        return new ChunkReader() {
            private int next;

            @Override
            public @Nullable Chunk next() {
                int count = 0;
                while (next < table.rows().rowCount() && count < found.length) {
                    Cancellation.checkThread(next);
                    if (table.isMatched(next) == wanted) {
                        found[count++] = next;
                    }
                    next++;
                }
                return count == 0 ? null : buildRows(table, found, count, run);
            }

            @Override
            public void close() {}
        };
    }

    private Chunk buildRows(JoinTable table, int[] rows, int count, RunContext run) {
        List<FieldVector> columns = new ArrayList<>();
        try {
            if (!node.buildLeft()) {
                addNulls(node.left().schema(), count, columns, run);
            }
            for (FieldVector column : table.rows().columns()) {
                columns.add(Columns.gather(column, rows, 0, count, run.allocator()));
            }
            if (node.buildLeft() && !node.type().leftOnly()) {
                addNulls(node.right().schema(), count, columns, run);
            }
            return new Chunk(node.schema(), columns, count);
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    private static void addNulls(StructType schema, int count, List<FieldVector> columns, RunContext run) {
        int[] nothing = new int[count];
        Arrays.fill(nothing, Columns.NULL_ROW);
        for (StructField field : schema) {
            try (FieldVector empty = ArrowTypes.field(field).createVector(run.allocator())) {
                columns.add(Columns.gather(empty, nothing, 0, count, run.allocator()));
            }
        }
    }
}
