package dev.headrace.json;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.Compression;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.LineBlocks;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.TextFileWriter;
import dev.headrace.files.source.FileConnector;
import dev.headrace.parse.CorruptRecords;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.util.List;
import java.util.SplittableRandom;

/// Files of JSON: a record per line, or with `multiLine` a document per file.
public final class JsonConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "json";

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public List<String> readOptions() {
        return JsonOptions.readerOptions();
    }

    @Override
    public BatchTable openFiles(ConnectorOptions given, List<InputFile> files) {
        FormatOptions options = new FormatOptions("format(\"json\")", given.options());
        JsonOptions parsed = JsonOptions.of(options, given.session().zone());
        JsonFormat format = new JsonFormat(
                parsed,
                options.flag("multiLine", false),
                LineBlocks.lineEnd(options),
                options.charset("encoding", "charset"));
        PartitionColumns partitions =
                PartitionColumns.of(files, given, parsed.times().zone());
        StructType columns = parsed.singleVariantSchema(given.schema())
                .or(given::schema)
                .orElseGet(() -> infer(files, options, format, given));
        parsed.corruptRecordColumn(columns);
        return new FileTable(files, columns, partitions, format, given);
    }

    /// No columns if there is no field.
    private static StructType infer(
            List<InputFile> files, FormatOptions options, JsonFormat format, ConnectorOptions given) {
        if (files.isEmpty()) {
            throw new QueryException(
                    "UNABLE_TO_INFER_SCHEMA",
                    "format(\"json\"): there is no file. Give the schema with schema(\"…\").");
        }
        double ratio = options.ratio("samplingRatio", 1);
        FaultyFiles faulty = FaultyFiles.of(given);
        int parallelism = given.session().parallelism();
        Cancellation query = Cancellation.ofThread();
        SchemaInference inference = FileRange.split(files, format.isSplittable(), parallelism).parallelStream()
                .flatMap(range -> query.within(() -> faulty.read(() -> infer(range, options, format, ratio))).stream())
                .reduce((a, b) -> {
                    a.merge(b);
                    return a;
                })
                .orElseGet(() -> new SchemaInference(options, format.options(), false));
        return schema(inference, format.options());
    }

    /// The fields that were seen, and the column for malformed records if there are any.
    static StructType schema(SchemaInference inference, JsonOptions options) {
        StructType schema = inference.rowSchema();
        return inference.malformedRecords() > 0 && options.mode() == ParseMode.PERMISSIVE
                ? CorruptRecords.with(schema, options.corruptRecord())
                : schema;
    }

    private static SchemaInference infer(FileRange range, FormatOptions options, JsonFormat format, double ratio) {
        SchemaInference inference = new SchemaInference(options, format.options(), format.endsRecordsByLines());
        SplittableRandom random = new SplittableRandom(1);
        if (format.multiLine()) {
            if (ratio == 1 || new SplittableRandom(range.file().path().hashCode()).nextDouble() < ratio) {
                byte[] data = LineBlocks.readAll(range.file(), format.charset());
                check(inference.addRows(data, 0, data.length - LineBlocks.PADDING), range, 0, format);
            }
            return inference;
        }
        try (LineBlocks blocks = format.open(range)) {
            while (blocks.next()) {
                byte[] data = blocks.data();
                int at = blocks.from();
                while (at < blocks.to()) {
                    int end = format.recordEnd(blocks, at);
                    if (ratio == 1 || random.nextDouble() < ratio) {
                        check(inference.addRows(data, at, end), range, blocks.fileOffset(at), format);
                    }
                    at = end + blocks.lineEndLength();
                }
            }
        }
        return inference;
    }

    private static void check(boolean fits, FileRange range, long position, JsonFormat format) {
        if (!fits && format.options().mode() == ParseMode.FAILFAST) {
            throw new DataException(
                    "MALFORMED_RECORD",
                    "'" + range.file().path() + "' at byte " + position
                            + ": the record is no JSON object. Correct it, or "
                            + "choose the mode PERMISSIVE or DROPMALFORMED.");
        }
    }

    @Override
    public boolean writesVariants() {
        return true;
    }

    @Override
    public List<String> writeOptions() {
        return JsonOptions.writerOptions();
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions given, StructType schema) {
        FormatOptions options = new FormatOptions("format(\"json\")", given.options());
        options.checkKnown(writeOptions());
        Charset charset = options.charset("encoding", "charset");
        String lineEnd = LineBlocks.lineEnd(options).orElse("\n");
        Compression compression = Compression.of(options);
        JsonWriter writer = new JsonWriter(options, given.session().zone());
        return new FileOutput(FORMAT + compression.extension(), (file, columns) -> {
            JsonRows rows = new JsonRows(writer, columns, lineEnd);
            return new TextFileWriter(file, compression, charset, rows);
        });
    }
}
