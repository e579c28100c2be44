package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.engine.log.Shed;
import dev.headrace.exec.Operator;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;

/// Leaves out the rows of most keys, in batches that were planned so.
///
/// @param input the rows, and the hash of each one's key as the last column
record ShedNode(PhysicalPlan input, StructType schema, Shedding shedding) implements PhysicalPlan.Custom {
    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        LogicalPlan.Shed declared = shedding.declared();
        return "LoadShedding above " + declared.mostWaiting() + " rows to " + declared.kept() + " of " + declared.key();
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> below.open(run).then(() -> new Sample(schema.size(), shedding));
    }

    private static final class Sample implements Operator {
        private final int[] columns;
        private final Shedding shedding;
        private final Optional<Shed> now;

        Sample(int width, Shedding shedding) {
            this.columns = IntStream.range(0, width).toArray();
            this.shedding = shedding;
            this.now = shedding.now();
        }

        @Override
        public void process(Chunk input, Output out) {
            int rows = input.rowCount();
            if (now.isEmpty()) {
                shedding.count(rows, 0);
                out.accept(input.select(columns));
                return;
            }
            long end = LogicalPlan.Shed.end(now.get().kept());
            FieldVector hashes = input.column(columns.length);
            long data = hashes.getDataBuffer().memoryAddress();
            int[] stay = new int[rows];
            int count = 0;
            for (int i = 0; i < rows; i++) {
                if (Memory.getLong(data + 8L * i) < end) {
                    stay[count++] = i;
                }
            }
            shedding.count(count, rows - count);
            if (count > 0) {
                try (Chunk all = input.select(columns)) {
                    out.accept(Columns.gather(all, stay, 0, count, hashes.getAllocator()));
                }
            }
        }
    }
}
