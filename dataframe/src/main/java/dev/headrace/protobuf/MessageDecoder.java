package dev.headrace.protobuf;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.types.StructType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns messages of one type into structs: what `from_protobuf` means. Used by one thread.
final class MessageDecoder {
    private final ColumnWriter column;
    private final MessageReader reader;
    private final WireReader in = new WireReader();
    private byte[] buffer = new byte[1024];

    MessageDecoder(StructType type, MessageReader reader) {
        this.column = ColumnWriter.of(type, Optional.empty());
        this.reader = reader;
    }

    /// The struct as [dev.headrace.chunk.Cell] describes it, independent of this decoder.
    @Nullable Object decode(Slice message) throws MalformedMessage {
        if (buffer.length < message.length()) {
            buffer = new byte[Math.max(buffer.length * 2, message.length())];
        }
        message.copyTo(buffer, Memory.BYTES);
        in.reset(buffer, message.length());
        column.reset();
        column.ensure(1);
        try {
            reader.readFields(in, (StructWriter) column, 0);
            reader.finish(column, 0);
            return column.read(0);
        } catch (MalformedMessage malformed) {
            column.clear(0, 1);
            throw malformed;
        }
    }
}
