package dev.headrace.csv;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns records of CSV in memory into structs, one at a time: what `from_csv` means.
///
/// The whole text is one record, also if it holds line ends. One that has more or fewer values than the schema, or a
/// value that does not fit, is malformed: in `PERMISSIVE` mode its row has nulls where there is no value that fits; in
/// `FAILFAST` mode it is an error. If the schema has the column that the option `columnNameOfCorruptRecord` names, it
/// gets the text of malformed records. An empty text and a comment hold no record, as in Spark: a struct of nulls, or
/// an error in `FAILFAST` mode. Used by one thread.
final class CsvDecoder {
    private static final int PADDING = 64;

    private final OneRecord plain;
    private final OneRecord withLineEnds;
    private byte[] padded = new byte[1024];

    CsvDecoder(StructType type, Map<String, String> options, ZoneId sessionZone) {
        FormatOptions given = new FormatOptions("from_csv", options);
        given.checkKnown(CsvOptions.PARSER_OPTIONS);
        CsvOptions parsed = CsvOptions.of(given, sessionZone);
        if (parsed.mode() == ParseMode.DROPMALFORMED) {
            throw given.invalid("mode", "PERMISSIVE or FAILFAST, because a function can't leave out rows");
        }
        Readers.check("from_csv", type);
        List<StructField> fields = type.fieldList().stream()
                .filter(field -> !field.name().equals(parsed.corruptRecord()))
                .toList();
        StructType record = new StructType(fields);
        // a text without line ends can be read as a line of a file is, faster
        this.plain = new OneRecord(parsed, CsvSyntax.Lines.ALWAYS, record, type);
        this.withLineEnds = new OneRecord(parsed, CsvSyntax.Lines.NEVER, record, type);
    }

    /// The struct that a text holds, as [dev.headrace.chunk.Cell] describes it.
    ///
    /// @throws dev.headrace.errors.DataException `MALFORMED_RECORD` in `FAILFAST` mode
    @Nullable Object decode(Slice csv) {
        int length = csv.length();
        if (padded.length < length + PADDING) {
            padded = new byte[Math.max(padded.length * 2, length + PADDING)];
        }
        csv.copyTo(padded, Memory.BYTES);
        padded[length] = '\n';
        int lineEnd = 0;
        while (padded[lineEnd] != '\n' && padded[lineEnd] != '\r') {
            lineEnd++;
        }
        return (lineEnd == length ? plain : withLineEnds).read(padded, length);
    }

    private static final class OneRecord {
        private final RecordReader records;
        private final int comment;

        OneRecord(CsvOptions options, CsvSyntax.Lines lines, StructType record, StructType type) {
            this.records = new RecordReader(new CsvSyntax(options, lines), options, record, type, Optional.empty());
            this.comment = options.characters().comment();
        }

        @Nullable Object read(byte[] data, int length) {
            records.columns().clear(0, 1);
            records.startColumns(1);
            if (length == 0 || (data[0] & 0xff) == comment) {
                records.addMissing(data, 0, length, () -> "from_csv");
            } else {
                records.read(data, 0, length, false, () -> "from_csv");
            }
            records.columns().putStruct(0);
            return records.columns().read(0);
        }
    }
}
