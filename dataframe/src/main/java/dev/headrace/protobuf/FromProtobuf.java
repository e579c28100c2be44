package dev.headrace.protobuf;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.PayloadColumn;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.errors.DataException;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// What a call of `from_protobuf` has beside the messages. Thread-safe.
public final class FromProtobuf implements PayloadDecoder {
    static final String FUNCTION = "from_protobuf";

    private final DescriptorSet types;
    private final MessageType message;
    private final ProtobufOptions options;
    private final StructType schema;
    private final ThreadLocal<MessageDecoder> decoders = ThreadLocal.withInitial(() -> decoder(Optional.empty()));

    FromProtobuf(DescriptorSet types, MessageType message, ProtobufOptions options) {
        this.types = types;
        this.message = message;
        this.options = options;
        this.schema = new SchemaFromProtobuf(FUNCTION, types, options).of(message);
        // refuses what can't be read, before anything runs
        decoder(Optional.empty()).close();
    }

    private MessageDecoder decoder(Optional<BufferAllocator> allocator) {
        return new MessageDecoder(this, new ValueReaders(FUNCTION, types, options).of(message, schema), allocator);
    }

    @Override
    public String format() {
        return "protobuf";
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public boolean mayFail() {
        return options.mode() == ParseMode.FAILFAST;
    }

    /// Any field can make the message malformed.
    @Override
    public Optional<PayloadDecoder> reading(StructType fields) {
        return fields.equals(schema) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public PayloadColumn open(ZoneId zone, BufferAllocator allocator) {
        return decoder(Optional.of(allocator));
    }

    /// The struct that a message is.
    ///
    /// @throws DataException `MALFORMED_PROTOBUF_MESSAGE`, unless a malformed message is null
    public @Nullable Object decode(Slice bytes) {
        return decoders.get().decodeOne(bytes);
    }

    DataException failure(int length, MalformedMessage malformed) {
        return new DataException(
                "MALFORMED_PROTOBUF_MESSAGE",
                FUNCTION + ": a message of " + length + " bytes is no '" + message.name() + "' (" + malformed.found()
                        + "). It was cut, or written as another message. With the option mode 'PERMISSIVE' such"
                        + " messages are null.",
                malformed);
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
