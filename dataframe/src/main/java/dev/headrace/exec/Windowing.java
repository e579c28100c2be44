package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.plan.Direction;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.WindowFunction;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Computes window functions: sorts all rows by partition and order, finds where partitions and peers begin, and goes
/// through them once per function.
final class Windowing implements Prepared {
    private final Prepared input;
    private final PhysicalPlan.Window node;
    private final List<SortColumn> order;

    Windowing(Prepared input, PhysicalPlan.Window node, List<SortColumn> order) {
        this.input = input;
        this.node = node;
        this.order = order;
    }

    @Override
    public Stage open(RunContext run) {
        DealtRows rows = new DealtRows(node.input().schema(), node.partition(), run);
        try {
            input.open(run).run(run, rows);
            return rows.isSpilled()
                    ? PartSplit.stage(rows, chunks -> windowed(chunks, run))
                    : Stage.of(List.of(new MemorySplit(windowed(rows.take(), run))));
        } catch (Throwable failed) {
            rows.close();
            throw failed;
        }
    }

    /// Takes the rows of whole partitions over.
    private List<Chunk> windowed(List<Chunk> chunks, RunContext run) {
        if (chunks.isEmpty()) {
            return List.of();
        }
        try (Chunk all = Columns.concat(node.input().schema(), chunks, run.allocator());
                Chunk sorted = sorted(all, run)) {
            return List.of(withResults(sorted, run));
        }
    }

    private Chunk sorted(Chunk rows, RunContext run) {
        List<SortColumn> keys = new ArrayList<>();
        for (int column : node.partition()) {
            keys.add(new SortColumn(column, Direction.ASC, NullOrder.FIRST));
        }
        keys.addAll(order);
        return Columns.gather(rows, Sorting.order(rows, keys, run), 0, rows.rowCount(), run.allocator());
    }

    private Chunk withResults(Chunk sorted, RunContext run) {
        List<SortColumn> partition = new ArrayList<>();
        for (int column : node.partition()) {
            partition.add(new SortColumn(column, Direction.ASC, NullOrder.FIRST));
        }
        WindowRows rows = WindowRows.of(sorted, partition, order);
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < sorted.columnCount(); i++) {
            columns.add(sorted.share(i));
        }
        try {
            for (LogicalPlan.Window.Column column : node.columns()) {
                run.checkCancelled();
                StructField field = node.schema().field(columns.size());
                columns.add(result(rows, column, field, run.allocator()));
            }
            return new Chunk(node.schema(), columns, sorted.rowCount());
        } catch (Throwable failed) {
            columns.forEach(FieldVector::close);
            throw failed;
        }
    }

    private static FieldVector result(
            WindowRows rows, LogicalPlan.Window.Column column, StructField field, BufferAllocator allocator) {
        FieldVector target = ArrowTypes.field(field).createVector(allocator);
        try {
            WindowFunction function = column.call().function();
            WindowFrames frames = new WindowFrames(rows, column.call().frame());
            switch (function) {
                case WindowFunction.Rank rank -> WindowRanks.write(rank.kind(), rows, target);
                case WindowFunction.Ntile ntile -> WindowRanks.ntile(ntile.buckets(), rows, target);
                case WindowFunction.Offset offset -> WindowValues.offset(offset, rows, target);
                case WindowFunction.Nth nth -> WindowValues.nth(nth, rows, frames, target);
                case WindowFunction.Session session -> WindowSessions.write(session, rows, target);
                case WindowFunction.Aggregate aggregate ->
                    new WindowAggregation(aggregate.call(), rows, frames, allocator).write(target);
            }
            target.setValueCount(rows.count());
            return target;
        } catch (Throwable failed) {
            target.close();
            throw failed;
        }
    }
}
