package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;

class CellTest {
    @Test
    void structsGrowWithTheirFields() {
        try (BufferAllocator allocator = new RootAllocator();
                FieldVector structs = ArrowTypes.newVector(
                        "s", StructType.fromDDL("id bigint, name string, of struct<x: int>"), allocator)) {
            structs.setInitialCapacity(1);
            structs.allocateNew();
            int count = 20_000;
            for (int row = 0; row < count; row++) {
                Cell.write(structs, row, row % 3 == 0 ? null : struct(row));
            }
            structs.setValueCount(count);

            for (int row = 0; row < count; row++) {
                if (row % 3 == 0) {
                    assertNull(Cell.read(structs, row));
                } else {
                    assertEquals(struct(row), Cell.read(structs, row));
                }
            }
        }
    }

    private static List<Object> struct(int row) {
        return Arrays.asList((long) row, row % 5 == 1 ? null : Slice.utf8("name " + row), List.of(row));
    }
}
