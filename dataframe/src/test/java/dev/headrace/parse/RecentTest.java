package dev.headrace.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final Recent<String> recent = new Recent<>();
    private final List<String> made = new ArrayList<>();

    private String of(String schema, Object other) {
        return recent.of(slice(schema), other, () -> {
            made.add(schema + other);
            return schema + other;
        });
    }

    private static Slice slice(String text) {
        return Slice.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void callsInTurnAreMadeForOnce() {
        for (int row = 0; row < 3; row++) {
            assertEquals("a{}", of("a", Map.of()));
            assertEquals("b{}", of("b", Map.of()));
            assertEquals("a{k=v}", of("a", Map.of("k", "v")));
            assertEquals("ax", of("a", slice("x")));
        }
        assertEquals(List.of("a{}", "b{}", "a{k=v}", "ax"), made);
    }

    @Test
    void theOldestAreForgotten() {
        for (int i = 0; i < 100; i++) {
            assertEquals(i + "o", of(String.valueOf(i), "o"));
        }
        of("99", "o");
        of("84", "o");
        assertEquals(100, made.size());
        of("83", "o");
        assertEquals(101, made.size());
    }
}
