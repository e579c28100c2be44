package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.DealtRows.Part;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Groups and aggregates all rows, then gives the results.
///
/// Each task fills a table of its own. Few groups are merged into one table at the end; a table that has outgrown the
/// processor's cache is dealt out into parts by the hash of the keys ([DealtGroups]) and begun anew, and each part is
/// merged when it is read. With few splits each split has its table and they are merged in the order of the splits, so
/// that the result, down to the rounding of sums, does not depend on which thread was faster; with many, a table serves
/// one split after the other.
public final class HashAggregation implements Prepared {
    /// With no more splits than this per thread, each has a table of its own.
    static final int MOST_TABLES_PER_THREAD = 4;

    /// Fewer groups are merged by one thread, in the order in which they were first seen.
    private static final int MANY_GROUPS = 20_000;

    /// A table with so many groups, and those of one chunk more, has outgrown the processor's cache; it is dealt out
    /// and begun anew unless the same groups come again and again.
    private static final int FULL_GROUPS = (1 << 16) - Chunk.TARGET_ROWS;

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
        if (layout.keys().length == 0) {
            return results(aggregate(stage, layout, run), run);
        }
        DealtGroups dealt = new DealtGroups(layout, run);
        try (Tables tables = tablesFor(stage, layout, run, dealt)) {
            stage.run(run, tables);
            if (!dealt.isEmpty() || tables.groupCount() >= MANY_GROUPS && tables.count() > 1) {
                return tables.dealtResults(dealt, schema);
            }
            return results(tables.merged(), run);
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
        try (Tables tables = tablesFor(stage, layout, run, null)) {
            stage.run(run, tables);
            return tables.merged();
        }
    }

    private static Tables tablesFor(Stage stage, GroupLayout layout, RunContext run, @Nullable DealtGroups dealt) {
        boolean onePerSplit =
                stage.splitCount() <= MOST_TABLES_PER_THREAD * run.tasks().parallelism();
        return new Tables(layout, run, onePerSplit, dealt);
    }

    private static GroupTable aggregateInOnePiece(Stage stage, GroupLayout layout, RunContext run) {
        return aggregated(ChunkCollector.collect(stage, run), layout, run);
    }

    /// Takes the chunks over.
    private static GroupTable aggregated(List<Chunk> chunks, GroupLayout layout, RunContext run) {
        Deque<Chunk> left = new ArrayDeque<>(chunks);
        GroupTable table = null;
        try {
            table = new GroupTable(layout, run.allocator());
            while (!left.isEmpty()) {
                run.checkCancelled();
                try (Chunk chunk = left.removeFirst()) {
                    table.update(chunk);
                }
            }
            return table;
        } catch (Throwable failed) {
            left.forEach(Chunk::close);
            if (table != null) {
                table.close();
            }
            throw failed;
        }
    }

    private static final class Tables implements StageSink, AutoCloseable {
        private final GroupLayout layout;
        private final RunContext run;
        private final boolean onePerSplit;
        private final SortedMap<Integer, Filling> bySplit = new TreeMap<>();
        private final Deque<Filling> idle = new ArrayDeque<>();

        /// Null if all groups are wanted in one table.
        private @Nullable DealtGroups dealt;

        Tables(GroupLayout layout, RunContext run, boolean onePerSplit, @Nullable DealtGroups dealt) {
            this.layout = layout;
            this.run = run;
            this.onePerSplit = onePerSplit;
            this.dealt = dealt;
        }

        @Override
        public Task open(int split) {
            Filling filling = take(split);
            return new Task() {
                @Override
                public void accept(Chunk chunk) {
                    DealtGroups groups = dealt;
                    try (chunk) {
                        if (groups == null) {
                            filling.table.update(chunk);
                        } else {
                            filling.update(chunk, groups);
                        }
                    }
                }

                @Override
                public void close() {
                    giveBack(filling);
                }
            };
        }

        private synchronized Filling take(int split) {
            if (!onePerSplit && !idle.isEmpty()) {
                return idle.removeFirst();
            }
            Filling filling = new Filling(split);
            bySplit.put(split, filling);
            return filling;
        }

        private synchronized void giveBack(Filling filling) {
            idle.addFirst(filling);
        }

        /// All groups merged, after those in the tables have been dealt too.
        Stage dealtResults(DealtGroups groups, StructType schema) {
            List<Filling> last = List.copyOf(bySplit.values());
            run.runTasks(last.size(), i -> last.get(i).deal(groups, 0));
            dealt = null;
            return Stage.of(groups.results(schema)).closing(groups);
        }

        int count() {
            return bySplit.size();
        }

        int groupCount() {
            return bySplit.values().stream()
                    .mapToInt(filling -> filling.table.groupCount())
                    .sum();
        }

        /// One table of all, which the caller closes.
        GroupTable merged() {
            if (bySplit.isEmpty()) {
                return new GroupTable(layout, run.allocator());
            }
            List<GroupTable> tables =
                    bySplit.values().stream().map(filling -> filling.table).toList();
            GroupTable first = tables.getFirst();
            for (GroupTable other : tables.subList(1, tables.size())) {
                for (int from = 0; from < other.groupCount(); from += Chunk.TARGET_ROWS) {
                    run.checkCancelled();
                    try (Chunk partials = other.partials(from, Chunk.TARGET_ROWS, run.allocator())) {
                        first.merge(partials);
                    }
                }
            }
            bySplit.remove(bySplit.firstKey());
            return first;
        }

        @Override
        public void close() {
            bySplit.values().forEach(filling -> filling.table.close());
            if (dealt != null) {
                dealt.close();
            }
        }

        /// The table that one task after the other fills, each with rows of its own split.
        private final class Filling {
            private final int split;
            private GroupTable table = new GroupTable(layout, run.allocator());

            /// So many groups are held before they are dealt.
            private int capacity = FULL_GROUPS;

            private long dealtGroups;

            /// The keys of all groups that were there when the table was full.
            private final AdaptiveSample keys = new AdaptiveSample();

            Filling(int split) {
                this.split = split;
            }

            /// Takes rows in, and looks after each part of them that may weigh, whether the table has become too large.
            void update(Chunk chunk, DealtGroups groups) {
                int step = groups.step(chunk);
                if (step >= chunk.rowCount()) {
                    table.update(chunk);
                    dealIfTooLarge(groups);
                    return;
                }
                for (int from = 0; from < chunk.rowCount(); from += step) {
                    try (Chunk part = chunk.slice(from, Math.min(step, chunk.rowCount() - from))) {
                        table.update(part);
                    }
                    dealIfTooLarge(groups);
                }
            }

            private void dealIfTooLarge(DealtGroups groups) {
                if (groups.isTooLarge(table)) {
                    groups.spill();
                    deal(groups, 0);
                } else if (table.groupCount() >= capacity) {
                    if (groupsComeAgain()) {
                        capacity *= 2;
                    } else {
                        dealtGroups += table.groupCount();
                        deal(groups, table.groupCount());
                    }
                }
            }

            /// Whether a larger table would have half as many groups as would be dealt otherwise.
            private boolean groupsComeAgain() {
                for (int group = 0; group < table.groupCount(); group++) {
                    keys.add(table.hash(group));
                }
                return dealtGroups + table.groupCount() > 2 * keys.estimate();
            }

            /// Deals all groups, and begins anew.
            ///
            /// @param expected how many groups the new table may have
            void deal(DealtGroups groups, int expected) {
                groups.deal(split, table);
                table.close();
                table = new GroupTable(layout, expected, run.allocator());
            }
        }
    }
}
