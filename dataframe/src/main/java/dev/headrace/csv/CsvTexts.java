package dev.headrace.csv;

import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Records of CSV that are texts of a query: what schema they have, and which options `from_csv` reads them with.
public final class CsvTexts {
    private static final int PADDING = 64;

    private final FormatOptions options;
    private final CsvOptions parsed;
    private final CsvSyntax syntax;

    /// @param options those of reading files, but for such that are about files
    /// @param zone of timestamps that don't say
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_OPTION`, `INVALID_OPTION`
    public CsvTexts(Map<String, String> options, ZoneId zone) {
        this.options = new FormatOptions("read().csv(texts)", options);
        this.options.checkKnown(FormatOptions.joined(
                CsvOptions.inferenceOptions(), List.of("header", "inferSchema", "samplingRatio", "multiLine")));
        this.parsed = CsvOptions.of(this.options, zone);
        this.syntax = new CsvSyntax(parsed, CsvSyntax.Lines.NEVER);
    }

    public ParseMode mode() {
        return parsed.mode();
    }

    /// Whether the first text names the columns.
    public boolean hasHeader() {
        return options.flag("header", false);
    }

    /// What texts begin with that are comments.
    public Optional<String> comment() {
        int comment = parsed.characters().comment();
        return comment == CsvOptions.NONE ? Optional.empty() : Optional.of(Character.toString(comment));
    }

    /// @param first the first text
    /// @param records the texts that are rows
    public StructType infer(String first, Iterator<String> records) {
        List<@Nullable String> values = texts(first);
        List<String> names = hasHeader() ? FileSchema.names(values, parsed) : FileSchema.numbered(values.size());
        boolean infersTypes = options.flag("inferSchema", false);
        TypeInference types = new TypeInference(names.size(), parsed, options.flag("preferDate", true));
        if (infersTypes) {
            add(records, new RecordScan(syntax, parsed, types.readers(), false));
        }
        StructType schema = new StructType();
        for (int i = 0; i < names.size(); i++) {
            schema = schema.add(names.get(i), infersTypes ? types.type(i) : DataTypes.StringType, true);
        }
        return schema;
    }

    private List<@Nullable String> texts(String record) {
        byte[] data = padded(record);
        int end = data.length - PADDING;
        return new RecordScan(syntax, parsed, List.of(), false).texts(data, syntax.recordStart(data, 0, end), end);
    }

    private void add(Iterator<String> records, RecordScan scan) {
        double ratio = options.ratio("samplingRatio", 1);
        SplittableRandom random = new SplittableRandom(1);
        while (records.hasNext()) {
            byte[] data = padded(records.next());
            if (ratio == 1 || random.nextDouble() < ratio) {
                int end = data.length - PADDING;
                scan.read(data, syntax.recordStart(data, 0, end), end, false, 0);
            }
        }
    }

    private static byte[] padded(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOf(bytes, bytes.length + PADDING);
        data[bytes.length] = '\n';
        return data;
    }

    /// The options of `from_csv`.
    public Map<String, String> parserOptions() {
        Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        CsvOptions.PARSER_OPTIONS.forEach(name -> options.get(name).ifPresent(value -> known.put(name, value)));
        return known;
    }
}
