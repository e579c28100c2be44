package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Slice;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTablesTest {
    private static final int MANY_SPLITS = 100;
    private static final int GROUPS = 100;

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

    /// As many as of small ones could take more than a column can have.
    @Test
    void largeGroupsAreGivenFewAtATime() {
        int groups = 100;
        StructType schema = StructType.fromDDL("k BIGINT, s STRING");
        AggregateCall max = FunctionRegistry.bindAggregate(
                "max", List.of(new BoundExpr.Column(1, "s", DataTypes.StringType, true)), false);
        GroupLayout layout = new GroupLayout(schema.select(0), new int[] {0}, List.of(max));
        try (RootAllocator memory = new RootAllocator();
                Chunk rows = new Chunk(schema, Columns.make(2, c -> column(schema.field(c), groups, memory)), groups);
                GroupTable table = new GroupTable(layout, memory)) {
            table.update(rows);
            for (List<Chunk> chunks : List.of(
                    table.results(schema, memory),
                    table.partials(memory),
                    table.all((all, from, target) -> all.partials(from, target), memory),
                    table.all(
                            (all, from, target) ->
                                    all.partialsAndResults(from, schema.add("x", DataTypes.StringType), target),
                            memory))) {
                assertEquals(groups, chunks.stream().mapToInt(Chunk::rowCount).sum());
                Chunk.lendEach(chunks, chunk -> assertTrue(chunk.rowCount() <= 64, "16 MiB"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "last", "any_value", "max_by", "min_by", "max", "min"})
    void structsThatGroupsKeepAreOnTheHeap(String function) {
        StructType schema = StructType.fromDDL("k BIGINT, s STRUCT<n: BIGINT, text: STRING>");
        List<BoundExpr> arguments = new ArrayList<>();
        arguments.add(new BoundExpr.Column(1, "s", schema.field(1).dataType(), true));
        if (function.endsWith("_by")) {
            arguments.add(new BoundExpr.Column(0, "k", DataTypes.LongType, true));
        }
        assertHeap(function, arguments, schema, row -> List.of((long) row, Slice.utf8("x".repeat(500))), 500, 700);
    }

    @Test
    void whatGroupsNoLongerKeepIsNotCounted() {
        StructType schema = StructType.fromDDL("k BIGINT, s STRING");
        List<BoundExpr> text = List.of(new BoundExpr.Column(1, "s", DataTypes.StringType, true));
        IntFunction<Object> shorterAndShorter = row -> Slice.utf8("x".repeat(row < GROUPS ? 5000 : 500));
        assertHeap("first", text, schema, shorterAndShorter, 5000, 5200);
        assertHeap("last", text, schema, shorterAndShorter, 500, 700);
    }

    /// Of twice as many rows as groups.
    private static void assertHeap(
            String function,
            List<BoundExpr> arguments,
            StructType schema,
            IntFunction<Object> cell,
            int least,
            int most) {
        AggregateCall call = FunctionRegistry.bindAggregate(function, arguments, false);
        GroupLayout layout = new GroupLayout(schema.select(0), new int[] {0}, List.of(call));
        try (RootAllocator memory = new RootAllocator();
                GroupTable table = new GroupTable(layout, memory);
                GroupTable merged = new GroupTable(layout, memory)) {
            for (int from = 0; from < 2 * GROUPS; from += GROUPS) {
                try (ChunkBuilder rows = new ChunkBuilder(schema, memory)) {
                    for (int row = from; row < from + GROUPS; row++) {
                        rows.add(List.of((long) (row % GROUPS), cell.apply(row)));
                    }
                    try (Chunk chunk = rows.build()) {
                        table.update(chunk);
                    }
                }
            }
            Chunk.lendEach(table.partials(memory), merged::merge);
            for (GroupTable one : List.of(table, merged)) {
                long each = one.heapBytes() / GROUPS;
                assertTrue(least <= each && each <= most, () -> function + ": " + each + " bytes a group");
            }
        }
    }

    private static FieldVector column(StructField field, int rows, BufferAllocator memory) {
        FieldVector column = ArrowTypes.field(field).createVector(memory);
        for (int row = 0; row < rows; row++) {
            Cell.write(
                    column,
                    row,
                    field.dataType().equals(DataTypes.LongType)
                            ? (Object) (long) row
                            : Slice.utf8("x".repeat(1 << 18)));
        }
        column.setValueCount(rows);
        return column;
    }
}
