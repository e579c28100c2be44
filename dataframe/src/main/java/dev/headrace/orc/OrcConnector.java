package dev.headrace.orc;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileTable;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.MergedSchema;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.source.FileConnector;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Locale;
import org.apache.orc.CompressionKind;

/// `format("orc")`.
public final class OrcConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "orc";
    /// The session's setting that counts where the option is not said.
    public static final String MERGE_SETTING = "spark.sql.orc.mergeSchema";

    private static final String MERGE_SCHEMA = "mergeSchema";
    private static final String COMPRESSION = "compression";

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public List<String> readOptions() {
        return List.of(MERGE_SCHEMA);
    }

    @Override
    public BatchTable openFiles(ConnectorOptions options, List<InputFile> files) {
        boolean merge = options.flag(MERGE_SCHEMA, MERGE_SETTING);
        PartitionColumns partitions =
                PartitionColumns.of(files, options, options.session().zone());
        StructType columns =
                options.schema().orElseGet(() -> MergedSchema.of(options, files, merge, OrcFormat::schemaOf));
        return new FileTable(
                files, columns, partitions, new OrcFormat(options.session().zone(), List.of()), options);
    }

    @Override
    public List<String> writeOptions() {
        return List.of("path", COMPRESSION);
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions options, StructType schema) {
        options.checkKnown(writeOptions());
        CompressionKind codec = switch (options.get(COMPRESSION, "zstd").toLowerCase(Locale.ROOT)) {
            case "uncompressed", "none" -> CompressionKind.NONE;
            case "snappy" -> CompressionKind.SNAPPY;
            case "zlib" -> CompressionKind.ZLIB;
            case "lz4" -> CompressionKind.LZ4;
            case "zstd" -> CompressionKind.ZSTD;
            default -> throw options.invalid(COMPRESSION, "zstd, snappy, zlib, lz4 or none");
        };
        WallClock clock = new WallClock(options.session().zone());
        return new FileOutput(FORMAT, (file, data) -> new OrcPart(file, data, codec, clock));
    }
}
