package dev.headrace.protobuf;

import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a call of `to_protobuf` has beside the structs. Two are equal if they give the same. Thread-safe.
public final class ToProtobuf {
    private final DescriptorSet types;
    private final MessageType message;
    private final StructType type;
    private final MessageWriter writer;
    private final ThreadLocal<WireWriter> outs = ThreadLocal.withInitial(WireWriter::new);

    /// @throws dev.headrace.errors.QueryException if structs of the type are not written as the message
    ToProtobuf(DescriptorSet types, MessageType message, StructType type) {
        this.types = types;
        this.message = message;
        this.type = type;
        this.writer = new CellWriters(types).of(message, type);
    }

    /// A struct as a message.
    ///
    /// @throws dev.headrace.errors.DataException `PROTOBUF_VALUE_MISMATCH`,
    ///     `CANNOT_CONVERT_SQL_VALUE_TO_PROTOBUF_ENUM_TYPE`
    public Slice encode(Object struct) {
        WireWriter out = outs.get();
        out.reset(0);
        writer.write(struct, out);
        return out.toSlice();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToProtobuf that
                && that.message.equals(message)
                && that.type.equals(type)
                && that.types.equals(types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(message, type);
    }
}
