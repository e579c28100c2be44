package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/// Groups and aggregates all rows, then gives the results.
///
/// Each task fills a table of its own; the tables are merged at the end. With few splits each split has its table and
/// they are merged in the order of the splits, so that the result, down to the rounding of sums, does not depend on
/// which thread was faster; with many, a table serves one split after the other.
public final class HashAggregation implements Prepared {
    private final Prepared input;
    private final GroupLayout layout;
    private final StructType schema;

    HashAggregation(Prepared input, PhysicalPlan.HashAggregate node) {
        this.input = input;
        this.layout = GroupLayout.of(node);
        this.schema = node.schema();
    }

    @Override
    public Stage open(RunContext run) {
        Stage stage = input.open(run);
        if (layout.anyDistinct()) {
            return results(aggregateInOnePiece(stage, layout, run), run);
        }
        try (Tables tables = tablesFor(stage, layout, run)) {
            stage.run(run, tables);
            if (tables.groupCount() < GroupParts.MANY_GROUPS || tables.count() < 2) {
                return results(tables.merged(), run);
            }
            try (GroupParts parts = new GroupParts(tables.take(), layout, run)) {
                return Stage.of(parts.merged(schema));
            }
        }
    }

    private Stage results(GroupTable table, RunContext run) {
        try (table) {
            return Stage.of(List.of(new MemorySplit(table.results(schema, run.allocator()))));
        }
    }

    /// Groups all rows of a stage into one table, which the caller closes.
    public static GroupTable aggregate(Stage stage, GroupLayout layout, RunContext run) {
        if (layout.anyDistinct()) {
            return aggregateInOnePiece(stage, layout, run);
        }
        try (Tables tables = tablesFor(stage, layout, run)) {
            stage.run(run, tables);
            return tables.merged();
        }
    }

    private static Tables tablesFor(Stage stage, GroupLayout layout, RunContext run) {
        return new Tables(
                layout, run.allocator(), stage.splitCount() <= 4 * run.tasks().parallelism());
    }

    private static GroupTable aggregateInOnePiece(Stage stage, GroupLayout layout, RunContext run) {
        GroupTable table = new GroupTable(layout, run.allocator());
        try {
            List<Chunk> chunks = ChunkCollector.collect(stage, run);
            for (Chunk chunk : chunks) {
                table.update(chunk);
                chunk.close();
            }
            return table;
        } catch (RuntimeException failed) {
            table.close();
            throw failed;
        }
    }

    private static final class Tables implements StageSink, AutoCloseable {
        private final GroupLayout layout;
        private final BufferAllocator allocator;
        private final boolean onePerSplit;
        private final Map<Integer, GroupTable> bySplit = new TreeMap<>();
        private final Deque<GroupTable> idle = new ArrayDeque<>();

        Tables(GroupLayout layout, BufferAllocator allocator, boolean onePerSplit) {
            this.layout = layout;
            this.allocator = allocator;
            this.onePerSplit = onePerSplit;
        }

        @Override
        public Task open(int split) {
            GroupTable table = take(split);
            return new Task() {
                @Override
                public void accept(Chunk chunk) {
                    try (chunk) {
                        table.update(chunk);
                    }
                }

                @Override
                public void close() {
                    giveBack(table);
                }
            };
        }

        private synchronized GroupTable take(int split) {
            if (!onePerSplit && !idle.isEmpty()) {
                return idle.removeFirst();
            }
            GroupTable table = new GroupTable(layout, allocator);
            bySplit.put(split, table);
            return table;
        }

        private synchronized void giveBack(GroupTable table) {
            idle.addFirst(table);
        }

        int count() {
            return bySplit.size();
        }

        int groupCount() {
            return bySplit.values().stream().mapToInt(GroupTable::groupCount).sum();
        }

        /// The tables, which are the caller's from now on.
        List<GroupTable> take() {
            List<GroupTable> taken = List.copyOf(bySplit.values());
            bySplit.clear();
            return taken;
        }

        GroupTable merged() {
            List<GroupTable> tables = new ArrayList<>(bySplit.values());
            if (tables.isEmpty()) {
                return new GroupTable(layout, allocator);
            }
            GroupTable first = tables.removeFirst();
            for (GroupTable other : tables) {
                for (Chunk partials : other.partials(allocator)) {
                    try (partials) {
                        first.merge(partials);
                    }
                }
            }
            bySplit.values().remove(first);
            return first;
        }

        @Override
        public void close() {
            bySplit.values().forEach(GroupTable::close);
        }
    }
}
