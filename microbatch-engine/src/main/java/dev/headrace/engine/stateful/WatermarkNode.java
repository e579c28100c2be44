package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.exec.Operator;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.types.StructType;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/// Watches the event times that pass.
///
/// @param column the event-time column, a timestamp
record WatermarkNode(PhysicalPlan input, int column, long delayMicros, EventTimeStats stats)
        implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return input.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "Watermark " + schema().field(column).name() + ", delay " + delayMicros / 1_000 + " ms";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> below.open(run).thenFor((split, _) -> new Watch(column, split.part(), stats));
    }

    private static final class Watch implements Operator {
        private final int column;
        private final String part;
        private final EventTimeStats stats;

        Watch(int column, String part, EventTimeStats stats) {
            this.column = column;
            this.part = part;
            this.stats = stats;
        }

        @Override
        public void process(Chunk input, Output out) {
            FieldVector times = input.column(column);
            long data = times.getDataBuffer().memoryAddress();
            boolean noNulls = times.getNullCount() == 0;
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            double sum = 0;
            long count = 0;
            for (int i = 0; i < input.rowCount(); i++) {
                if (noNulls || !times.isNull(i)) {
                    long time = Memory.getLong(data + 8L * i);
                    min = Math.min(min, time);
                    max = Math.max(max, time);
                    sum += time;
                    count++;
                }
            }
            if (count > 0) {
                stats.add(part, min, max, sum, count);
            }
            out.accept(input.slice(0, input.rowCount()));
        }
    }
}
