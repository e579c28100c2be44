package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.Split;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/// Keeps the first row of each key, in the order of the splits.
final class Deduplication implements Prepared {
    private final Prepared input;
    private final PhysicalPlan.Deduplicate node;

    Deduplication(Prepared input, PhysicalPlan.Deduplicate node) {
        this.input = input;
        this.node = node;
    }

    @Override
    public Stage open(RunContext run) {
        List<Chunk> kept = new ArrayList<>();
        try (KeyTable keys = new KeyTable(HashJoining.keyLayout(node.schema(), node.keys()), run.allocator())) {
            for (Chunk chunk : ChunkCollector.collect(input.open(run), run)) {
                try (chunk) {
                    keep(chunk, keys, kept, run);
                }
            }
        }
        return Stage.of(List.<Split>of(new MemorySplit(kept)));
    }

    private void keep(Chunk chunk, KeyTable keys, List<Chunk> kept, RunContext run) {
        int[] rows = new int[chunk.rowCount()];
        int count = firsts(chunk, node.keys(), keys, rows);
        if (count > 0) {
            kept.add(Columns.gather(chunk, rows, 0, count, run.allocator()));
        }
    }

    /// Adds the chunk's keys to the table and finds the rows that brought a new one.
    ///
    /// @param rows gets their indexes
    /// @return how many there are
    private static int firsts(Chunk chunk, int[] keyOrdinals, KeyTable keys, int[] rows) {
        List<FieldVector> columns = new ArrayList<>();
        for (int ordinal : keyOrdinals) {
            columns.add(chunk.column(ordinal));
        }
        int next = keys.slotCount();
        int[] slots = new int[chunk.rowCount()];
        keys.assign(columns, chunk.rowCount(), slots);
        int count = 0;
        for (int row = 0; row < slots.length; row++) {
            if (slots[row] == next) {
                rows[count++] = row;
                next++;
            }
        }
        return count;
    }
}
