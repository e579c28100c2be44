package dev.headrace.delta;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.exec.MemorySplit;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/// The rows of a merge's source, held in memory: the source is read once, however often the merge looks at it, so that
/// it can't change between two looks. Each row is numbered in the column [#NUMBER], the last one.
final class SourceRows implements BatchTable, AutoCloseable {
    static final StructField NUMBER = new StructField("__headrace_source_row", DataTypes.LongType, false);

    private final ChunkReader owner;
    private final StructType columns;
    private final List<Chunk> chunks;

    private SourceRows(ChunkReader owner, StructType columns, List<Chunk> chunks) {
        this.owner = owner;
        this.columns = columns;
        this.chunks = chunks;
    }

    /// Runs a query and keeps its rows. The caller closes the result.
    static SourceRows of(DataFrame source) {
        ChunkReader reader = Frames.query(source).run();
        List<Chunk> chunks = new ArrayList<>();
        SourceRows rows = new SourceRows(reader, source.schema(), chunks);
        try {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                chunks.add(chunk);
            }
            return rows;
        } catch (RuntimeException failed) {
            rows.close();
            throw failed;
        }
    }

    List<Chunk> chunks() {
        return chunks;
    }

    long count() {
        return chunks.stream().mapToLong(Chunk::rowCount).sum();
    }

    @Override
    public StructType schema() {
        return columns.add(NUMBER);
    }

    @Override
    public String description() {
        return "merge source";
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.of(count());
    }

    @Override
    public Scan scan(ScanRequest request) {
        return scan(request, new BitSet());
    }

    private Scan scan(ScanRequest request, BitSet without) {
        return () -> List.of(allocator -> new MemorySplit(read(request, without, allocator)).open(allocator));
    }

    private List<Chunk> read(ScanRequest request, BitSet without, BufferAllocator allocator) {
        List<Chunk> read = new ArrayList<>();
        long first = 0;
        for (Chunk chunk : chunks) {
            try (Chunk all = select(chunk, first, request, allocator)) {
                int[] rows = rowsOutside(without, Math.toIntExact(first), all.rowCount());
                read.add(
                        rows.length == all.rowCount()
                                ? all.slice(0, all.rowCount())
                                : Columns.gather(all, rows, 0, rows.length, allocator));
            }
            first += chunk.rowCount();
        }
        return read;
    }

    private static int[] rowsOutside(BitSet without, int first, int count) {
        return java.util.stream.IntStream.range(0, count)
                .filter(row -> !without.get(first + row))
                .toArray();
    }

    private Chunk select(Chunk chunk, long first, ScanRequest request, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        for (ScanRequest.ScanColumn column : request.columns()) {
            int ordinal = ((ScanRequest.ScanColumn.Stored) column).ordinal();
            vectors.add(ordinal < columns.size() ? chunk.share(ordinal) : numbers(first, chunk.rowCount(), allocator));
        }
        return new Chunk(request.outputSchema(), vectors, chunk.rowCount());
    }

    private static FieldVector numbers(long first, int count, BufferAllocator allocator) {
        BigIntVector numbers = new BigIntVector(dev.headrace.chunk.ArrowTypes.field(NUMBER), allocator);
        numbers.allocateNew(Math.max(1, count));
        for (int i = 0; i < count; i++) {
            numbers.set(i, first + i);
        }
        numbers.setValueCount(count);
        return numbers;
    }

    /// The same rows but for some.
    BatchTable without(BitSet rows) {
        return new BatchTable() {
            @Override
            public StructType schema() {
                return SourceRows.this.schema();
            }

            @Override
            public String description() {
                return SourceRows.this.description();
            }

            @Override
            public Scan scan(ScanRequest request) {
                return SourceRows.this.scan(request, rows);
            }
        };
    }

    @Override
    public void close() {
        Closing.all(chunks);
        chunks.clear();
        owner.close();
    }
}
