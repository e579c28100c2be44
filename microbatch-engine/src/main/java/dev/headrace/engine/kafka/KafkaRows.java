package dev.headrace.engine.kafka;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.PayloadColumn;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Puts records into columns, only those that the query uses; payloads are decoded straight into columns of their own.
/// Used by one thread.
final class KafkaRows implements AutoCloseable {
    private static final int KEY = 0;
    private static final int VALUE = 1;
    private static final int TOPIC = 2;
    private static final int PARTITION = 3;
    private static final int OFFSET = 4;
    private static final int TIMESTAMP = 5;
    private static final int TIMESTAMP_TYPE = 6;
    private static final int HEADERS = 7;

    private final StructType schema;
    private final List<ColumnWriter> writers = new ArrayList<>();
    private int rows;

    /// Writes one column.
    private interface ColumnWriter extends AutoCloseable {
        void add(ConsumerRecord<ByteBuffer, ByteBuffer> record, int row);

        /// The rows so far, which the caller owns.
        FieldVector finish(int rows);

        default long malformedRows() {
            return 0;
        }

        @Override
        void close();
    }

    KafkaRows(ScanRequest request, ZoneId zone, BufferAllocator allocator) {
        this.schema = request.outputSchema();
        for (ScanColumn column : request.columns()) {
            writers.add(
                    switch (column) {
                        case ScanColumn.Stored stored -> new Stored(stored, allocator);
                        case ScanColumn.Decoded decoded -> new Decoded(decoded, zone, allocator);
                    });
        }
    }

    static StructType schema(boolean headers) {
        StructType schema = new StructType()
                .add("key", DataTypes.BinaryType)
                .add("value", DataTypes.BinaryType)
                .add("topic", DataTypes.StringType, false)
                .add("partition", DataTypes.IntegerType, false)
                .add("offset", DataTypes.LongType, false)
                .add("timestamp", DataTypes.TimestampType, false)
                .add("timestampType", DataTypes.IntegerType, false);
        StructType header = new StructType().add("key", DataTypes.StringType).add("value", DataTypes.BinaryType);
        return headers ? schema.add("headers", new ArrayType(header, true)) : schema;
    }

    int rowCount() {
        return rows;
    }

    void add(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        for (ColumnWriter writer : writers) {
            writer.add(record, rows);
        }
        rows++;
    }

    /// The rows so far as a chunk, which the caller owns.
    Chunk finish() {
        List<FieldVector> columns = new ArrayList<>();
        writers.forEach(writer -> columns.add(writer.finish(rows)));
        Chunk chunk = new Chunk(schema, columns, rows);
        rows = 0;
        return chunk;
    }

    long malformedRows() {
        return writers.stream().mapToLong(ColumnWriter::malformedRows).sum();
    }

    @Override
    public void close() {
        Closing.all(writers);
    }

    private static final class Decoded implements ColumnWriter {
        private final PayloadColumn decoded;
        private final int ordinal;
        private final String name;

        Decoded(ScanColumn.Decoded column, ZoneId zone, BufferAllocator allocator) {
            this.decoded = column.decoder().open(zone, allocator);
            this.ordinal = column.ordinal();
            this.name = column.field().name();
        }

        @Override
        public void add(ConsumerRecord<ByteBuffer, ByteBuffer> record, int row) {
            @Nullable ByteBuffer payload = ordinal == KEY ? record.key() : record.value();
            if (payload == null) {
                decoded.decodeNull();
            } else {
                decoded.decode(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
            }
        }

        @Override
        public FieldVector finish(int rows) {
            return decoded.finish(name);
        }

        @Override
        public long malformedRows() {
            return decoded.malformedRows();
        }

        @Override
        public void close() {
            decoded.close();
        }
    }

    private static final class Stored implements ColumnWriter {
        private final ScanColumn.Stored column;
        private final BufferAllocator allocator;
        private final Slice topic = new Slice();
        private String topicName = "";
        private @Nullable FieldVector vector;

        Stored(ScanColumn.Stored column, BufferAllocator allocator) {
            this.column = column;
            this.allocator = allocator;
        }

        @Override
        public void add(ConsumerRecord<ByteBuffer, ByteBuffer> record, int row) {
            FieldVector target = vector();
            switch (column.ordinal()) {
                case KEY -> addBytes((VarBinaryVector) target, row, record.key());
                case VALUE -> addBytes((VarBinaryVector) target, row, record.value());
                case TOPIC -> addTopic((VarCharVector) target, row, record.topic());
                case PARTITION -> ((IntVector) target).setSafe(row, record.partition());
                case OFFSET -> ((BigIntVector) target).setSafe(row, record.offset());
                case TIMESTAMP -> ((TimeStampMicroTZVector) target).setSafe(row, record.timestamp() * 1_000);
                case TIMESTAMP_TYPE -> ((IntVector) target).setSafe(row, record.timestampType().id);
                case HEADERS -> Cell.write(target, row, headers(record));
                default -> throw new IllegalStateException("no column " + column);
            }
        }

        private FieldVector vector() {
            FieldVector current = vector;
            if (current == null) {
                current = ArrowTypes.field(column.field()).createVector(allocator);
                vector = current;
            }
            return current;
        }

        private static void addBytes(VarBinaryVector target, int row, @Nullable ByteBuffer bytes) {
            if (bytes == null) {
                Cell.write(target, row, null);
            } else {
                target.setSafe(row, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            }
        }

        private void addTopic(VarCharVector target, int row, String name) {
            if (!name.equals(topicName)) {
                topicName = name;
                Slice utf8 = Slice.utf8(name);
                topic.set(utf8.base(), utf8.offset(), utf8.length());
            }
            byte[] bytes = (byte[]) java.util.Objects.requireNonNull(topic.base());
            target.setSafe(row, bytes, 0, topic.length());
        }

        private static List<@Nullable Object> headers(ConsumerRecord<?, ?> record) {
            List<@Nullable Object> headers = new ArrayList<>();
            for (Header header : record.headers()) {
                byte @Nullable [] value = header.value();
                headers.add(Arrays.asList(Slice.utf8(header.key()), value == null ? null : Slice.of(value)));
            }
            return headers;
        }

        @Override
        public FieldVector finish(int rows) {
            FieldVector done = vector();
            done.setValueCount(rows);
            vector = null;
            return done;
        }

        @Override
        public void close() {
            if (vector != null) {
                vector.close();
                vector = null;
            }
        }
    }
}
