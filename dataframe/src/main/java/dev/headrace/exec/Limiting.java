package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.Split;
import java.util.ArrayList;
import java.util.List;

/// The first rows in the order of the splits. Splits are run one after the other until there are enough rows, so that a
/// limit over a large table reads little of it.
final class Limiting implements Prepared {
    private final Prepared input;
    private final long count;
    private final long offset;

    Limiting(Prepared input, long count, long offset) {
        this.input = input;
        this.count = count;
        this.offset = offset;
    }

    @Override
    public Stage open(RunContext run) {
        try (Rows rows = new Rows(offset, count)) {
            if (count > 0) {
                input.open(run).runInOrder(run, rows);
            }
            return Stage.of(List.<Split>of(new MemorySplit(rows.take())));
        }
    }

    /// Collects rows, skipping the first ones, until there are enough.
    private static final class Rows implements StageSink, StageSink.Task {
        private final List<Chunk> kept = new ArrayList<>();
        private long skip;
        private long left;

        Rows(long offset, long count) {
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
                    return Rows.this.isFull();
                }
            };
        }

        @Override
        public void accept(Chunk chunk) {
            try (chunk) {
                int from = (int) Math.min(skip, chunk.rowCount());
                skip -= from;
                int rows = (int) Math.min(left, chunk.rowCount() - from);
                left -= rows;
                if (rows > 0) {
                    kept.add(chunk.slice(from, rows));
                }
            }
        }

        @Override
        public boolean isFull() {
            return left == 0;
        }

        List<Chunk> take() {
            List<Chunk> taken = List.copyOf(kept);
            kept.clear();
            return taken;
        }

        @Override
        public void close() {
            kept.forEach(Chunk::close);
        }
    }
}
