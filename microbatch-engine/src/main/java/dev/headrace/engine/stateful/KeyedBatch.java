package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;

/// The keys that a batch touches, and the rows of each input under them, before the batch and after it.
final class KeyedBatch implements AutoCloseable {
    private final List<KeyedRows.Before> before = new ArrayList<>();
    private final List<KeyedRows.After> after = new ArrayList<>();
    private int keyCount;

    private KeyedBatch() {}

    /// Reads the inputs and brings their state up to date.
    static KeyedBatch run(List<KeyedInput> inputs, List<Prepared> prepared, RunContext run) {
        KeyedBatch batch = new KeyedBatch();
        List<Chunk> changes = new ArrayList<>();
        StructType keySchema = inputs.getFirst().rows().keySchema();
        try (KeyTable touched = new KeyTable(RowLayout.of(keySchema), run.allocator())) {
            List<int[]> keyOf = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Chunk rows = inputs.get(i).read(prepared.get(i), run);
                changes.add(rows);
                int[] slots = new int[rows.rowCount()];
                touched.assign(inputs.get(i).keys(rows), slots.length, slots);
                keyOf.add(slots);
            }
            // Without keys the result of no rows may be a row, which is given in the first batch.
            boolean ofNoRows = inputs.stream().allMatch(input -> input.rows().isNew());
            int count = ofNoRows ? 1 : touched.slotCount();
            batch.keyCount = count;
            try (Chunk keys = new Chunk(keySchema, touched.keys(0, count, keySchema, run.allocator()), count)) {
                for (int i = 0; i < inputs.size(); i++) {
                    batch.change(inputs.get(i), keys, changes.get(i), keyOf.get(i), run);
                }
            }
            return batch;
        } catch (Throwable failed) {
            batch.close();
            throw failed;
        } finally {
            Closing.all(changes);
        }
    }

    private void change(KeyedInput input, Chunk keys, Chunk changes, int[] keyOf, RunContext run) {
        KeyedRows.Before old = input.rows().load(keys, run.allocator());
        before.add(old);
        after.add(input.rows().apply(old, keys, changes, keyOf, input.changes(changes), run.allocator()));
    }

    /// Whether no key is touched.
    boolean isEmpty() {
        return keyCount == 0;
    }

    /// Whether any touched key has been seen before.
    boolean anyKnown() {
        return before.stream().anyMatch(rows -> {
            for (boolean known : rows.known()) {
                if (known) {
                    return true;
                }
            }
            return false;
        });
    }

    KeyedRows.Before before(int input) {
        return before.get(input);
    }

    KeyedRows.After after(int input) {
        return after.get(input);
    }

    @Override
    public void close() {
        Closing.all(before);
        Closing.all(after);
    }
}
