package dev.headrace.state.memory;

import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowLayout;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// A store whose live state is in memory.
///
/// The live table is always that of one version, plus the changes of the writer that is open. Another version is loaded
/// from the runs on disk. Old runs are merged on a thread of the store's own.
final class MemoryStateStore implements StateStore {
    private final StateFiles files;
    private final StateSchema schema;
    private final BufferAllocator allocator;
    private final RowLayout keyLayout;
    private final RowLayout valueLayout;
    private final Compaction compaction;
    private LiveTable live;
    private StateVersion liveVersion = StateVersion.EMPTY;
    private boolean writing;

    MemoryStateStore(StateFiles files, StateSchema schema, BufferAllocator allocator) {
        this.files = files;
        this.schema = schema;
        this.allocator = allocator;
        this.compaction = new Compaction(files);
        this.keyLayout = RowLayout.of(schema.key());
        this.valueLayout = RowLayout.of(schema.value());
        this.live = new LiveTable(allocator);
    }

    @Override
    public StateSchema schema() {
        return schema;
    }

    RowLayout keyLayout() {
        return keyLayout;
    }

    RowLayout valueLayout() {
        return valueLayout;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    StateFiles files() {
        return files;
    }

    LiveTable live() {
        return live;
    }

    @Override
    public StateVersion latest() {
        return new StateVersion(files.latest());
    }

    @Override
    public StateReader read(StateVersion version) {
        return write(version);
    }

    @Override
    public StateWriter write(StateVersion base) {
        if (writing) {
            throw new IllegalStateException("another writer or reader is open");
        }
        if (!base.equals(liveVersion)) {
            load(base);
        }
        writing = true;
        return new MemoryStateWriter(this, base);
    }

    private void load(StateVersion version) {
        clear();
        try {
            replay(version);
            liveVersion = version;
        } catch (Throwable failed) {
            clear();
            throw failed;
        }
    }

    private void clear() {
        live.close();
        live = new LiveTable(allocator);
        liveVersion = StateVersion.EMPTY;
    }

    private void replay(StateVersion version) {
        files.read(version.value(), run -> {
            try (RunReader reader = RunReader.open(run, files.groups().count())) {
                while (reader.next()) {
                    apply(reader);
                }
            }
        });
    }

    private void apply(RunReader entry) {
        byte[] key = entry.key();
        int slot = live.find(key, Memory.BYTES, key.length, entry.hash());
        if (!entry.isDeletion()) {
            byte[] value = entry.value();
            live.put(
                    slot,
                    key,
                    Memory.BYTES,
                    key.length,
                    entry.hash(),
                    value,
                    Memory.BYTES,
                    value.length,
                    entry.expiry());
        } else if (slot != LiveTable.ABSENT) {
            live.remove(slot);
        }
    }

    /// The writer has ended.
    ///
    /// @param version what the live state is now
    void written(StateVersion version) {
        liveVersion = version;
        writing = false;
    }

    @Override
    public void retain(StateVersion oldest) {
        compaction.start(oldest);
    }

    @Override
    public Map<String, Long> metrics() {
        return Map.of(
                "numRowsTotal", (long) live.size(),
                "memoryUsedBytes", live.memoryBytes(),
                "stateFiles", (long) files.count());
    }

    @Override
    public void close() {
        Closing.all(List.of(live, compaction));
    }
}
