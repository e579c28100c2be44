package dev.headrace;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.csv.CsvTexts;
import dev.headrace.errors.QueryException;
import dev.headrace.json.JsonTexts;
import dev.headrace.parse.FormatArguments;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.xml.XmlTexts;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Records that are texts of a query: what `read().json(texts)`, `csv` and `xml` give. They are parsed when the
/// rows are asked for; the schema is found at once, unless it is given.
final class TextRecords {
    private static final String MALFORMED = "__malformed";
    private static final String RECORD = "__record";

    private final DataFrame texts;
    private final Column text;

    /// @param method for messages
    private TextRecords(String method, DataFrame texts) {
        this.texts = texts;
        StructType schema = texts.schema();
        if (schema.size() != 1 || !(schema.field(0).dataType() instanceof StringType)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    method + ": expected one column of type string, found (" + schema.toDDL() + ").");
        }
        this.text = texts.col(ColumnName.quoted(schema.field(0).name()));
    }

    /// A text is what a line of a file is: an object is a row, an array of objects are several, a blank text is none.
    static DataFrame json(DataFrame texts, Optional<StructType> given, Map<String, String> options) {
        TextRecords records = new TextRecords("read().json(texts)", texts);
        JsonTexts json = new JsonTexts(options, records.zone());
        StructType schema = given.map(TextRecords::nullable).orElseGet(() -> records.read(texts, json::infer));
        Parsing parsing = Parsing.of(schema, json.parserOptions(), json.mode());
        Column text = records.text;
        Column one = functions.array(functions.from_json(text, parsing.type, parsing.options));
        Column several = functions.from_json(text, new ArrayType(parsing.type, true), parsing.options);
        Column isArray = functions.ltrim(text, " \t\r\n").startsWith("[");
        return parsing.rows(texts.where(text.isNotNull())
                .select(functions
                        .explode(functions.coalesce(functions.when(isArray, several), one))
                        .as(RECORD)));
    }

    /// A text is what a line of a file is. The header is the first text, and each one that is the same.
    static DataFrame csv(DataFrame texts, Optional<StructType> given, Map<String, String> options) {
        TextRecords records = new TextRecords("read().csv(texts)", texts);
        CsvTexts csv = new CsvTexts(options, records.zone());
        Column text = records.text;
        DataFrame lines = texts.where(functions.trim(text).notEqual(""));
        if (csv.comment().isPresent()) {
            lines = lines.where(functions.not(text.startsWith(csv.comment().get())));
        }
        Optional<String> first = csv.hasHeader() || given.isEmpty()
                ? lines.takeAsList(1).stream().map(row -> row.getString(0)).findFirst()
                : Optional.empty();
        if (csv.hasHeader() && first.isPresent()) {
            lines = lines.where(text.notEqual(functions.lit(first.get())));
        }
        if (given.isEmpty() && first.isEmpty()) {
            return texts.sparkSession().emptyDataFrame();
        }
        DataFrame rows = lines;
        StructType schema = given.map(TextRecords::nullable)
                .orElseGet(() -> records.read(rows, found -> csv.infer(first.orElseThrow(), found)));
        Parsing parsing = Parsing.of(schema, csv.parserOptions(), csv.mode());
        return parsing.rows(rows.select(
                functions.from_csv(text, parsing.type, parsing.options).as(RECORD)));
    }

    /// A text is the element that a row of a file is.
    static DataFrame xml(DataFrame texts, Optional<StructType> given, Map<String, String> options) {
        TextRecords records = new TextRecords("read().xml(texts)", texts);
        XmlTexts xml = new XmlTexts(options, records.zone());
        StructType schema = given.map(TextRecords::nullable).orElseGet(() -> records.read(texts, xml::infer));
        Parsing parsing = Parsing.of(schema, xml.parserOptions(), xml.mode());
        return parsing.rows(texts.where(records.text.isNotNull())
                .select(functions
                        .from_xml(records.text, parsing.type, parsing.options)
                        .as(RECORD)));
    }

    private ZoneId zone() {
        return texts.sparkSession().runtime().settings().zone();
    }

    private static StructType nullable(StructType given) {
        return (StructType) FormatArguments.nullable(given);
    }

    private StructType read(DataFrame from, Function<Iterator<String>, StructType> infer) {
        try (RowIterator rows = (RowIterator) from.where(text.isNotNull()).toLocalIterator()) {
            Iterator<String> found = new Iterator<>() {
                @Override
                public boolean hasNext() {
                    Cancellation.checkThread();
                    return rows.hasNext();
                }

                @Override
                public String next() {
                    @Nullable String value = rows.next().getString(0);
                    return java.util.Objects.requireNonNull(value);
                }
            };
            return texts.sparkSession().runtime().runs().during(() -> infer.apply(found));
        }
    }

    /// How texts become structs. In the mode `DROPMALFORMED` these have one field more, by which malformed ones are
    /// left out.
    ///
    /// @param columns what is given
    /// @param type of the structs
    /// @param options of the function that makes them
    private record Parsing(List<String> columns, StructType type, Map<String, String> options) {
        static Parsing of(StructType schema, Map<String, String> options, ParseMode mode) {
            if (mode != ParseMode.DROPMALFORMED) {
                return new Parsing(schema.names(), schema, options);
            }
            Map<String, String> permissive = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            permissive.putAll(options);
            permissive.put("mode", ParseMode.PERMISSIVE.name());
            permissive.put("columnNameOfCorruptRecord", MALFORMED);
            return new Parsing(schema.names(), schema.add(MALFORMED, DataTypes.StringType), permissive);
        }

        DataFrame rows(DataFrame structs) {
            Column record = functions.col(RECORD);
            Column wanted = type.indexOf(MALFORMED).isPresent()
                    ? record.isNotNull().and(record.getField(MALFORMED).isNull())
                    : record.isNotNull();
            return structs.where(wanted)
                    .select(columns.stream()
                            .map(name -> record.getField(name).as(name))
                            .toArray(Column[]::new));
        }
    }
}
