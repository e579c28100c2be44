package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;

/// Groups rows as they stream by. What comes out are pieces of groups: of the rows that came near each other, as those
/// of one order do. Where that leaves most rows as they are, each becomes a piece of its own.
final class PieceGrouping implements Prepared {
    /// Tables of more groups would not stay in the processor's cache.
    private static final int MOST_GROUPS = 1 << 15;

    /// After so many rows it is seen whether grouping them is worth it.
    private static final long TRIED_ROWS = 1 << 15;

    private final Prepared input;
    private final GroupLayout layout;
    private final StructType schema;

    PieceGrouping(Prepared input, PhysicalPlan.HashAggregate node) {
        this.input = input;
        this.layout = GroupLayout.of(node);
        this.schema = node.schema();
    }

    @Override
    public Stage open(RunContext run) {
        Shrinkage shrinkage = new Shrinkage();
        return input.open(run).then(() -> new Pieces(shrinkage, run));
    }

    /// How many pieces have come of how many rows, of all splits together.
    private static final class Shrinkage {
        private final LongAdder rows = new LongAdder();
        private final LongAdder pieces = new LongAdder();

        void add(long moreRows, long morePieces) {
            rows.add(moreRows);
            pieces.add(morePieces);
        }

        /// Whether more than two thirds of the rows are left.
        boolean isLittle() {
            return rows.sum() >= TRIED_ROWS && 3 * pieces.sum() > 2 * rows.sum();
        }
    }

    private final class Pieces implements Operator {
        private final Shrinkage shrinkage;
        private final RunContext run;
        private final long mostBytes;
        private GroupTable table;
        private long rows;
        private boolean oneByOne;

        Pieces(Shrinkage shrinkage, RunContext run) {
            this.shrinkage = shrinkage;
            this.run = run;
            int parts = 2 * run.tasks().parallelism();
            this.mostBytes = Math.min(run.spill().shareOf(parts), run.spill().heapShareOf(parts));
            this.oneByOne = shrinkage.isLittle();
            this.table = new GroupTable(layout, run.allocator());
        }

        @Override
        public void process(Chunk chunk, Output out) {
            if (oneByOne) {
                out.accept(piecesOfRows(chunk));
                return;
            }
            table.update(chunk);
            rows += chunk.rowCount();
            if (table.groupCount() > MOST_GROUPS - Chunk.TARGET_ROWS || table.bytes() > mostBytes) {
                int groups = table.groupCount();
                give(out);
                oneByOne = shrinkage.isLittle();
                GroupTable given = table;
                // First, so that no table is closed twice if there is no memory for another.
                table = new GroupTable(layout, oneByOne ? 0 : groups, run.allocator());
                given.close();
            }
        }

        private void give(Output out) {
            shrinkage.add(rows, table.groupCount());
            rows = 0;
            for (int from = 0; from < table.groupCount() && !out.isFull(); ) {
                run.checkCancelled();
                Chunk groups = table.results(from, schema, run.allocator());
                from += groups.rowCount();
                out.accept(groups);
            }
        }

        private Chunk piecesOfRows(Chunk chunk) {
            int count = chunk.rowCount();
            int[] slots = IntStream.range(0, count).toArray();
            List<FieldVector> columns = new ArrayList<>();
            try {
                for (int key : layout.keys()) {
                    columns.add(chunk.share(key));
                }
                for (AggregateCall call : layout.aggregates()) {
                    try (GroupAccumulator accumulator = call.function().newAccumulator(run.allocator())) {
                        accumulator.resize(count);
                        GroupTable.update(accumulator, call, chunk, slots);
                        columns.add(accumulator.results(0, count, run.allocator()));
                    }
                }
                return new Chunk(schema, columns, count);
            } catch (Throwable failed) {
                Closing.all(columns);
                throw failed;
            }
        }

        @Override
        public void finish(Output out) {
            give(out);
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
