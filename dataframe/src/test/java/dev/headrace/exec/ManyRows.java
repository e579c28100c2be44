package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.Checks;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.function.EvalContext;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

/// So many rows that loops over them ask several times whether the query is to stop.
final class ManyRows implements AutoCloseable {
    static final int BLOCKS = 3;
    static final int COUNT = BLOCKS << 16;

    private final BufferAllocator memory = new RootAllocator();
    private final TaskPool tasks;
    private final Chunk rows;

    /// @param cell of the first column; the others have the row's number
    ManyRows(String schema, IntFunction<Object> cell) {
        this(schema, cell, 1);
    }

    /// @param threads that work at them
    ManyRows(String schema, IntFunction<Object> cell, int threads) {
        tasks = new TaskPool(threads);
        StructType type = StructType.fromDDL(schema);
        List<FieldVector> columns = type.fieldList().stream()
                .map(field -> ArrowTypes.field(field).createVector(memory))
                .toList();
        for (int c = 0; c < columns.size(); c++) {
            columns.get(c).setInitialCapacity(COUNT);
            for (int row = 0; row < COUNT; row++) {
                Cell.write(columns.get(c), row, c == 0 ? cell.apply(row) : (long) row);
            }
            columns.get(c).setValueCount(COUNT);
        }
        rows = new Chunk(type, columns, COUNT);
    }

    interface Work {
        void of(Chunk rows, RunContext run);
    }

    BufferAllocator memory() {
        return memory;
    }

    /// Work asks once in each block of rows at least, in each of its loops, and leaves no memory when it is told to
    /// stop.
    ///
    /// @param loops over all rows
    void assertGivenUp(Work work, int loops) {
        long before = memory.getAllocatedMemory();
        int asked = Checks.stopAtEach(
                query -> {
                    work.of(rows, run(new SpillSpace(memory, Long.MAX_VALUE, 1, Path.of("")), query));
                    return true;
                },
                () -> assertEquals(before, memory.getAllocatedMemory()));
        assertTrue(asked >= loops * BLOCKS, () -> "asked " + asked + " times");
    }

    /// Work in a run of its own, which is not stopped.
    void run(SpillSpace space, Work work) {
        work.of(rows, run(space, new Cancellation()));
    }

    private RunContext run(SpillSpace space, Cancellation query) {
        return run(memory, space, tasks, query);
    }

    static RunContext run(BufferAllocator memory, SpillSpace space, TaskPool tasks, Cancellation query) {
        return new RunContext(
                memory,
                space,
                tasks,
                new EvalContext(ZoneOffset.UTC, 0, 0),
                List.of(),
                new RunContext.Counters(),
                new RunProfile(),
                query);
    }

    /// Asserts that nothing has leaked.
    @Override
    public void close() {
        rows.close();
        tasks.close();
        memory.close();
    }
}
