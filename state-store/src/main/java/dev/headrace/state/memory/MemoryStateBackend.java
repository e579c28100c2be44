package dev.headrace.state.memory;

import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// Keeps the live state in memory, off heap, and the changes of each version in a file.
public final class MemoryStateBackend implements StateBackend {
    @Override
    public StateStore open(Path directory, StateSchema schema, KeyGroups groups, BufferAllocator allocator) {
        return new MemoryStateStore(StateFiles.open(directory, schema, groups), schema, allocator);
    }
}
