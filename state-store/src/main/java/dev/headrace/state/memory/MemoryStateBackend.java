package dev.headrace.state.memory;

import dev.headrace.state.KeyGroups;
import dev.headrace.state.RowLog;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import dev.headrace.state.StateVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// Keeps the live state in memory, off heap, and the changes of each version in a file.
public final class MemoryStateBackend implements StateBackend {
    @Override
    public StateStore open(Path directory, StateSchema schema, KeyGroups groups, BufferAllocator allocator) {
        StateFiles files = StateFiles.open(directory, schema, groups, new EntryMerge(groups));
        return new MemoryStateStore(files, schema, allocator);
    }

    @Override
    public RowLog openRows(Path directory, StateSchema schema, BufferAllocator allocator) {
        StateFiles files = StateFiles.open(directory, schema, KeyGroups.all(), new RowMerge(schema.value(), allocator));
        return new MemoryRowLog(files, schema, allocator);
    }

    @Override
    public StateSchema schemaIn(Path directory) {
        return StateFiles.schemaIn(directory);
    }

    @Override
    public boolean hasState(Path directory) {
        return StateFiles.anyIn(directory);
    }

    @Override
    public boolean sameChange(Path one, Path other, StateVersion base) {
        Path left = Run.in(one, base.value(), base.next().value()).file();
        Path right = Run.in(other, base.value(), base.next().value()).file();
        try {
            return Files.mismatch(left, right) == -1;
        } catch (NoSuchFileException merged) {
            return false;
        } catch (IOException e) {
            throw StateFiles.failed(left, "comparing", e);
        }
    }
}
