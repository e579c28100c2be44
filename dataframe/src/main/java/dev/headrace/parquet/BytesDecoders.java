package dev.headrace.parquet;

import dev.headrace.chunk.Closing;
import dev.headrace.parquet.encoding.BytesDecoder;
import java.util.EnumMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// The decoders of one column of bytes, by encoding, made when they are first needed.
final class BytesDecoders implements AutoCloseable {
    private final PrimitiveType type;
    private final BufferAllocator allocator;
    private final Map<Encoding, BytesDecoder> decoders = new EnumMap<>(Encoding.class);

    BytesDecoders(PrimitiveType type, BufferAllocator allocator) {
        this.type = type;
        this.allocator = allocator;
    }

    BytesDecoder decoder(Encoding encoding) {
        return decoders.computeIfAbsent(encoding, this::create);
    }

    private BytesDecoder create(Encoding encoding) {
        boolean fixed = type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        return switch (encoding) {
            case PLAIN -> plain();
            case DELTA_LENGTH_BYTE_ARRAY -> new BytesDecoder.DeltaLength();
            case DELTA_BYTE_ARRAY -> new BytesDecoder.DeltaStrings(allocator);
            case BYTE_STREAM_SPLIT -> {
                if (!fixed) {
                    throw PageLimitException.encoding(encoding, type.getPrimitiveTypeName());
                }
                yield new BytesDecoder.SplitFixed(type.getTypeLength(), allocator);
            }
            default -> throw PageLimitException.encoding(encoding, type.getPrimitiveTypeName());
        };
    }

    private BytesDecoder plain() {
        return switch (type.getPrimitiveTypeName()) {
            case FIXED_LEN_BYTE_ARRAY -> new BytesDecoder.PlainFixed(type.getTypeLength());
            case INT96 -> new BytesDecoder.PlainFixed(12);
            default -> new BytesDecoder.Plain();
        };
    }

    @Override
    public void close() {
        Closing.all(decoders.values());
        decoders.clear();
    }
}
