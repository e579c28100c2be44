package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;

/// How much of the heap the table of a join takes while it is made: the links between its rows, and the index of their
/// keys. Used by one thread at a time.
final class JoinHeap implements DealtRows.HeapNeed {
    private final int[] keys;
    private final List<DataType> types;
    private final int threads;
    private final PackedKeys.Ranges ranges;

    JoinHeap(StructType schema, int[] keys, RunContext run) {
        this.keys = keys;
        this.types = schema.select(keys).fieldList().stream()
                .map(StructField::dataType)
                .toList();
        this.threads = run.tasks().parallelism();
        this.ranges = new PackedKeys.Ranges(types);
    }

    @Override
    public long most(long rows) {
        return links(rows) + JoinIndex.mostHeapBytes(types, rows);
    }

    /// Keys that are close to each other take a third of what others take.
    @Override
    public long ofHeld(Chunk added, long rows) {
        ranges.add(AsOfTable.columns(added, keys), added.rowCount());
        return links(rows) + JoinIndex.heapBytes(types, packed(), rows, threads);
    }

    /// Of the bytes for rows that are held, those for what is gone when the table has been made.
    long passing(long rows) {
        return JoinIndex.passingHeapBytes(types, packed(), rows);
    }

    /// How the keys of all rows that were added can be packed.
    Optional<PackedKeys> packed() {
        return ranges.packed();
    }

    List<DataType> types() {
        return types;
    }

    /// Each row's next one, and whether it has a partner.
    private static long links(long rows) {
        return Integer.BYTES * rows + rows / Byte.SIZE;
    }
}
