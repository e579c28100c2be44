package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"array<int>", "array<string>", "map<int, int>"})
    void longValuesAreNeitherWrittenNorReadForAQueryThatIsCancelled(String type) {
        int count = 1 << 17;
        try (BufferAllocator allocator = new RootAllocator();
                FieldVector values = ArrowTypes.newVector(
                        "v", StructType.fromDDL("v " + type).field(0).dataType(), allocator)) {
            values.allocateNew();
            Object value = switch (type) {
                case "array<int>" -> Collections.nCopies(count, 7);
                case "array<string>" -> Collections.nCopies(count, Slice.utf8("text"));
                default -> IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> i, i -> -i));
            };
            Cell.write(values, 0, value);
            values.setValueCount(1);

            assertEquals(value, Cell.read(values, 0));
            assertGivenUp(() -> Cell.read(values, 0));
            assertGivenUp(() -> Cell.write(values, 1, value));
        }
    }

    private static void assertGivenUp(Runnable work) {
        Cancellation query = new Cancellation();
        query.cancel();
        assertThrows(
                QueryCancelledException.class,
                () -> query.within(() -> {
                    work.run();
                    return 0;
                }));
    }

    private static List<Object> struct(int row) {
        return Arrays.asList((long) row, row % 5 == 1 ? null : Slice.utf8("name " + row), List.of(row));
    }
}
