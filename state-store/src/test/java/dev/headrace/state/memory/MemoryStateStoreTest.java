package dev.headrace.state.memory;

import dev.headrace.state.StateBackend;
import dev.headrace.state.StateStoreContract;

class MemoryStateStoreTest extends StateStoreContract {
    @Override
    protected StateBackend backend() {
        return new MemoryStateBackend();
    }
}
