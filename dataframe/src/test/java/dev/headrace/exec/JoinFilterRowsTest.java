package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Chunk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Which rows a join's filter looks at.
class JoinFilterRowsTest {
    private static final int HELD = 100_000;

    private static int passed(Operator filter, Chunk rows, int from, int count) {
        int[] passed = new int[1];
        try (Chunk part = rows.slice(from, count)) {
            filter.process(part, chunk -> {
                try (chunk) {
                    passed[0] += chunk.rowCount();
                }
            });
        }
        return passed[0];
    }

    @Test
    void whatWasInVainElsewhereIsTriedWithThePartsFirstRowsOnly() {
        try (ManyRows many = new ManyRows("k BIGINT", row -> (long) row);
                SpillSpace space = new SpillSpace(many.memory(), Long.MAX_VALUE, 1, Path.of(""))) {
            many.run(space, (rows, _) -> {
                JoinFilter filter = new JoinFilter(0);
                filter.looksAtRows();
                try (Chunk held = rows.slice(0, HELD)) {
                    filter.publish(held);
                }
                JoinFilter.Tried all = new JoinFilter.Tried();
                try (Operator elsewhere = filter.operator(0, all, many.memory());
                        Operator inVain = filter.operator(0, all, many.memory());
                        Operator useful = filter.operator(0, all, many.memory())) {
                    assertEquals(80_000, passed(elsewhere, rows, 0, 80_000));

                    assertEquals(1000, passed(inVain, rows, HELD - 1000, 1100));
                    assertEquals(500, passed(inVain, rows, HELD, 500));

                    assertEquals(100, passed(useful, rows, HELD - 100, 1100));
                    assertEquals(0, passed(useful, rows, HELD, 500));
                }
            });
        }
    }
}
