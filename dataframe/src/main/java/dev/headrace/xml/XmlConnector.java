package dev.headrace.xml;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.Compression;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileTable;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.TextFileWriter;
import dev.headrace.files.source.FileConnector;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.util.List;
import java.util.SplittableRandom;

/// Files of XML: each element that is called as the option `rowTag` says is a row.
public final class XmlConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "xml";
    private static final String OWNER = "format(\"xml\")";

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public List<String> readOptions() {
        return FormatOptions.joined(XmlOptions.inferenceOptions(), List.of("samplingRatio", "encoding", "charset"));
    }

    @Override
    public BatchTable openFiles(ConnectorOptions given, List<InputFile> files) {
        FormatOptions options = new FormatOptions(OWNER, given.options());
        XmlOptions parsed = XmlOptions.of(options, given.session().zone());
        if (options.get("rowTag").isEmpty()) {
            throw new QueryException(
                    "XML_ROW_TAG_MISSING",
                    OWNER + ": the option 'rowTag' is not set. Name the elements that are rows, such as"
                            + " option(\"rowTag\", \"order\").");
        }
        XmlFormat format =
                new XmlFormat(parsed, XmlWriter.name(options, "rowTag", ""), options.charset("encoding", "charset"));
        PartitionColumns partitions =
                PartitionColumns.of(files, given, parsed.times().zone());
        StructType columns = given.schema().orElseGet(() -> infer(files, options, format, FaultyFiles.of(given)));
        // refuses types that can't be read
        RecordReader unused = new RecordReader(columns, parsed);
        return new FileTable(files, columns, partitions, format, given);
    }

    /// No columns if there is no row.
    private static StructType infer(
            List<InputFile> files, FormatOptions options, XmlFormat format, FaultyFiles faulty) {
        if (files.isEmpty()) {
            throw new QueryException(
                    "UNABLE_TO_INFER_SCHEMA", OWNER + ": there is no file. Give the schema with schema(\"…\").");
        }
        double ratio = options.ratio("samplingRatio", 1);
        Cancellation query = Cancellation.ofThread();
        return files.parallelStream()
                .flatMap(file -> query.within(() -> faulty.read(() -> infer(file, options, format, ratio))).stream())
                .reduce((a, b) -> {
                    a.merge(b);
                    return a;
                })
                .orElseGet(() -> new SchemaInference(options, format.options()))
                .schema();
    }

    private static SchemaInference infer(InputFile file, FormatOptions options, XmlFormat format, double ratio) {
        SchemaInference inference = new SchemaInference(options, format.options());
        SplittableRandom random = new SplittableRandom(1);
        try (RowScanner rows = new RowScanner(file, format.charset(), format.rowTag())) {
            while (rows.next()) {
                boolean taken = ratio == 1 || random.nextDouble() < ratio;
                if (taken && !inference.add(rows.row()) && format.options().mode() == ParseMode.FAILFAST) {
                    throw new DataException(
                            "MALFORMED_RECORD",
                            "'" + file.path() + "' at byte " + rows.start() + ": the record is not XML: "
                                    + inference.problem()
                                    + ". Correct it, or choose the mode PERMISSIVE or DROPMALFORMED.");
                }
            }
        }
        return inference;
    }

    @Override
    public List<String> writeOptions() {
        return FormatOptions.joined(
                XmlWriter.OPTIONS, XmlRows.OPTIONS, List.of("path", "compression", "encoding", "charset"));
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions given, StructType schema) {
        FormatOptions options = new FormatOptions(OWNER, given.options());
        options.checkKnown(writeOptions());
        Charset charset = options.charset("encoding", "charset");
        Compression compression = Compression.of(options);
        XmlText texts = new XmlText(!charset.name().startsWith("UTF-"));
        XmlRows.Document document = XmlRows.Document.of(options, charset, texts);
        new XmlWriter(options, given.session().zone(), texts).check(schema);
        return new FileOutput(FORMAT + compression.extension(), (file, columns) -> {
            XmlWriter writer = new XmlWriter(options, given.session().zone(), texts);
            return new TextFileWriter(file, compression, charset, new XmlRows(writer, columns, document));
        });
    }
}
