package dev.headrace.arrow;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import dev.headrace.files.InputFile;
import dev.headrace.files.PartitionColumns;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/// The rows of a part of a file. A record batch that is larger than a chunk should be comes in slices.
final class ArrowChunks implements ChunkReader {
    /// A column to give.
    ///
    /// @param partition the ordinal of the partition column; negative if the files hold the column
    record Output(StructField field, int partition) {}

    private final ArrowSource source;
    private final InputFile file;
    private final List<Output> columns;
    private final StructType schema;
    private final PartitionColumns partitions;
    private final BufferAllocator allocator;
    private final ArrowColumn conversion;
    private boolean done;
    private @Nullable Chunk large;
    private int given;

    /// @param source is closed with this reader
    /// @param part of a stream, all but part 0 are empty
    ArrowChunks(
            ArrowSource source,
            InputFile file,
            int part,
            List<Output> columns,
            PartitionColumns partitions,
            BufferAllocator allocator) {
        this.source = source;
        this.file = file;
        this.columns = columns;
        this.schema = new StructType(columns.stream().map(Output::field).toList());
        this.partitions = partitions;
        this.allocator = allocator;
        this.conversion = new ArrowColumn(source.schema());
        this.done = part > 0 && source.isStream();
    }

    @Override
    public @Nullable Chunk next() {
        if (large != null) {
            return nextOfLarge(large);
        }
        while (!done) {
            if (!source.advance()) {
                done = true;
            } else if (source.batch().getRowCount() > 0) {
                return first(chunk());
            }
        }
        return null;
    }

    private Chunk first(Chunk chunk) {
        if (chunk.rowCount() <= Chunk.TARGET_ROWS) {
            return chunk;
        }
        large = chunk;
        given = 0;
        return nextOfLarge(chunk);
    }

    private Chunk nextOfLarge(Chunk all) {
        int count = Math.min(Chunk.TARGET_ROWS, all.rowCount() - given);
        Chunk part = all.slice(given, count);
        given += count;
        if (given == all.rowCount()) {
            all.close();
            large = null;
        }
        return part;
    }

    private Chunk chunk() {
        int rows = source.batch().getRowCount();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (Output column : columns) {
                vectors.add(
                        column.partition() >= 0
                                ? partitions.vector(column.partition(), column.field(), file, rows, allocator)
                                : stored(column.field(), rows));
            }
            return new Chunk(schema, vectors, rows);
        } catch (RuntimeException failed) {
            Closing.all(vectors);
            throw ArrowErrors.failed(file.path(), failed);
        }
    }

    private FieldVector stored(StructField field, int rows) {
        List<Field> held = source.batch().getSchema().getFields();
        Optional<Integer> place = ArrowColumn.child(held, field.name());
        if (place.isEmpty()) {
            return nulls(field, rows);
        }
        FieldVector vector = source.batch().getVector(place.get());
        BufferCheck.check(vector, rows);
        return conversion.convert(vector, field, allocator);
    }

    private FieldVector nulls(StructField field, int rows) {
        FieldVector vector = ArrowTypes.field(field).createVector(allocator);
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        vector.setValueCount(rows);
        return vector;
    }

    @Override
    public Map<String, Long> metrics() {
        return Map.of("bytesRead", source.bytesRead());
    }

    @Override
    public void close() {
        if (large != null) {
            large.close();
            large = null;
        }
        source.close();
    }
}
