package dev.headrace.engine.stateful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import dev.headrace.state.memory.MemoryStateBackend;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorStateTest {
    private static final StructType NUMBER = new StructType().add("n", "int", false);
    private static final StateSchema SCHEMA = new StateSchema(NUMBER, NUMBER, true);
    private static final OperatorState.EventTimes TIMES =
            new OperatorState.EventTimes(OperatorState.NO_WATERMARK, OperatorState.NO_WATERMARK);

    @TempDir
    Path directory;

    private OperatorState open(BufferAllocator allocator) {
        OperatorState state = new OperatorState("state", SCHEMA);
        state.attach(new MemoryStateBackend().open(directory, SCHEMA, KeyGroups.all(), allocator));
        return state;
    }

    private static void put(OperatorState state, long expiresAt, BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(NUMBER, allocator)) {
            builder.add(List.of(1));
            try (Chunk row = builder.build()) {
                state.writer().upsert(row, row, new long[] {expiresAt});
            }
        }
    }

    @Test
    void whenTheNextEntryExpiresIsKnownAlsoWhenTheStateIsClosed() {
        try (BufferAllocator allocator = new RootAllocator()) {
            OperatorState state = open(allocator);
            state.begin(StateVersion.EMPTY, TIMES);
            put(state, 7, allocator);
            state.commit();
            assertEquals(OptionalLong.of(7), state.nextExpiry());
            state.begin(new StateVersion(1), TIMES);
            put(state, 9, allocator);
            state.abort();
            state.close();
            assertEquals(OptionalLong.of(7), state.nextExpiry());
        }
    }

    /// It would be all of the state, for nothing but a report's figure.
    @Test
    void closingReadsNothing() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            try (OperatorState state = open(allocator)) {
                state.begin(StateVersion.EMPTY, TIMES);
                put(state, 7, allocator);
                state.commit();
            }
            Files.writeString(directory.resolve("0-1.run"), "damaged");
            open(allocator).close();
            OperatorState state = open(allocator);
            state.load(new StateVersion(1));
            state.close();
        }
    }

    @Test
    void storeIsClosedThoughItsWriterCantBe() {
        List<String> closed = new ArrayList<>();
        StateWriter writer = scripted(StateWriter.class, method -> switch (method) {
            case "size" -> 0L;
            case "nextExpiry" -> 7L;
            case "close" -> throw new IllegalStateException("no memory to undo");
            default -> throw new AssertionError(method);
        });
        StateStore store = scripted(StateStore.class, method -> switch (method) {
            case "latest" -> StateVersion.EMPTY;
            case "write" -> writer;
            case "close" -> closed.add("store");
            default -> throw new AssertionError(method);
        });
        OperatorState state = new OperatorState("state", SCHEMA);
        state.attach(store);
        state.begin(StateVersion.EMPTY, TIMES);

        assertEquals(
                "no memory to undo",
                assertThrows(IllegalStateException.class, state::close).getMessage());
        assertEquals(List.of("store"), closed);
    }

    /// @param answers what a method gives, by its name
    private static <T> T scripted(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> {
            Object answer = answers.apply(method.getName());
            return method.getReturnType() == void.class ? null : answer;
        }));
    }
}
