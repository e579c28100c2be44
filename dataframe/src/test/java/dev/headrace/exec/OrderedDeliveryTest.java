package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OrderedDeliveryTest {
    @AutoClose
    private final BufferAllocator memory = new RootAllocator();

    @AutoClose
    private final TaskPool tasks = new TaskPool(1);

    private final RunContext run =
            ManyRows.run(memory, new SpillSpace(memory, Long.MAX_VALUE, 1, Path.of("")), tasks, new Cancellation());

    /// The split behind it, whose turn it is then, does not begin after a failure.
    @Test
    void aSplitThatFailsInClosingAfterItsEndLetsNoOtherWait() {
        Split empty = allocator -> new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                return null;
            }

            @Override
            public void close() {}
        };
        Stage stage = Stage.of(List.of(empty)).then(() -> new Operator() {
            @Override
            public void process(Chunk input, Output out) {}

            @Override
            public void close() {
                throw new IllegalStateException("closing fails");
            }
        });
        try (OrderedDelivery delivery = new OrderedDelivery(run, chunk -> true);
                StageSink.Task later = delivery.open(2)) {
            assertFalse(later.isFull());
            assertThrows(IllegalStateException.class, () -> stage.run(run, delivery));
            // It waits no longer than that.
            assertTrue(later.isFull());
        }
    }
}
