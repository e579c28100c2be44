package dev.headrace.parquet;

import java.util.Locale;
import java.util.Optional;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/// How pages are compressed.
public enum ParquetCodec {
    UNCOMPRESSED(CompressionCodecName.UNCOMPRESSED, ""),
    SNAPPY(CompressionCodecName.SNAPPY, ".snappy"),
    ZSTD(CompressionCodecName.ZSTD, ".zstd"),
    GZIP(CompressionCodecName.GZIP, ".gz"),
    LZ4_RAW(CompressionCodecName.LZ4_RAW, ".lz4raw");

    private final CompressionCodecName codecName;
    private final String extension;

    ParquetCodec(CompressionCodecName codecName, String extension) {
        this.codecName = codecName;
        this.extension = extension;
    }

    CompressionCodecName codecName() {
        return codecName;
    }

    /// What file names have before `.parquet`, as Spark's do.
    public String extension() {
        return extension;
    }

    /// The codec of a name as users write it, such as `zstd` or `none`.
    public static Optional<ParquetCodec> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "none", "uncompressed" -> Optional.of(UNCOMPRESSED);
            case "snappy" -> Optional.of(SNAPPY);
            case "zstd" -> Optional.of(ZSTD);
            case "gzip" -> Optional.of(GZIP);
            case "lz4_raw", "lz4raw" -> Optional.of(LZ4_RAW);
            default -> Optional.empty();
        };
    }
}
