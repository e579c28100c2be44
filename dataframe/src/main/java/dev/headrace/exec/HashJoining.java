package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.connector.Split;
import dev.headrace.plan.JoinType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;

/// Joins by a hash table of the right side, which is held in memory; the left side streams past it.
public final class HashJoining implements Prepared {
    private final Prepared left;
    private final Prepared right;
    private final PhysicalPlan.HashJoin node;
    private final Optional<ComputeProgram> residual;

    /// @param residual over the columns of both sides, gives the residual condition as its only column
    HashJoining(Prepared left, Prepared right, PhysicalPlan.HashJoin node, Optional<ComputeProgram> residual) {
        this.left = left;
        this.right = right;
        this.node = node;
        this.residual = residual;
    }

    @Override
    public Stage open(RunContext run) {
        JoinTable table = JoinTable.build(
                ChunkCollector.collect(right.open(run), run), node.right().schema(), node.rightKeys(), run.allocator());
        try {
            Stage probed = left.open(run).then(() -> new JoinProbe(node, table, residual, run));
            List<Chunk> joined = ChunkCollector.collect(probed, run);
            if (node.type() == JoinType.FULL_OUTER || node.type() == JoinType.RIGHT_OUTER) {
                joined.addAll(unmatched(table, run));
            }
            return Stage.of(List.<Split>of(new MemorySplit(joined)));
        } finally {
            table.close();
        }
    }

    /// The right rows that no left row has met, with nulls on the left.
    private List<Chunk> unmatched(JoinTable table, RunContext run) {
        int[] rows = table.unmatched();
        List<Chunk> chunks = new ArrayList<>();
        for (int from = 0; from < rows.length; from += Chunk.TARGET_ROWS) {
            int count = Math.min(Chunk.TARGET_ROWS, rows.length - from);
            List<FieldVector> columns = new ArrayList<>();
            for (StructField field : node.left().schema()) {
                FieldVector nulls = dev.headrace.chunk.ArrowTypes.field(field).createVector(run.allocator());
                nulls.setInitialCapacity(count);
                nulls.allocateNew();
                for (int i = 0; i < count; i++) {
                    dev.headrace.chunk.Cell.write(nulls, i, null);
                }
                nulls.setValueCount(count);
                columns.add(nulls);
            }
            for (FieldVector column : table.rows().columns()) {
                columns.add(Columns.gather(column, rows, from, count, run.allocator()));
            }
            chunks.add(new Chunk(node.schema(), columns, count));
        }
        return chunks;
    }

    static RowLayout keyLayout(StructType schema, int[] keys) {
        return RowLayout.of(schema.select(keys));
    }
}
