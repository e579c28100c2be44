package dev.headrace.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.headrace.parquet.encoding.NativeOutput;
import io.airlift.compress.lz4.Lz4Compressor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Compresses pages from memory to memory. Keeps the codecs' contexts between pages; one thread.
final class PageCompressor implements AutoCloseable {
    /// In the table of zstd's levels, the one that is nearly as fast as snappy and smaller.
    private static final int ZSTD_LEVEL = 1;

    private static final int GZIP_OVERHEAD = 18;

    private final ParquetCodec codec;
    private @Nullable ZstdCompressCtx zstd;
    private @Nullable Lz4Compressor lz4;
    private @Nullable Deflater deflater;

    PageCompressor(ParquetCodec codec) {
        this.codec = codec;
    }

    CompressionCodecName codecName() {
        return codec.codecName();
    }

    /// Appends the compressed bytes of `page` to `out`.
    void compress(NativeOutput page, NativeOutput out) {
        int bytes = Math.toIntExact(page.size());
        if (codec == ParquetCodec.UNCOMPRESSED) {
            out.putBytes(page.address(), bytes);
            return;
        }
        ByteBuffer source = page.bytes().nioBuffer(0, bytes);
        int room = maxCompressed(bytes);
        ByteBuffer target = out.bytes(room).nioBuffer(out.size(), room);
        out.advance(compress(source, target));
    }

    private int maxCompressed(int bytes) {
        return switch (codec) {
            case UNCOMPRESSED -> bytes;
            case SNAPPY -> Snappy.maxCompressedLength(bytes);
            case ZSTD -> Math.toIntExact(Zstd.compressBound(bytes));
            case LZ4_RAW -> lz4().maxCompressedLength(bytes);
            case GZIP -> bytes + bytes / 1_000 + 64 + GZIP_OVERHEAD;
        };
    }

    private int compress(ByteBuffer source, ByteBuffer target) {
        return switch (codec) {
            case UNCOMPRESSED -> throw new IllegalStateException("handled by the caller");
            case SNAPPY -> snappy(source, target);
            case ZSTD -> zstd().compressDirectByteBuffer(target, 0, target.remaining(), source, 0, source.remaining());
            case LZ4_RAW -> {
                lz4().compress(source, target);
                yield target.position();
            }
            case GZIP -> gzip(source, target);
        };
    }

    private static int snappy(ByteBuffer source, ByteBuffer target) {
        try {
            return Snappy.compress(source, target);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private ZstdCompressCtx zstd() {
        ZstdCompressCtx context = zstd;
        if (context == null) {
            context = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
            zstd = context;
        }
        return context;
    }

    private Lz4Compressor lz4() {
        Lz4Compressor compressor = lz4 == null ? new Lz4Compressor() : lz4;
        lz4 = compressor;
        return compressor;
    }

    /// One member of a gzip file (RFC 1952).
    private int gzip(ByteBuffer source, ByteBuffer target) {
        Deflater raw = deflater == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : deflater;
        deflater = raw;
        int bytes = source.remaining();
        CRC32 crc = new CRC32();
        crc.update(source.duplicate());
        target.order(ByteOrder.LITTLE_ENDIAN);
        target.put(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});
        raw.reset();
        raw.setInput(source);
        raw.finish();
        while (!raw.finished()) {
            raw.deflate(target);
        }
        target.putInt((int) crc.getValue());
        target.putInt(bytes);
        return target.position();
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
    }
}
