package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.types.StructType;
import java.util.List;

/// The first rows in the order of the splits. Splits are run one after the other until there are enough rows, so that a
/// limit over a large table reads little of it.
final class Limiting implements Prepared {
    private final Prepared input;
    private final StructType schema;
    private final long count;
    private final long offset;

    Limiting(Prepared input, StructType schema, long count, long offset) {
        this.input = input;
        this.schema = schema;
        this.count = count;
        this.offset = offset;
    }

    @Override
    public Stage open(RunContext run) {
        try (ResultCollector kept = new ResultCollector(schema, run)) {
            if (count > 0) {
                input.open(run).runInOrder(run, new Rows(kept.open(0), offset, count));
            }
            return Stage.of(List.of(kept.split()));
        }
    }

    /// Collects rows, skipping the first ones, until there are enough.
    private static final class Rows implements StageSink {
        private final Task kept;
        private long skip;
        private long left;

        Rows(Task kept, long offset, long count) {
            this.kept = kept;
            this.skip = offset;
            this.left = count;
        }

        @Override
        public Task open(int split) {
            return new Task() {
                @Override
                public void accept(Chunk chunk) {
                    Rows.this.accept(chunk);
                }

                @Override
                public boolean isFull() {
                    return left == 0;
                }
            };
        }

        private void accept(Chunk chunk) {
            try (chunk) {
                int from = (int) Math.min(skip, chunk.rowCount());
                skip -= from;
                int rows = (int) Math.min(left, chunk.rowCount() - from);
                left -= rows;
                if (rows > 0) {
                    kept.accept(chunk.slice(from, rows));
                }
            }
        }
    }
}
