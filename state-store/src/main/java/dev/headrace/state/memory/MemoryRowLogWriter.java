package dev.headrace.state.memory;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.state.RowLog;
import dev.headrace.state.RowLogWriter;
import dev.headrace.state.StateVersion;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Collects the rows of one version. The log's own segments stay as they are until the commit.
final class MemoryRowLogWriter implements RowLogWriter {
    private final MemoryRowLog log;
    private final StateVersion base;
    private final List<RowSegment> segments;
    private final List<RowSegment> added = new ArrayList<>();
    /// Those that have come since the log was last asked to forget: their rows are there, whenever they expire.
    private final Set<RowSegment> fresh = new HashSet<>();
    private long forgotten;
    private boolean closed;

    MemoryRowLogWriter(MemoryRowLog log, StateVersion base) {
        this.log = log;
        this.base = base;
        this.segments = new ArrayList<>(log.segments());
        this.forgotten = log.forgotten();
    }

    private StructType schema() {
        return log.schema().value();
    }

    @Override
    public void append(Chunk rows, long[] hashes, long[] expiresAt) {
        if (rows.rowCount() == 0) {
            return;
        }
        BufferAllocator allocator = log.allocator();
        RowSegment segment;
        try (Chunk own = rows.sharedWith(allocator)) {
            int last = own.columnCount();
            List<FieldVector> columns = Columns.make(
                    last + 2,
                    c -> c < last ? own.share(c) : Columns.longs("", c == last ? hashes : expiresAt, allocator));
            segment = new RowSegment(new Chunk(log.stored(), columns, hashes.length));
        }
        added.add(segment);
        segments.add(segment);
        fresh.add(segment);
    }

    /// Rows of the segment that expire at or before this are forgotten.
    private long forgottenOf(RowSegment segment) {
        return fresh.contains(segment) ? Long.MIN_VALUE : forgotten;
    }

    @Override
    public Chunk find(long[] hashes) {
        if (hashes.length == 0) {
            return Chunk.empty(schema(), log.allocator());
        }
        if (size() <= hashes.length) {
            return pick(segment -> segment.rows(forgottenOf(segment), Long.MAX_VALUE));
        }
        long[] distinct = Arrays.stream(hashes).sorted().distinct().toArray();
        return pick(segment -> segment.find(distinct, forgottenOf(segment)));
    }

    private Chunk pick(Function<RowSegment, int[]> rowsOf) {
        return picked(parts -> {
            for (RowSegment segment : segments) {
                int[] rows = rowsOf.apply(segment);
                if (rows.length > 0) {
                    parts.add(segment.pick(rows, schema(), log.allocator()));
                }
            }
        });
    }

    /// One chunk of what is picked; closes that if not all of it can be.
    private Chunk picked(Consumer<List<Chunk>> picking) {
        List<Chunk> parts = new ArrayList<>();
        try {
            picking.accept(parts);
        } catch (Throwable failed) {
            Closing.all(parts);
            throw failed;
        }
        return concat(parts);
    }

    private Chunk concat(List<Chunk> parts) {
        return parts.isEmpty()
                ? Chunk.empty(schema(), log.allocator())
                : Columns.concat(schema(), parts, log.allocator());
    }

    @Override
    public long forget(long time) {
        long before = size();
        fresh.clear();
        forgotten = Math.max(forgotten, time);
        segments.removeIf(segment -> segment.isForgotten(forgotten));
        return before - size();
    }

    @Override
    public RowLog.HashedRows due(long after, long until) {
        List<long[]> hashes = new ArrayList<>();
        Chunk due = picked(parts -> {
            for (RowSegment segment : segments) {
                long from = fresh.contains(segment) ? Long.MIN_VALUE : Math.max(after, forgotten);
                if (segment.expired(until) > segment.expired(from)) {
                    int[] rows = segment.rows(from, until);
                    parts.add(segment.pick(rows, schema(), log.allocator()));
                    hashes.add(Arrays.stream(rows).mapToLong(segment::hash).toArray());
                }
            }
        });
        return new RowLog.HashedRows(
                due, hashes.stream().flatMapToLong(Arrays::stream).toArray());
    }

    /// How many rows of the segment are there, and expire at or before `time`.
    private int expiring(RowSegment segment, long time) {
        return segment.expired(time) - segment.expired(forgottenOf(segment));
    }

    @Override
    public long nextExpiry() {
        return segments.stream()
                .mapToLong(segment -> segment.nextExpiry(forgottenOf(segment)))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public long size() {
        return segments.stream()
                .mapToLong(segment -> expiring(segment, Long.MAX_VALUE))
                .sum();
    }

    @Override
    public ChunkReader scan() {
        Iterator<RowSegment> left = List.copyOf(segments).iterator();
        return new ChunkReader() {
            private long number;

            @Override
            public @Nullable Chunk next() {
                if (!left.hasNext()) {
                    return null;
                }
                RowSegment segment = left.next();
                try (Chunk rows =
                        segment.pick(segment.rows(forgottenOf(segment), Long.MAX_VALUE), schema(), log.allocator())) {
                    Chunk entries = numbered(rows, number);
                    number += rows.rowCount();
                    return entries;
                }
            }

            @Override
            public void close() {}
        };
    }

    private Chunk numbered(Chunk rows, long first) {
        long[] numbers = new long[rows.rowCount()];
        Arrays.setAll(numbers, i -> first + i);
        List<FieldVector> columns = Columns.make(
                rows.columnCount() + 1, c -> c == 0 ? Columns.longs("", numbers, log.allocator()) : rows.share(c - 1));
        List<StructField> fields = new ArrayList<>(log.schema().key().fieldList());
        fields.addAll(schema().fieldList());
        return new Chunk(new StructType(fields), columns, numbers.length);
    }

    @Override
    public StateVersion commit() {
        forget(forgotten);
        StateVersion version = base.next();
        Run run = log.files().runOf(base.value(), version.value());
        log.files().dropBehind(run);
        try (RowRun.Writer writer = new RowRun.Writer(run, forgotten)) {
            for (RowSegment segment : added) {
                try (Chunk left = segment.left(forgotten, log.allocator())) {
                    writer.add(left);
                }
            }
            writer.finish();
        } catch (IOException e) {
            throw StateFiles.failed(run.file(), "writing", e);
        }
        log.files().add(run);
        List<RowSegment> fewer = RowSegments.fewer(segments, forgotten, log.stored(), log.allocator());
        added.removeIf(fewer::contains);
        log.replace(fewer, forgotten, version);
        return version;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Closing.all(added);
        log.written();
    }
}
