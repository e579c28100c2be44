package dev.headrace.arrow;

import com.github.luben.zstd.Zstd;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;

/// How the buffers of record batches are compressed. A compressed buffer begins with its length before, in 8 bytes.
final class ArrowCodecs {
    static final CompressionCodec.Factory FACTORY = new CompressionCodec.Factory() {
        @Override
        public CompressionCodec createCodec(CodecType type) {
            return switch (type) {
                case NO_COMPRESSION -> NoCompressionCodec.INSTANCE;
                case ZSTD -> new Zstandard(1);
                case LZ4_FRAME -> new Lz4();
            };
        }

        @Override
        public CompressionCodec createCodec(CodecType type, int level) {
            return type == CodecType.ZSTD ? new Zstandard(level) : createCodec(type);
        }
    };

    private static final int PREFIX = Long.BYTES;

    private ArrowCodecs() {}

    private static final class Zstandard extends AbstractCompressionCodec {
        private final int level;

        Zstandard(int level) {
            this.level = level;
        }

        @Override
        protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf plain) {
            long bound = Zstd.compressBound(plain.writerIndex());
            ArrowBuf out = allocator.buffer(PREFIX + bound);
            long written = Zstd.compressUnsafe(
                    out.memoryAddress() + PREFIX, bound, plain.memoryAddress(), plain.writerIndex(), level);
            return finish(out, PREFIX, written);
        }

        @Override
        protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf packed) {
            long length = checked(readUncompressedLength(packed));
            ArrowBuf out = allocator.buffer(length);
            long written = Zstd.decompressUnsafe(
                    out.memoryAddress(), length, packed.memoryAddress() + PREFIX, packed.writerIndex() - PREFIX);
            return finish(out, 0, written == length ? length : -1);
        }

        private static ArrowBuf finish(ArrowBuf out, long prefix, long written) {
            if (written < 0 || Zstd.isError(written)) {
                out.close();
                throw new IllegalArgumentException("a buffer that Zstandard can't read");
            }
            out.writerIndex(prefix + written);
            return out;
        }

        @Override
        public CodecType getCodecType() {
            return CodecType.ZSTD;
        }
    }

    /// What other programs write by default. Read only.
    private static final class Lz4 extends AbstractCompressionCodec {
        @Override
        protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf plain) {
            throw new IllegalStateException("LZ4 is not written");
        }

        @Override
        protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf packed) {
            int length = Math.toIntExact(checked(readUncompressedLength(packed)));
            byte[] frame = new byte[Math.toIntExact(packed.writerIndex() - PREFIX)];
            packed.getBytes(PREFIX, frame);
            byte[] plain = new Lz4Frame(frame, length).decompress();
            ArrowBuf out = allocator.buffer(length);
            out.setBytes(0, plain);
            out.writerIndex(length);
            return out;
        }

        @Override
        public CodecType getCodecType() {
            return CodecType.LZ4_FRAME;
        }
    }

    private static long checked(long length) {
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a buffer of " + length + " bytes");
        }
        return length;
    }
}
