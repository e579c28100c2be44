package dev.headrace.csv;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.files.Compression;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileTable;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.SingleVariant;
import dev.headrace.files.TextFileWriter;
import dev.headrace.files.source.FileConnector;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/// Files of CSV: records of values with separators between them.
public final class CsvConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "csv";
    private static final String OWNER = "format(\"csv\")";

    /// The options of writing.
    public static List<String> writerOptions() {
        return CsvOptions.writerOptions();
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public List<String> readOptions() {
        return CsvOptions.readerOptions();
    }

    @Override
    public BatchTable openFiles(ConnectorOptions given, List<InputFile> files) {
        FormatOptions options = new FormatOptions(OWNER, given.options());
        CsvOptions parsed = CsvOptions.of(options, given.session().zone());
        CsvFormat.Layout layout = new CsvFormat.Layout(
                options.flag("header", false),
                options.flag("multiLine", false),
                options.flag("header", false) && !options.flag("enforceSchema", true),
                options.charset("encoding", "charset"));
        PartitionColumns partitions =
                PartitionColumns.of(files, given, parsed.times().zone());
        FileSchema inference = FileSchema.of(options, parsed, layout);
        Optional<SingleVariant> whole = SingleVariant.of(options);
        StructType columns = whole.map(variant -> variant.schema(OWNER, given.schema(), parsed.corruptRecord()))
                .or(given::schema)
                .orElseGet(() -> inference.infer(files, given));
        if (whole.isEmpty()) {
            Readers.check(OWNER, columns);
        }
        parsed.corruptRecordColumn(columns);
        // a schema that the user gave may name the partition columns, which the files don't hold
        StructType inFiles = given.schema().isPresent() ? partitions.fileColumns(columns) : columns;
        StructType record = new StructType(inFiles.fieldList().stream()
                .filter(field -> !field.name().equals(parsed.corruptRecord()))
                .toList());
        boolean prefersDate = options.flag("preferDate", true);
        CsvFormat format = new CsvFormat(
                parsed, layout, record, whole.map(variant -> new VariantRows.Whole(variant.column(), prefersDate)));
        return new FileTable(files, columns, partitions, format, given);
    }

    @Override
    public List<String> writeOptions() {
        return CsvOptions.writerOptions();
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions given, StructType schema) {
        FormatOptions options = new FormatOptions(OWNER, given.options());
        options.checkKnown(writeOptions());
        Charset charset = options.charset("encoding", "charset");
        Compression compression = Compression.of(options);
        boolean hasHeader = options.flag("header", false);
        CsvWriter.check(options, given.session().zone());
        Readers.check(OWNER, schema);
        return new FileOutput(FORMAT + compression.extension(), (file, columns) -> {
            CsvWriter writer = new CsvWriter(options, given.session().zone());
            return new TextFileWriter(file, compression, charset, new CsvRows(writer, columns, hasHeader));
        });
    }
}
