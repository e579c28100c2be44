package dev.headrace.state.memory;

import dev.headrace.chunk.Chunk;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Merges runs of a log: the rows that the last one has not forgotten stay.
///
/// @param rows the rows' columns
record RowMerge(StructType rows, BufferAllocator allocator) implements StateFiles.RunMerge {
    @Override
    public void merge(List<Run> inputs, Run merged) {
        StructType stored = RowRun.stored(rows);
        long forgotten;
        try (RowRun.Reader newest = new RowRun.Reader(inputs.getLast(), stored, allocator)) {
            forgotten = newest.forgotten();
        }
        try (RowRun.Writer writer = new RowRun.Writer(merged, forgotten);
                RowSegments.Gathering gathering = new RowSegments.Gathering(stored, allocator)) {
            for (Run input : inputs) {
                try (RowRun.Reader reader = new RowRun.Reader(input, stored, allocator)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        try (RowSegment segment = new RowSegment(chunk)) {
                            gathering.add(segment.left(forgotten, allocator));
                        }
                        if (gathering.isFull()) {
                            write(gathering, writer);
                        }
                    }
                }
            }
            write(gathering, writer);
            writer.finish();
        } catch (IOException e) {
            throw StateFiles.failed(merged.file(), "writing", e);
        }
    }

    private static void write(RowSegments.Gathering gathering, RowRun.Writer writer) throws IOException {
        try (Chunk chunk = gathering.take()) {
            writer.add(chunk);
        }
    }
}
