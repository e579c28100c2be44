package dev.headrace.files;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import io.airlift.compress.bzip2.BZip2HadoopStreams;
import io.airlift.compress.lz4.Lz4HadoopStreams;
import io.airlift.compress.snappy.SnappyHadoopStreams;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.io.compress.bzip2.CBZip2OutputStream;

/// How a whole file of a text format is compressed.
public enum Compression {
    NONE(List.of()),
    GZIP(List.of("gz", "gzip")),
    ZSTD(List.of("zst", "zstd")),
    DEFLATE(List.of("deflate")),
    BZIP2(List.of("bz2")),
    /// In Hadoop's frames, as Spark writes it.
    LZ4(List.of("lz4")),
    /// In Hadoop's frames, as Spark writes it.
    SNAPPY(List.of("snappy"));

    private static final Set<String> UNSUPPORTED = Set.of("xz", "lzo", "br", "zip");
    private static final int BUFFER_BYTES = 64 * 1024;

    private final List<String> extensions;

    Compression(List<String> extensions) {
        this.extensions = extensions;
    }

    /// What the extension of a file says.
    ///
    /// @throws QueryException `UNSUPPORTED_COMPRESSION` for the extensions of other compressions
    public static Compression of(Path file) {
        String name = String.valueOf(file.getFileName());
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (UNSUPPORTED.contains(extension)) {
            throw new QueryException(
                    "UNSUPPORTED_COMPRESSION",
                    "'" + file + "' is compressed as ." + extension
                            + ", which can't be read. Compress it as .gz or .zst.");
        }
        return Arrays.stream(values())
                .filter(compression -> compression.extensions.contains(extension))
                .findFirst()
                .orElse(NONE);
    }

    /// What the option `compression` says; none without it.
    ///
    /// @throws QueryException `INVALID_OPTION` for other names
    public static Compression of(FormatOptions options) {
        String name = options.get("compression", "none").toLowerCase(Locale.ROOT);
        if (name.equals("none") || name.equals("uncompressed")) {
            return NONE;
        }
        return Arrays.stream(values())
                .filter(compression -> compression.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> options.invalid(
                        "compression",
                        "one of "
                                + Arrays.stream(values())
                                        .map(compression -> compression.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }

    /// The extension of files, with its point; empty for none.
    public String extension() {
        return extensions.isEmpty() ? "" : "." + extensions.getFirst();
    }

    /// The bytes that a file stands for.
    public InputStream decompress(InputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPInputStream(file, BUFFER_BYTES);
            case ZSTD -> new ZstdInputStream(file).setContinuous(false);
            case DEFLATE -> new InflaterInputStream(file);
            case BZIP2 -> new Checked(new BZip2HadoopStreams().createInputStream(file));
            case LZ4 -> new Checked(new Lz4HadoopStreams().createInputStream(new Lengths(file)));
            case SNAPPY -> new Checked(new SnappyHadoopStreams().createInputStream(new Lengths(file)));
        };
    }

    /// Where to write the bytes of a file; closing it completes the file.
    public OutputStream compress(OutputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPOutputStream(file, BUFFER_BYTES);
            case ZSTD -> new ZstdOutputStream(file);
            case DEFLATE -> new DeflaterOutputStream(file);
            case BZIP2 -> bzip2(new BufferedOutputStream(file, BUFFER_BYTES));
            case LZ4 -> new Lz4HadoopStreams().createOutputStream(file);
            case SNAPPY -> new SnappyHadoopStreams().createOutputStream(file);
        };
    }

    /// Hadoop's writer leaves the first two bytes of a file to others. Aircompressor's takes minutes for a few
    /// megabytes of equal lines.
    private static OutputStream bzip2(OutputStream file) throws IOException {
        file.write('B');
        file.write('Z');
        return new CBZip2OutputStream(file);
    }

    /// Says of damaged bytes what input streams say.
    private static final class Checked extends FilterInputStream {
        Checked(InputStream decompressed) {
            super(decompressed);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (IOException | RuntimeException damaged) {
                ZipException failed = new ZipException(String.valueOf(damaged.getMessage()));
                failed.initCause(damaged);
                throw failed;
            }
        }
    }

    /// Hadoop's frames, whose lengths are looked at before memory is taken for what they announce: bytes that are none
    /// may announce gigabytes. The library reads the bytes of lengths, and no others, one by one.
    private static final class Lengths extends FilterInputStream {
        private static final int MOST = 1 << 26;

        private int length;
        private int bytes;

        Lengths(InputStream file) {
            super(file);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) {
                length = length << Byte.SIZE | next;
                bytes++;
            }
            if (bytes == Integer.BYTES) {
                bytes = 0;
                if (length < 0 || length > MOST) {
                    throw new ZipException("it is not in Hadoop's frames, which hold up to " + MOST + " bytes each");
                }
            }
            return next;
        }
    }
}
