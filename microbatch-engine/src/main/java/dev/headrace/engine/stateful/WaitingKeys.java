package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.KeyTable;
import dev.headrace.state.StateSchema;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Keys that wait for a time each, in a state of their own.
record WaitingKeys(OperatorState state) {
    static StateSchema stateSchema(StructType keys) {
        return new StateSchema(keys, new StructType(), true);
    }

    /// Lets keys wait that do not wait yet.
    ///
    /// @param keys borrowed
    /// @param at for each key; the largest number for one that waits for nothing
    void add(Chunk keys, long[] at, BufferAllocator allocator) {
        try (Chunk found = state.writer().lookup(keys)) {
            int[] rows = StoredPartials.present(found, false);
            int[] added = new int[rows.length];
            long[] times = new long[rows.length];
            int count = 0;
            for (int row : rows) {
                if (at[row] != Long.MAX_VALUE) {
                    times[count] = at[row];
                    added[count++] = row;
                }
            }
            try (Chunk waiting = Columns.gather(keys, added, 0, count, allocator);
                    Chunk nothing = new Chunk(new StructType(), List.of(), count)) {
                state.writer().upsert(waiting, nothing, Arrays.copyOf(times, count));
            }
            state.countEntered(count);
        }
    }

    /// Lets keys wait no more.
    ///
    /// @param keys borrowed
    void remove(Chunk keys) {
        try (Chunk found = state.writer().lookup(keys)) {
            state.writer().delete(keys);
            state.countLeft(StoredPartials.present(found, true).length);
        }
    }

    /// Puts the keys whose time has come, which wait no more, into a table.
    void takeDue(long time, KeyTable due) {
        Chunk.lendEach(
                state.takeExpired(time), keys -> due.assign(keys.columns(), keys.rowCount(), new int[keys.rowCount()]));
    }
}
