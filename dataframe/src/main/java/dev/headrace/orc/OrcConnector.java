package dev.headrace.orc;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SinkBatch;
import dev.headrace.files.FileTable;
import dev.headrace.files.InputFile;
import dev.headrace.files.MergedSchema;
import dev.headrace.files.OutputDirectory;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.source.FileConnector;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Locale;
import org.apache.orc.CompressionKind;

/// `format("orc")`.
public final class OrcConnector implements FileConnector, Connector.BatchWritable {
    private static final String FORMAT = "orc";
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
        boolean merge = options.flag(MERGE_SCHEMA, false);
        PartitionColumns partitions =
                PartitionColumns.of(files, options.schema(), options.session().zone());
        StructType columns =
                options.schema().orElseGet(() -> MergedSchema.of(options, files, merge, OrcFormat::schemaOf));
        return new FileTable(
                files,
                columns,
                partitions,
                new OrcFormat(options.session().zone()),
                options.session().parallelism());
    }

    @Override
    public SinkBatch beginWrite(ConnectorOptions options, SaveMode mode, StructType schema) {
        options.checkKnown(List.of("path", COMPRESSION));
        CompressionKind codec = switch (options.get(COMPRESSION, "zstd").toLowerCase(Locale.ROOT)) {
            case "uncompressed", "none" -> CompressionKind.NONE;
            case "snappy" -> CompressionKind.SNAPPY;
            case "zlib" -> CompressionKind.ZLIB;
            case "lz4" -> CompressionKind.LZ4;
            case "zstd" -> CompressionKind.ZSTD;
            default -> throw options.invalid(COMPRESSION, "zstd, snappy, zlib, lz4 or none");
        };
        WallClock clock = new WallClock(options.session().zone());
        return OutputDirectory.begin(
                options, mode, schema, FORMAT, (file, data) -> new OrcPart(file, data, codec, clock));
    }
}
