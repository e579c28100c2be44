package dev.headrace.protobuf;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.connector.PayloadColumn;
import dev.headrace.errors.DataException;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Turns messages of one type into structs: what `from_protobuf` means. Used by one thread.
final class MessageDecoder implements PayloadColumn {
    private final FromProtobuf call;
    private final MessageReader reader;
    private final Optional<BufferAllocator> allocator;
    private final StructWriter column;
    private final WireReader in = new WireReader();
    private byte[] buffer = new byte[1024];
    private int rows;
    private long malformedRows;

    /// @param allocator for columns; without one, there is only [#decodeOne]
    MessageDecoder(FromProtobuf call, MessageReader reader, Optional<BufferAllocator> allocator) {
        this.call = call;
        this.reader = reader;
        this.allocator = allocator;
        this.column = (StructWriter) ColumnWriter.of(call.schema(), allocator);
    }

    /// @throws DataException `MALFORMED_PROTOBUF_MESSAGE`, unless malformed messages are null
    @Override
    public boolean decode(byte[] data, int from, int length) {
        column.ensure(rows + 1);
        in.reset(data, from, length);
        try {
            reader.readFields(in, column, rows);
            reader.finish(column, rows);
            rows++;
            return true;
        } catch (MalformedMessage malformed) {
            column.clear(rows, rows + 1);
            if (call.mayFail()) {
                throw call.failure(length, malformed);
            }
            malformedRows++;
            rows++;
            return false;
        }
    }

    @Override
    public void decodeNull() {
        column.ensure(rows + 1);
        rows++;
    }

    @Override
    public FieldVector finish(String name) {
        FieldVector vector = ArrowTypes.newVector(name, call.schema(), allocator.orElseThrow());
        column.load(vector, rows);
        rows = 0;
        return vector;
    }

    @Override
    public long malformedRows() {
        return malformedRows;
    }

    /// The struct as [dev.headrace.chunk.Cell] describes it, independent of this decoder, without making a column of
    /// it.
    @Nullable Object decodeOne(Slice message) {
        if (buffer.length < message.length()) {
            buffer = new byte[Math.max(buffer.length * 2, message.length())];
        }
        message.copyTo(buffer, Memory.BYTES);
        column.reset();
        rows = 0;
        decode(buffer, 0, message.length());
        return column.read(0);
    }

    @Override
    public void close() {
        column.close();
    }
}
