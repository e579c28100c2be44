package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataTypes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Groups go to disk before what is made of them fills the heap.
class DealtGroupsTest {
    /// A sum takes 16 bytes a group, twice of which are there while it grows.
    @Test
    void tablesThatAreFilledTogetherHaveHalfOfTheHeapTogether() {
        assertTooLarge(false, 0, 13);
        assertTooLarge(true, 0, 11);
        assertTooLarge(false, 1, 25);
        assertTooLarge(true, 1, 23);
    }

    /// @param heap in mebibytes
    private static void assertTooLarge(boolean large, int beside, int heap) {
        BoundExpr value = new BoundExpr.Column(0, "k", DataTypes.LongType, true);
        AggregateCall sum = FunctionRegistry.bindAggregate("sum", List.of(value), false);
        try (ManyRows many = new ManyRows("k BIGINT", row -> (long) row);
                SpillSpace space = new SpillSpace(many.memory(), Long.MAX_VALUE, (long) heap << 20, 1, Path.of(""))) {
            many.run(space, (rows, run) -> {
                GroupLayout layout = new GroupLayout(rows.schema(), new int[] {0}, List.of(sum));
                try (GroupTable table = new GroupTable(layout, many.memory());
                        DealtGroups groups = new DealtGroups(layout, beside, run)) {
                    table.update(rows);
                    assertEquals(large, groups.isTooLarge(table));
                }
            });
        }
    }
}
