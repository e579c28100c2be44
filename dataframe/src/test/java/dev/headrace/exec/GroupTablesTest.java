package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTablesTest {
    private static final int MANY_SPLITS = 100;

    /// Splits of a later input have the numbers of those before, and begin in any order.
    @Test
    void noTwoTasksHaveATableAtTheSameTime() {
        try (ManyRows many = new ManyRows("k BIGINT", row -> (long) row);
                SpillSpace space = new SpillSpace(many.memory(), Long.MAX_VALUE, 1, Path.of(""))) {
            many.run(space, (rows, run) -> {
                GroupLayout layout = new GroupLayout(rows.schema(), new int[] {0}, List.of());
                try (GroupTables tables = GroupTables.inMemory(layout, MANY_SPLITS, run)) {
                    tables.open(0).close();
                    long one = many.memory().getAllocatedMemory();
                    StageSink.Task first = tables.open(1);
                    assertEquals(one, many.memory().getAllocatedMemory(), "the idle table is taken");
                    StageSink.Task second = tables.open(0);
                    assertTrue(many.memory().getAllocatedMemory() > one, "another table is made");
                    first.close();
                    second.close();
                }
            });
        }
    }
}
