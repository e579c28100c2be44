package dev.headrace.state.memory;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.state.RowLog;
import dev.headrace.state.RowLogWriter;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateVersion;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// A log of rows that are in memory, in segments: those of a batch are one, and segments that have grown many are put
/// together. The rows of each version are a run on disk, with the time up to which rows have been forgotten.
final class MemoryRowLog implements RowLog {
    private final StateFiles files;
    private final StateSchema schema;
    private final StructType stored;
    private final BufferAllocator allocator;
    private final Compaction compaction;
    private List<RowSegment> segments = List.of();
    private long forgotten = Long.MIN_VALUE;
    private StateVersion version = StateVersion.EMPTY;
    private boolean writing;

    MemoryRowLog(StateFiles files, StateSchema schema, BufferAllocator allocator) {
        this.files = files;
        this.schema = schema;
        this.stored = RowRun.stored(schema.value());
        this.allocator = allocator;
        this.compaction = new Compaction(files);
    }

    @Override
    public StateSchema schema() {
        return schema;
    }

    StructType stored() {
        return stored;
    }

    StateFiles files() {
        return files;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /// Those of the version that is in memory.
    List<RowSegment> segments() {
        return segments;
    }

    /// Rows that expire at or before this are forgotten.
    long forgotten() {
        return forgotten;
    }

    @Override
    public StateVersion latest() {
        return new StateVersion(files.latest());
    }

    @Override
    public StateReader read(StateVersion base) {
        return write(base);
    }

    @Override
    public RowLogWriter write(StateVersion base) {
        if (writing) {
            throw new IllegalStateException("another writer or reader is open");
        }
        if (!base.equals(version)) {
            load(base);
        }
        writing = true;
        return new MemoryRowLogWriter(this, base);
    }

    private void load(StateVersion base) {
        replace(List.of(), Long.MIN_VALUE, StateVersion.EMPTY);
        List<RowSegment> loaded = new ArrayList<>();
        long[] newest = {Long.MIN_VALUE};
        try (RowSegments.Gathering gathering = new RowSegments.Gathering(stored, allocator)) {
            files.read(base.value(), run -> {
                try (RowRun.Reader reader = new RowRun.Reader(run, stored, allocator)) {
                    newest[0] = reader.forgotten();
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        gathering.add(chunk);
                        if (gathering.isFull()) {
                            addSegment(gathering.take(), loaded);
                        }
                    }
                }
            });
            addSegment(gathering.take(), loaded);
        } catch (Throwable failed) {
            Closing.all(loaded);
            throw failed;
        }
        List<RowSegment> left = loaded.stream()
                .filter(segment -> !segment.isForgotten(newest[0]))
                .toList();
        loaded.stream().filter(segment -> !left.contains(segment)).forEach(RowSegment::close);
        replace(left, newest[0], base);
    }

    private static void addSegment(Chunk chunk, List<RowSegment> segments) {
        if (chunk.rowCount() == 0) {
            chunk.close();
        } else {
            segments.add(new RowSegment(chunk));
        }
    }

    /// Keeps other segments; those that are not among them are closed.
    void replace(List<RowSegment> now, long forgottenNow, StateVersion versionNow) {
        List<RowSegment> before = segments;
        segments = List.copyOf(now);
        forgotten = forgottenNow;
        version = versionNow;
        before.stream().filter(segment -> !segments.contains(segment)).forEach(RowSegment::close);
    }

    /// The writer has ended.
    void written() {
        writing = false;
    }

    @Override
    public void retain(StateVersion oldest) {
        compaction.start(oldest);
    }

    @Override
    public Map<String, Long> metrics() {
        return Map.of(
                "numRowsTotal",
                segments.stream()
                        .mapToLong(segment -> segment.rowCount() - segment.expired(forgotten))
                        .sum(),
                "memoryUsedBytes",
                segments.stream().mapToLong(RowSegment::sizeInBytes).sum(),
                "stateFiles",
                (long) files.count());
    }

    @Override
    public void close() {
        replace(List.of(), Long.MIN_VALUE, StateVersion.EMPTY);
        compaction.close();
    }
}
