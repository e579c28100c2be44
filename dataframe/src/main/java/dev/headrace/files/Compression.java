package dev.headrace.files;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
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

/// How a whole file of a text format is compressed.
public enum Compression {
    NONE(List.of()),
    GZIP(List.of("gz", "gzip")),
    ZSTD(List.of("zst", "zstd")),
    DEFLATE(List.of("deflate"));

    private static final Set<String> UNSUPPORTED = Set.of("bz2", "xz", "lz4", "snappy", "lzo", "br", "zip");
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
        };
    }

    /// Where to write the bytes of a file; closing it completes the file.
    public OutputStream compress(OutputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPOutputStream(file, BUFFER_BYTES);
            case ZSTD -> new ZstdOutputStream(file);
            case DEFLATE -> new DeflaterOutputStream(file);
        };
    }
}
