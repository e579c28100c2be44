package dev.headrace.state.memory;

import dev.headrace.state.RowLogContract;
import dev.headrace.state.StateBackend;

class MemoryRowLogTest extends RowLogContract {
    @Override
    protected StateBackend backend() {
        return new MemoryStateBackend();
    }
}
