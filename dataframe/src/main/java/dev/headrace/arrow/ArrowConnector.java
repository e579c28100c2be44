package dev.headrace.arrow;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.MergedSchema;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.source.FileConnector;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/// `format("arrow")`: Arrow's own files (also known as Feather, version 2), and streams of its messages in files.
public final class ArrowConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "arrow";
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
                PartitionColumns.of(files, options, options.session().zone());
        StructType data =
                options.schema().orElseGet(() -> MergedSchema.of(options, files, merge, ArrowSource::schemaOf));
        return new ArrowTable(files, data, partitions, FaultyFiles.of(options));
    }

    @Override
    public List<String> writeOptions() {
        return List.of("path", COMPRESSION);
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions options, StructType schema) {
        options.checkKnown(writeOptions());
        String codec = options.get(COMPRESSION, "uncompressed").toLowerCase(Locale.ROOT);
        CodecType compression = switch (codec) {
            case "uncompressed", "none" -> CodecType.NO_COMPRESSION;
            case "zstd" -> CodecType.ZSTD;
            default -> throw options.invalid(COMPRESSION, "zstd or uncompressed");
        };
        return new FileOutput(FORMAT, (file, data) -> new ArrowPart(file, data, compression));
    }
}
