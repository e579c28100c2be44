package dev.headrace.parquet;

import dev.headrace.parquet.encoding.BytesDecoder;
import dev.headrace.parquet.encoding.FixedDecoder;
import dev.headrace.parquet.encoding.NativeBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// Gives the values of a column as numbers of the vector's width, densely, whatever the file holds.
abstract sealed class FixedSource implements AutoCloseable {
    /// Begins with the values in `[from, end)`.
    ///
    /// @param values how many there are at most
    abstract void start(Encoding encoding, long from, long end, int values);

    abstract void read(long to, int count);

    abstract void skip(int count);

    @Override
    public abstract void close();

    /// From numbers of four or eight bytes.
    static final class Numbers extends FixedSource {
        private final PrimitiveType type;
        private final int width;
        private final @Nullable NumberConversion conversion;
        private final NativeBuffer raw;
        private final Map<Encoding, FixedDecoder> decoders = new EnumMap<>(Encoding.class);
        private FixedDecoder decoder;

        /// @param conversion null if the vector holds the same numbers
        Numbers(PrimitiveType type, @Nullable NumberConversion conversion, BufferAllocator allocator) {
            this.type = type;
            this.width = Physical.width(type);
            this.conversion = conversion;
            this.raw = new NativeBuffer(allocator);
            this.decoder = new FixedDecoder.Plain(width);
        }

        @Override
        void start(Encoding encoding, long from, long end, int values) {
            decoder = decoders.computeIfAbsent(encoding, this::create);
            decoder.start(from, end);
        }

        private FixedDecoder create(Encoding encoding) {
            return switch (encoding) {
                case PLAIN -> new FixedDecoder.Plain(width);
                case BYTE_STREAM_SPLIT -> new FixedDecoder.ByteStreamSplit(width);
                case DELTA_BINARY_PACKED -> {
                    if (!Physical.isInteger(type)) {
                        throw PageLimitException.encoding(encoding, type.getPrimitiveTypeName());
                    }
                    yield new FixedDecoder.Delta(width);
                }
                default -> throw PageLimitException.encoding(encoding, type.getPrimitiveTypeName());
            };
        }

        @Override
        void read(long to, int count) {
            if (conversion == null) {
                decoder.read(to, count);
                return;
            }
            long scratch = raw.reserve((long) count * width).memoryAddress();
            decoder.read(scratch, count);
            conversion.convert(scratch, to, count);
        }

        @Override
        void skip(int count) {
            decoder.skip(count);
        }

        @Override
        public void close() {
            raw.close();
        }
    }

    /// From runs of bytes.
    static final class Bytes extends FixedSource {
        private final BytesDecoders decoders;
        private final BytesConversion conversion;
        private BytesDecoder decoder;
        private long[] views = new long[0];

        Bytes(PrimitiveType type, BytesConversion conversion, BufferAllocator allocator) {
            this.decoders = new BytesDecoders(type, allocator);
            this.conversion = conversion;
            this.decoder = decoders.decoder(Encoding.PLAIN);
        }

        @Override
        void start(Encoding encoding, long from, long end, int values) {
            decoder = decoders.decoder(encoding);
            decoder.start(from, end, values);
        }

        @Override
        void read(long to, int count) {
            if (views.length < count) {
                views = new long[count];
            }
            decoder.read(views, 0, count);
            conversion.convert(views, decoder.base(), to, count);
        }

        @Override
        void skip(int count) {
            decoder.skip(count);
        }

        @Override
        public void close() {
            decoders.close();
        }
    }
}
