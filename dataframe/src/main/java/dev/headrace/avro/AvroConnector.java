package dev.headrace.avro;

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
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.avro.file.CodecFactory;

/// `format("avro")`.
public final class AvroConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "avro";
    private static final String MERGE_SCHEMA = "mergeSchema";
    private static final String COMPRESSION = "compression";
    private static final String RECORD_NAME = "recordName";
    private static final String RECORD_NAMESPACE = "recordNamespace";

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
        StructType columns =
                options.schema().orElseGet(() -> MergedSchema.of(options, files, merge, AvroFormat::schemaOf));
        return new FileTable(files, columns, partitions, new AvroFormat(), options);
    }

    @Override
    public List<String> writeOptions() {
        return List.of("path", COMPRESSION, RECORD_NAME, RECORD_NAMESPACE);
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions options, StructType schema) {
        options.checkKnown(writeOptions());
        CodecFactory codec = switch (options.get(COMPRESSION, "snappy").toLowerCase(Locale.ROOT)) {
            case "uncompressed", "none" -> CodecFactory.nullCodec();
            case "snappy" -> CodecFactory.snappyCodec();
            case "deflate" -> CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL);
            case "zstandard", "zstd" -> CodecFactory.zstandardCodec(CodecFactory.DEFAULT_ZSTANDARD_LEVEL);
            default -> throw options.invalid(COMPRESSION, "snappy, deflate, zstandard or uncompressed");
        };
        String name = options.get(RECORD_NAME, SchemaToAvro.RECORD_NAME);
        if (!isName(name)) {
            throw options.invalid(
                    RECORD_NAME, "a name of letters, digits and underscores that does not begin with a digit");
        }
        String namespace = options.get(RECORD_NAMESPACE, "");
        SchemaToAvro.record(schema, name, namespace);
        return new FileOutput(
                FORMAT, (file, data) -> new AvroPart(file, SchemaToAvro.record(data, name, namespace), codec));
    }

    private static boolean isName(String name) {
        try {
            Schema.createRecord(name, null, "", false, List.of());
            return true;
        } catch (SchemaParseException invalid) {
            return false;
        }
    }
}
