package dev.headrace.text;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.files.Compression;
import dev.headrace.files.FileOutput;
import dev.headrace.files.FileTable;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFile;
import dev.headrace.files.LineBlocks;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.TextFileWriter;
import dev.headrace.files.source.FileConnector;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VarCharVector;

/// Files of plain text: a row per line, in the one column `value`, or with `wholetext` a row per file.
public final class TextConnector implements FileConnector, FileWritable {
    private static final String FORMAT = "text";
    private static final String OWNER = "format(\"text\")";
    private static final StructType LINES = new StructType().add("value", DataTypes.StringType, true);

    /// The options of writing.
    public static List<String> writerOptions() {
        return List.of("path", "lineSep", "compression", "encoding", "charset");
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public List<String> readOptions() {
        return List.of("wholetext", "lineSep", "encoding", "charset");
    }

    @Override
    public BatchTable openFiles(ConnectorOptions given, List<InputFile> files) {
        FormatOptions options = new FormatOptions(OWNER, given.options());
        TextFormat format = new TextFormat(
                options.flag("wholetext", false), LineBlocks.lineEnd(options), options.charset("encoding", "charset"));
        PartitionColumns partitions =
                PartitionColumns.of(files, given, given.session().zone());
        StructType columns = given.schema().orElse(LINES);
        checkOneString("reads", partitions.fileColumns(columns));
        return new FileTable(files, columns, partitions, format, given);
    }

    @Override
    public boolean hasFixedSchema() {
        return true;
    }

    private static void checkOneString(String does, StructType columns) {
        boolean oneString = columns.size() == 1 && columns.field(0).dataType() instanceof StringType;
        if (!oneString) {
            throw new QueryException(
                    "NOT_ONE_STRING_COLUMN",
                    OWNER + " " + does + " one column of type string, not (" + columns.toDDL()
                            + "). Make one, with concat_ws or to_json for instance, or choose another format.");
        }
    }

    @Override
    public List<String> writeOptions() {
        return writerOptions();
    }

    @Override
    public FileOutput fileOutput(ConnectorOptions given, StructType schema) {
        FormatOptions options = new FormatOptions(OWNER, given.options());
        options.checkKnown(writeOptions());
        Charset charset = options.charset("encoding", "charset");
        String lineEnd = LineBlocks.lineEnd(options).orElse("\n");
        Compression compression = Compression.of(options);
        checkOneString("writes", dataColumns(schema, given.partitionColumns()));
        return new FileOutput(
                "txt" + compression.extension(),
                (file, columns) -> new TextFileWriter(
                        file, compression, charset, (out, rows, row) -> append(out, rows, row, lineEnd)));
    }

    private static StructType dataColumns(StructType schema, List<String> partitionColumns) {
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.removeIf(field -> partitionColumns.stream().anyMatch(field.name()::equalsIgnoreCase));
        return new StructType(fields);
    }

    /// Null is an empty line.
    private static void append(ByteBuilder out, Chunk rows, int row, String lineEnd) {
        VarCharVector values = (VarCharVector) rows.column(0);
        if (!values.isNull(row)) {
            int from = values.getStartOffset(row);
            int length = values.getValueLength(row);
            ArrowBuf bytes = values.getDataBuffer();
            out.reserve(length);
            bytes.getBytes(from, out.array(), out.length(), length);
            out.setLength(out.length() + length);
        }
        out.append(lineEnd);
    }
}
