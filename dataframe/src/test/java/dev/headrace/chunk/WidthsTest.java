package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WidthsTest {
    @AutoClose
    private final RootAllocator allocator = new RootAllocator();

    /// @param widths of all values, of the second one, and of the longest or more
    private void assertWidths(List<Long> widths, String ddl, @Nullable Object... cells) {
        try (FieldVector column = ArrowTypes.newVector("c", DataType.fromDDL(ddl), allocator)) {
            for (int i = 0; i < cells.length; i++) {
                Cell.write(column, i, cells[i]);
            }
            column.setValueCount(cells.length);
            assertEquals(
                    widths,
                    List.of(Widths.of(column, 0, cells.length), Widths.of(column, 1, 2), Widths.ofLongest(column)),
                    ddl);
            assertEquals(0, Widths.of(column, 1, 1));
        }
    }

    @Test
    void whatValuesTake() {
        assertWidths(List.of(24L, 8L, 8L), "bigint", 1L, null, 3L);
        assertWidths(List.of(4L * 3 + 6, 4L + 2, 4L + 4), "string", text("four"), text("to"), null);
        assertWidths(List.of(0L, 0L, 0L), "void", null, null);
        assertWidths(List.of(2 * 4L + 3 * 8L, 4L + 2 * 8L, 4L + 2 * 8L), "array<int>", List.of(1), List.of(2, 3));
        assertWidths(
                List.of(2 * 4L + 2 * 8L + 5, 4L, 4L + 2 * 8L + 5),
                "array<string>",
                List.of(text("abc"), text("de")),
                List.of());
        assertWidths(
                List.of(2 * 12L + 5, 12L + 1, 12L + 4),
                "struct<a: string, b: bigint>",
                Arrays.asList(text("four"), 1L),
                Arrays.asList(text("x"), 2L));
        assertWidths(
                List.of(2 * 4L + 16L + 3, 4L, 4L + 16L + 3), "map<string, bigint>", Map.of(text("abc"), 1L), Map.of());
    }

    @Test
    void noRowsTakeNothing() {
        for (String ddl : List.of("bigint", "string", "array<string>", "struct<a: string>", "void")) {
            try (FieldVector none = ArrowTypes.newVector("c", DataType.fromDDL(ddl), allocator)) {
                assertEquals(0, Widths.of(none, 0, 0), ddl);
                assertTrue(Widths.ofLongest(none) <= 8, ddl);
            }
        }
    }

    private static Slice text(String text) {
        return Slice.utf8(text);
    }
}
