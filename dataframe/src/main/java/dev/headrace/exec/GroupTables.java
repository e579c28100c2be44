package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tables that the tasks of a grouping fill, each one of its own.
///
/// Few groups are merged into one table at the end; a table that has outgrown the processor's cache is dealt out into
/// parts by the hash of the keys ([DealtGroups]) and begun anew, and each part is merged when it is read. With few
/// splits each split has its table and they are merged in the order of the splits, so that the result, down to the
/// rounding of sums, does not depend on which thread was faster; with many, a table serves one split after the other.
final class GroupTables implements StageSink, AutoCloseable {
    /// With no more splits than this per thread, each has a table of its own.
    static final int MOST_TABLES_PER_THREAD = 4;

    /// Fewer groups are merged by one thread, in the order in which they were first seen.
    private static final int MANY_GROUPS = 20_000;

    /// A table with so many groups, and those of one chunk more, has outgrown the processor's cache; it is dealt out
    /// and begun anew unless the same groups come again and again.
    private static final int FULL_GROUPS = (1 << 16) - Chunk.TARGET_ROWS;

    private final GroupLayout layout;
    private final RunContext run;
    private final boolean onePerSplit;
    private final SortedMap<Integer, Filling> bySplit = new TreeMap<>();
    private final Deque<Filling> idle = new ArrayDeque<>();

    /// Null if all groups are wanted in one table.
    private @Nullable DealtGroups dealt;

    private GroupTables(GroupLayout layout, int splits, @Nullable DealtGroups dealt, RunContext run) {
        this.layout = layout;
        this.run = run;
        this.onePerSplit = splits <= MOST_TABLES_PER_THREAD * run.tasks().parallelism();
        this.dealt = dealt;
    }

    /// Tables whose groups go to disk if they are too many for the memory.
    ///
    /// @param splits of the rows that will come
    static GroupTables of(GroupLayout layout, int splits, RunContext run) {
        return of(layout, splits, 0, run);
    }

    /// The same of one of several groupings of the same rows.
    ///
    /// @param beside how many of the others have as much on the heap
    static GroupTables of(GroupLayout layout, int splits, int beside, RunContext run) {
        return layout.keys().length == 0
                ? inMemory(layout, splits, run)
                : new GroupTables(layout, splits, new DealtGroups(layout, beside, run), run);
    }

    /// Tables whose groups are wanted in one.
    static GroupTables inMemory(GroupLayout layout, int splits, RunContext run) {
        return new GroupTables(layout, splits, null, run);
    }

    /// Takes rows in for all aggregates.
    @Override
    public Task open(int split) {
        return open(split, layout.all());
    }

    /// Takes rows in for some of the aggregates.
    Task open(int split, GroupLayout.Intake intake) {
        return open(split, (table, rows) -> table.update(rows, intake));
    }

    /// Takes partial results in.
    Task openForPartials(int split) {
        return open(split, GroupTable::merge);
    }

    /// Puts a chunk, which is borrowed, into a table.
    private interface Taking {
        void take(GroupTable table, Chunk chunk);
    }

    private Task open(int split, Taking taking) {
        Filling filling = take(split);
        return new Task() {
            @Override
            public void accept(Chunk chunk) {
                try (chunk) {
                    filling.update(chunk, taking);
                }
            }

            @Override
            public void close() {
                giveBack(filling);
            }
        };
    }

    /// Rows may come several times, each time with splits of the same numbers: a table that is no split's own has the
    /// next number that no other has, for the one of the split's number may be at work.
    private synchronized Filling take(int split) {
        if (!onePerSplit && !idle.isEmpty()) {
            return idle.removeFirst();
        }
        return bySplit.computeIfAbsent(onePerSplit ? split : bySplit.size(), Filling::new);
    }

    private synchronized void giveBack(Filling filling) {
        if (!onePerSplit) {
            idle.addFirst(filling);
        }
    }

    /// The results of all groups, after which the tables are to be closed.
    Stage results(StructType schema) {
        return groups((table, from, allocator) -> table.results(from, schema, allocator));
    }

    /// All groups, after which the tables are to be closed.
    Stage groups(GroupTable.Giving giving) {
        DealtGroups groups = dealt;
        if (groups != null && (!groups.isEmpty() || groupCount() >= MANY_GROUPS && bySplit.size() > 1)) {
            List<Filling> last = List.copyOf(bySplit.values());
            run.runTasks(last.size(), i -> last.get(i).deal(groups, 0));
            dealt = null;
            return Stage.of(groups.splits(giving)).closing(groups);
        }
        try (GroupTable all = merged()) {
            return Stage.of(List.of(new MemorySplit(all.all(giving, run.allocator()))));
        }
    }

    /// How many groups there are at most: those of several tables may be the same ones.
    long mostGroups() {
        return groupCount() + (dealt == null ? 0 : dealt.rows());
    }

    private int groupCount() {
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
            for (int from = 0; from < other.groupCount(); ) {
                run.checkCancelled();
                try (Chunk partials = other.partials(from, run.allocator())) {
                    first.merge(partials);
                    from += partials.rowCount();
                }
            }
        }
        bySplit.remove(bySplit.firstKey());
        return first;
    }

    /// May be called twice.
    @Override
    public void close() {
        try (DealtGroups _ = dealt) {
            Closing.all(bySplit.values());
            bySplit.clear();
        }
    }

    /// The table that one task after the other fills, each with rows of its own split.
    private final class Filling implements AutoCloseable {
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
        ///
        /// @param chunk borrowed
        void update(Chunk chunk, Taking taking) {
            DealtGroups groups = dealt;
            if (groups == null) {
                taking.take(table, chunk);
                return;
            }
            int step = groups.step(chunk);
            if (step >= chunk.rowCount()) {
                taking.take(table, chunk);
                dealIfTooLarge(groups);
                return;
            }
            for (int from = 0; from < chunk.rowCount(); from += step) {
                try (Chunk part = chunk.slice(from, Math.min(step, chunk.rowCount() - from))) {
                    taking.take(table, part);
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
        private void deal(DealtGroups groups, int expected) {
            groups.deal(split, table);
            table.close();
            table = new GroupTable(layout, expected, run.allocator());
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
