package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.DealtRows.Part;
import dev.headrace.exec.SpillFile.Extent;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Groups and aggregates all rows, then gives the results.
///
/// Each task fills a table of its own; the tables are merged at the end. With few splits each split has its table and
/// they are merged in the order of the splits, so that the result, down to the rounding of sums, does not depend on
/// which thread was faster; with many, a table serves one split after the other.
public final class HashAggregation implements Prepared {
    private final Prepared input;
    private final GroupLayout layout;
    private final StructType inputSchema;
    private final StructType schema;

    HashAggregation(Prepared input, PhysicalPlan.HashAggregate node) {
        this.input = input;
        this.layout = GroupLayout.of(node);
        this.inputSchema = node.input().schema();
        this.schema = node.schema();
    }

    @Override
    public Stage open(RunContext run) {
        Stage stage = input.open(run);
        if (layout.anyDistinct()) {
            return inOnePiece(stage, run);
        }
        try (Tables tables = tablesFor(stage, layout, run)) {
            tables.maySpill = layout.keys().length > 0;
            stage.run(run, tables);
            if (tables.isSpilled()) {
                return tables.spilledResults(schema);
            }
            if (tables.groupCount() < GroupParts.MANY_GROUPS || tables.count() < 2) {
                return results(tables.merged(), run);
            }
            try (GroupParts parts = new GroupParts(tables.take(), layout, run)) {
                return Stage.of(parts.merged(schema));
            }
        }
    }

    /// For aggregates that can't be merged: all rows of a group go into one table.
    private Stage inOnePiece(Stage stage, RunContext run) {
        DealtRows rows = new DealtRows(inputSchema, layout.keys(), run);
        try {
            stage.run(run, rows);
            return rows.isSpilled()
                    ? PartSplit.stage(rows, (dealt, part) -> resultsOf(dealt, part, run))
                    : Stage.of(List.of(new MemorySplit(resultsOf(rows.take(), run))));
        } catch (Throwable failed) {
            rows.close();
            throw failed;
        }
    }

    private List<Chunk> resultsOf(List<Chunk> chunks, RunContext run) {
        try (GroupTable table = aggregated(chunks, layout, run)) {
            return table.results(schema, run.allocator());
        }
    }

    /// The same of rows on disk, of which one chunk is held at a time.
    private ChunkReader resultsOf(DealtRows rows, Part part, RunContext run) {
        try (GroupTable table = new GroupTable(layout, run.allocator())) {
            for (Extent extent : part.extents()) {
                run.checkCancelled();
                try (Chunk chunk = rows.read(extent)) {
                    table.update(chunk);
                }
            }
            return new MemorySplit(table.results(schema, run.allocator())).open(run.allocator());
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
        return new Tables(layout, run, stage.splitCount() <= 4 * run.tasks().parallelism());
    }

    private static GroupTable aggregateInOnePiece(Stage stage, GroupLayout layout, RunContext run) {
        return aggregated(ChunkCollector.collect(stage, run), layout, run);
    }

    /// Takes the chunks over.
    private static GroupTable aggregated(List<Chunk> chunks, GroupLayout layout, RunContext run) {
        Deque<Chunk> left = new ArrayDeque<>(chunks);
        GroupTable table = new GroupTable(layout, run.allocator());
        try {
            while (!left.isEmpty()) {
                run.checkCancelled();
                try (Chunk chunk = left.removeFirst()) {
                    table.update(chunk);
                }
            }
            return table;
        } catch (Throwable failed) {
            table.close();
            left.forEach(Chunk::close);
            throw failed;
        }
    }

    private static final class Tables implements StageSink, AutoCloseable {
        private final GroupLayout layout;
        private final RunContext run;
        private final BufferAllocator allocator;
        private final boolean onePerSplit;
        private final Map<Integer, GroupTable> bySplit = new TreeMap<>();
        private final Deque<Integer> idle = new ArrayDeque<>();
        private boolean maySpill;
        private @Nullable SpilledGroups spilled;

        Tables(GroupLayout layout, RunContext run, boolean onePerSplit) {
            this.layout = layout;
            this.run = run;
            this.allocator = run.allocator();
            this.onePerSplit = onePerSplit;
        }

        @Override
        public Task open(int split) {
            int owner = take(split);
            return new Task() {
                private GroupTable table = table(owner);

                @Override
                public void accept(Chunk chunk) {
                    try (chunk) {
                        table.update(chunk);
                    }
                    if (maySpill && SpilledGroups.isTooLarge(table, run)) {
                        spilled().write(table);
                        table = replaced(owner);
                    }
                }

                @Override
                public void close() {
                    giveBack(owner);
                }
            };
        }

        /// The split whose table this one fills.
        private synchronized int take(int split) {
            if (!onePerSplit && !idle.isEmpty()) {
                return idle.removeFirst();
            }
            bySplit.put(split, new GroupTable(layout, allocator));
            return split;
        }

        private synchronized GroupTable table(int owner) {
            return Objects.requireNonNull(bySplit.get(owner));
        }

        /// A new table in the place of one that is on disk.
        private synchronized GroupTable replaced(int owner) {
            table(owner).close();
            GroupTable empty = new GroupTable(layout, allocator);
            bySplit.put(owner, empty);
            return empty;
        }

        private synchronized void giveBack(int owner) {
            idle.addFirst(owner);
        }

        private synchronized SpilledGroups spilled() {
            SpilledGroups made = spilled;
            if (made == null) {
                made = new SpilledGroups(layout, 0, run);
                spilled = made;
            }
            return made;
        }

        boolean isSpilled() {
            return spilled != null;
        }

        /// All groups merged, after those in memory have been put on disk too.
        Stage spilledResults(StructType schema) {
            SpilledGroups groups = spilled();
            List<GroupTable> held = take();
            int next = 0;
            try {
                for (; next < held.size(); next++) {
                    try (GroupTable table = held.get(next)) {
                        groups.write(table);
                    }
                }
            } finally {
                for (int i = next + 1; i < held.size(); i++) {
                    held.get(i).close();
                }
            }
            spilled = null;
            return Stage.of(groups.results(schema)).closing(groups);
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
            if (spilled != null) {
                spilled.close();
            }
        }
    }
}
