package dev.headrace.protobuf;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a call of `from_protobuf` has beside the messages. Two are equal if they give the same. Thread-safe.
public final class FromProtobuf {
    static final String FUNCTION = "from_protobuf";

    private final DescriptorSet types;
    private final MessageType message;
    private final ProtobufOptions options;
    private final StructType type;
    private final ThreadLocal<MessageDecoder> decoders = ThreadLocal.withInitial(this::decoder);

    FromProtobuf(DescriptorSet types, MessageType message, ProtobufOptions options) {
        this.types = types;
        this.message = message;
        this.options = options;
        this.type = new SchemaFromProtobuf(FUNCTION, types, options).of(message);
        // refuses what can't be read, before anything runs
        MessageDecoder unused = decoder();
    }

    private MessageDecoder decoder() {
        return new MessageDecoder(type, new ValueReaders(FUNCTION, types, options).of(message, type));
    }

    StructType type() {
        return type;
    }

    /// The struct that a message is.
    ///
    /// @throws DataException `MALFORMED_PROTOBUF_MESSAGE`, unless a malformed message is null
    public @Nullable Object decode(Slice bytes) {
        try {
            return decoders.get().decode(bytes);
        } catch (MalformedMessage malformed) {
            if (options.mode() == ParseMode.PERMISSIVE) {
                return null;
            }
            throw new DataException(
                    "MALFORMED_PROTOBUF_MESSAGE",
                    FUNCTION + ": a message of " + bytes.length() + " bytes is no '" + message.name() + "' ("
                            + malformed.found()
                            + "). It was cut, or written as another message. With the option mode 'PERMISSIVE' such"
                            + " messages are null.",
                    malformed);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FromProtobuf that
                && that.message.equals(message)
                && that.options.equals(options)
                && that.types.equals(types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(message, options);
    }
}
