package dev.headrace.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.headrace.parquet.encoding.MalformedPageException;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Decompresses pages from memory to memory. Keeps the codecs' contexts between pages; one thread.
final class PageDecompressor implements AutoCloseable {
    private static final Set<CompressionCodecName> AHEAD = ConcurrentHashMap.newKeySet();

    private @Nullable ZstdDecompressCtx zstd;
    private @Nullable Inflater inflater;
    private @Nullable Lz4Decompressor lz4;

    static boolean supports(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED, SNAPPY, ZSTD, GZIP, LZ4, LZ4_RAW -> true;
            default -> false;
        };
    }

    /// Begins to load the native library of a codec, if it has one, in a thread of its own: a process waits some 50 ms
    /// for that when it first decompresses a page.
    static void loadAhead(CompressionCodecName codec) {
        @Nullable Runnable load = switch (codec) {
            case SNAPPY -> () -> Snappy.maxCompressedLength(0);
            case ZSTD -> () -> new ZstdDecompressCtx().close();
            default -> null;
        };
        if (load != null && AHEAD.add(codec)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("headrace-load-" + codec)
                    // What fails here fails again, and is told, where a page is decompressed.
                    .uncaughtExceptionHandler((_, _) -> {})
                    .start(load);
        }
    }

    /// Decompresses `fromBytes` bytes to exactly `toBytes`.
    ///
    /// @throws MalformedPageException if the bytes are not what the codec writes, or give another length
    void decompress(
            CompressionCodecName codec,
            ArrowBuf from,
            long fromAt,
            int fromBytes,
            ArrowBuf to,
            long toAt,
            int toBytes) {
        ByteBuffer source = from.nioBuffer(fromAt, fromBytes);
        ByteBuffer target = to.nioBuffer(toAt, toBytes);
        try {
            int bytes = switch (codec) {
                case SNAPPY -> snappy(source, target, toBytes);
                case ZSTD -> zstd(source, fromBytes, target, toBytes);
                case GZIP -> gzip(source, target);
                case LZ4 -> framedLz4(source, target);
                case LZ4_RAW -> lz4(source, target);
                default -> throw new IllegalArgumentException("no decompressor for " + codec);
            };
            if (bytes != toBytes) {
                throw new MalformedPageException("a page has " + bytes + " bytes instead of " + toBytes);
            }
        } catch (DataFormatException
                | MalformedInputException
                | IllegalArgumentException
                | IndexOutOfBoundsException damaged) {
            throw new MalformedPageException(
                    "a page can't be decompressed with " + codec + ": " + damaged.getMessage());
        } catch (BufferUnderflowException cut) {
            throw new MalformedPageException("a page can't be decompressed with " + codec + ": it is cut short");
        }
    }

    private static int snappy(ByteBuffer source, ByteBuffer target, int toBytes) {
        try {
            // The length stands in the page: the library would write so many bytes, wherever the target ends.
            int length = Snappy.uncompressedLength(source);
            return length == toBytes ? Snappy.uncompress(source, target) : length;
        } catch (IOException damaged) {
            throw new MalformedPageException("a page can't be decompressed with SNAPPY: " + damaged.getMessage());
        }
    }

    private int zstd(ByteBuffer source, int fromBytes, ByteBuffer target, int toBytes) {
        ZstdDecompressCtx context = zstd == null ? new ZstdDecompressCtx() : zstd;
        zstd = context;
        try {
            return context.decompressDirectByteBuffer(target, 0, toBytes, source, 0, fromBytes);
        } catch (ZstdException damaged) {
            throw new MalformedPageException("a page can't be decompressed with ZSTD: " + damaged.getMessage());
        }
    }

    private int gzip(ByteBuffer source, ByteBuffer target) throws DataFormatException {
        GzipHeader.skip(source);
        Inflater raw = inflater == null ? new Inflater(true) : inflater;
        inflater = raw;
        raw.reset();
        raw.setInput(source);
        while (target.hasRemaining() && !raw.finished()) {
            if (raw.inflate(target) == 0 && (raw.needsInput() || raw.needsDictionary())) {
                break;
            }
        }
        return target.position();
    }

    private int lz4(ByteBuffer source, ByteBuffer target) {
        Lz4Decompressor decompressor = lz4 == null ? new Lz4Decompressor() : lz4;
        lz4 = decompressor;
        decompressor.decompress(source, target);
        return target.position();
    }

    /// The codec `LZ4` means blocks in Hadoop's frames: before each its length, and before as many as make up a number
    /// of bytes, that number. Old writers of C++ left the frames out.
    private int framedLz4(ByteBuffer source, ByteBuffer target) {
        if (!isFramed(source.duplicate(), target.remaining())) {
            return lz4(source, target);
        }
        int from = target.position();
        source.order(ByteOrder.BIG_ENDIAN);
        while (source.remaining() > 0) {
            int end = target.position() + source.getInt();
            while (target.position() < end) {
                int length = source.getInt();
                lz4(source.slice(source.position(), length), target);
                source.position(source.position() + length);
            }
        }
        return target.position() - from;
    }

    private static boolean isFramed(ByteBuffer source, int bytes) {
        if (source.remaining() < 8) {
            return false;
        }
        int plain = source.getInt();
        int block = source.getInt();
        return plain > 0 && plain <= bytes && block > 0 && block <= source.remaining();
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    /// The header of a gzip member (RFC 1952), which the raw inflater doesn't take.
    private static final class GzipHeader {
        private static final int HAS_CRC = 2;
        private static final int HAS_EXTRA = 4;
        private static final int HAS_NAME = 8;
        private static final int HAS_COMMENT = 16;

        static void skip(ByteBuffer bytes) throws DataFormatException {
            if (bytes.remaining() < 10 || bytes.get(0) != 0x1f || bytes.get(1) != (byte) 0x8b || bytes.get(2) != 8) {
                throw new DataFormatException("not a gzip member");
            }
            int flags = bytes.get(3);
            bytes.position(10);
            try {
                if ((flags & HAS_EXTRA) != 0) {
                    int length = bytes.get() & 0xff | (bytes.get() & 0xff) << 8;
                    bytes.position(bytes.position() + length);
                }
                skipText(bytes, (flags & HAS_NAME) != 0);
                skipText(bytes, (flags & HAS_COMMENT) != 0);
                if ((flags & HAS_CRC) != 0) {
                    bytes.position(bytes.position() + 2);
                }
            } catch (BufferUnderflowException | IllegalArgumentException cut) {
                throw new DataFormatException("a gzip header that is cut short");
            }
        }

        private static void skipText(ByteBuffer bytes, boolean present) {
            while (present && bytes.get() != 0) {
                continue;
            }
        }
    }
}
