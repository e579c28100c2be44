package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// The batch plans of an [OrderedWindow], which run over rows in memory: what puts rows in order is what orders the
/// window's rows itself.
record OrderedWindowPlans(OrderedWindow window, Prepared order, Prepared body, Optional<Prepared> limits) {

    static OrderedWindowPlans of(OrderedWindow window, Preparation preparation) {
        return new OrderedWindowPlans(
                window,
                preparation.prepare(window.order()),
                preparation.prepare(window.body()),
                window.ranges().map(ranges -> preparation.prepare(ranges.plan())));
    }

    /// Rows in order: their segment, their place in what was sorted, and their rank in the segment.
    record Sorted(int[] segments, int[] places, int[] ranks) {
        int count() {
            return places.length;
        }
    }

    /// @param rows taken over
    /// @param segments what each belongs to
    Sorted sort(Chunk rows, int[] segments, RunContext run) {
        int[][] columns = new int[3][segments.length];
        int at = 0;
        for (Chunk chunk : sorted(placed(rows, segments, run.allocator()), run)) {
            try (chunk) {
                for (int row = 0; row < chunk.rowCount(); row++, at++) {
                    for (int column = 0; column < columns.length; column++) {
                        columns[column][at] = ((IntVector) chunk.column(column)).get(row);
                    }
                }
            }
        }
        return new Sorted(columns[0], columns[1], columns[2]);
    }

    private Chunk placed(Chunk rows, int[] segments, BufferAllocator allocator) {
        try (rows) {
            List<FieldVector> columns = new ArrayList<>();
            for (int i = 0; i < rows.columnCount(); i++) {
                columns.add(rows.share(i));
            }
            columns.add(ints(OrderedWindow.SEGMENT.name(), segments, allocator));
            int[] places = IntStream.range(0, segments.length).toArray();
            columns.add(ints(OrderedWindow.AT.name(), places, allocator));
            return new Chunk(window.ordered().schema(), columns, segments.length);
        }
    }

    static IntVector ints(String name, int[] values, BufferAllocator allocator) {
        IntVector vector = new IntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    /// @param rows taken over
    private List<Chunk> sorted(Chunk rows, RunContext run) {
        try (rows) {
            window.ordered().set(rows);
            return ChunkCollector.collect(order.open(run), run);
        }
    }

    /// The functions' results.
    ///
    /// @param rows taken over
    List<Chunk> compute(Chunk rows, RunContext run) {
        try (rows) {
            window.computed().set(rows);
            return ChunkCollector.collect(body.open(run), run);
        }
    }

    /// Of each row the value and limits that frames go by, if they do.
    ///
    /// @param rows taken over
    List<RangeReach.Limits> limits(Chunk rows, RunContext run) {
        try (rows) {
            if (limits.isEmpty()) {
                return List.of();
            }
            window.ranges().orElseThrow().leaf().set(rows);
            return RangeReach.read(ChunkCollector.collect(limits.get().open(run), run));
        }
    }
}
