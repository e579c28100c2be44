package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.RowLayout;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    /// There is room for the hashes and keys that are expected, and not for the places as well.
    private static final long TOO_LITTLE = 1200 * 1024;

    private static final int EXPECTED = 1 << 16;

    @Test
    void aTableThatMemoryIsTooShortForLeavesNothing() {
        RowLayout layout = new RowLayout(List.of(DataTypes.LongType));
        try (BufferAllocator memory = new RootAllocator(TOO_LITTLE)) {
            assertThrows(OutOfMemoryException.class, () -> new KeyTable(layout, EXPECTED, memory));
            assertEquals(0, memory.getAllocatedMemory());
        }
    }

    @Test
    void soDoesATableOfGroups() {
        GroupLayout layout = new GroupLayout(new StructType().add("key", DataTypes.LongType), new int[] {0}, List.of());
        try (BufferAllocator memory = new RootAllocator(TOO_LITTLE)) {
            assertThrows(OutOfMemoryException.class, () -> new GroupTable(layout, EXPECTED, memory));
            assertEquals(0, memory.getAllocatedMemory());
            assertEquals(List.of(), List.copyOf(memory.getChildAllocators()));
        }
    }
}
