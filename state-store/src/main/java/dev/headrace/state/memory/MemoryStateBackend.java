package dev.headrace.state.memory;

import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// Keeps the live state in memory and a changelog per version on disk.
public final class MemoryStateBackend implements StateBackend {
    @Override
    public StateStore open(Path directory, StateSchema schema, KeyGroups groups, BufferAllocator allocator) {
        return new MemoryStateStore(directory, schema, allocator);
    }
}
