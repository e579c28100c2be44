package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Merges tables with many groups in parallel: the groups of each are dealt out by their hash, then each part is merged
/// by itself. Owns the tables from the beginning, and all that is made of them, until the results are taken.
final class GroupParts implements AutoCloseable {
    /// Fewer groups are merged by one thread, in the order in which they were first seen.
    static final int MANY_GROUPS = 20_000;

    private final GroupLayout layout;
    private final RunContext run;
    private final @Nullable GroupTable[] tables;
    private final int parts;

    /// By table and part.
    private final List<List<List<Chunk>>> dealt = new ArrayList<>();
    private final List<List<Chunk>> results = new ArrayList<>();

    GroupParts(List<GroupTable> tables, GroupLayout layout, RunContext run) {
        this.tables = tables.toArray(GroupTable[]::new);
        this.layout = layout;
        this.run = run;
        this.parts = run.tasks().parallelism();
        for (int t = 0; t < tables.size(); t++) {
            List<List<Chunk>> byPart = new ArrayList<>();
            for (int p = 0; p < parts; p++) {
                byPart.add(new ArrayList<>());
            }
            dealt.add(byPart);
        }
        for (int p = 0; p < parts; p++) {
            results.add(new ArrayList<>());
        }
    }

    /// The results, one split per part.
    List<Split> merged(StructType schema) {
        run.runTasks(tables.length, this::deal);
        run.runTasks(parts, part -> merge(part, schema));
        List<Split> splits = new ArrayList<>();
        for (List<Chunk> part : results) {
            splits.add(new MemorySplit(List.copyOf(part)));
            part.clear();
        }
        return splits;
    }

    private void deal(int t) {
        GroupTable table = tables[t];
        if (table == null) {
            return;
        }
        BufferAllocator allocator = run.allocator();
        int[][] rows = new int[parts][Chunk.TARGET_ROWS];
        int[] counts = new int[parts];
        int step = SpilledGroups.step(table, run);
        for (int from = 0; from < table.groupCount(); from += step) {
            run.checkCancelled();
            try (Chunk partials = table.partials(from, step, allocator)) {
                java.util.Arrays.fill(counts, 0);
                for (int i = 0; i < partials.rowCount(); i++) {
                    int part = (int) ((table.hash(from + i) >>> 33) % parts);
                    rows[part][counts[part]++] = i;
                }
                for (int p = 0; p < parts; p++) {
                    if (counts[p] > 0) {
                        dealt.get(t).get(p).add(Columns.gather(partials, rows[p], 0, counts[p], allocator));
                    }
                }
            }
        }
        table.close();
        tables[t] = null;
    }

    private void merge(int part, StructType schema) {
        try (GroupTable table = new GroupTable(layout, run.allocator())) {
            for (List<List<Chunk>> byPart : dealt) {
                List<Chunk> chunks = byPart.get(part);
                while (!chunks.isEmpty()) {
                    run.checkCancelled();
                    try (Chunk partials = chunks.removeFirst()) {
                        table.merge(partials);
                    }
                }
            }
            results.get(part).addAll(table.results(schema, run.allocator()));
        }
    }

    @Override
    public void close() {
        for (GroupTable table : tables) {
            if (table != null) {
                table.close();
            }
        }
        dealt.forEach(table -> table.forEach(part -> part.forEach(Chunk::close)));
        results.forEach(part -> part.forEach(Chunk::close));
    }
}
