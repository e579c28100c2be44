package dev.headrace.json;

import dev.headrace.errors.QueryException;
import dev.headrace.files.SingleVariant;
import dev.headrace.parse.CorruptRecords;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.parse.TimeOptions;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How JSON is read: Spark's options.
///
/// @param mode what happens to malformed records
/// @param corruptRecord the column that gets their text
/// @param rescued the name of a string field that gets what its object has beyond its other fields
/// @param absent the key under which that field also names the fields that its object lacks
/// @param singleVariant the column that gets each record of a file, as a variant
/// @param times how dates and timestamps are written
/// @param nonNumericNumbers whether `NaN` and the infinities are numbers
/// @param leniency what is accepted beyond JSON
public record JsonOptions(
        String owner,
        ParseMode mode,
        String corruptRecord,
        Optional<String> rescued,
        Optional<String> absent,
        Optional<SingleVariant> singleVariant,
        TimeOptions times,
        boolean nonNumericNumbers,
        Leniency leniency) {

    static final String MODE = "mode";
    static final String CORRUPT_RECORD = "columnNameOfCorruptRecord";
    static final String DEFAULT_CORRUPT_RECORD = "_corrupt_record";
    static final String RESCUED = "rescuedDataColumn";
    private static final String ABSENT = "rescuedAbsentFields";

    /// The options that concern how a text is read, whether it is a file's or a column's.
    public static final List<String> PARSER_OPTIONS = FormatOptions.joined(
            List.of(MODE, CORRUPT_RECORD, RESCUED, ABSENT),
            TimeOptions.NAMES,
            List.of(
                    "allowComments",
                    "allowUnquotedFieldNames",
                    "allowSingleQuotes",
                    "allowNumericLeadingZeros",
                    "allowNonNumericNumbers",
                    "allowBackslashEscapingAnyCharacter",
                    "allowUnquotedControlChars"));

    /// The options that concern how a schema is found.
    static final List<String> INFERENCE_OPTIONS =
            List.of("primitivesAsString", "prefersDecimal", "inferTimestamp", "dropFieldIfAllNull");

    /// What is accepted beyond JSON.
    ///
    /// @param comments `/* … */` and `// …`
    /// @param unquotedNames field names of letters, digits, `_`, `$`, `-` without quotes
    /// @param singleQuotes names and strings in single quotes
    /// @param leadingZeros numbers such as `007`
    /// @param anyEscape a backslash before any character
    /// @param controlCharacters tabs and other control characters in strings
    /// @param nonNumericNumbers `NaN`, `Infinity` … without quotes
    record Leniency(
            boolean comments,
            boolean unquotedNames,
            boolean singleQuotes,
            boolean leadingZeros,
            boolean anyEscape,
            boolean controlCharacters,
            boolean nonNumericNumbers) {}

    /// Reads the options; which ones are known is checked elsewhere.
    ///
    /// @param sessionZone the zone without the option `timeZone`
    static JsonOptions of(FormatOptions options, ZoneId sessionZone) {
        boolean nonNumeric = options.flag("allowNonNumericNumbers", true);
        return new JsonOptions(
                options.owner(),
                options.choice(MODE, ParseMode.class, ParseMode.PERMISSIVE),
                options.get(CORRUPT_RECORD, DEFAULT_CORRUPT_RECORD),
                Optional.of(options.get(RESCUED, "")).filter(name -> !name.isEmpty()),
                Optional.of(options.get(ABSENT, "")).filter(key -> !key.isEmpty()),
                SingleVariant.of(options),
                TimeOptions.of(options, sessionZone),
                nonNumeric,
                new Leniency(
                        options.flag("allowComments", false),
                        options.flag("allowUnquotedFieldNames", false),
                        options.flag("allowSingleQuotes", true),
                        options.flag("allowNumericLeadingZeros", false),
                        options.flag("allowBackslashEscapingAnyCharacter", false),
                        options.flag("allowUnquotedControlChars", false),
                        nonNumeric));
    }

    /// The place of the column for corrupt records in a schema.
    ///
    /// @throws QueryException `INVALID_CORRUPT_RECORD_COLUMN` if it is not a string
    OptionalInt corruptRecordColumn(DataType type) {
        return CorruptRecords.column(owner, corruptRecord, type);
    }

    /// The place of the column for whole records in a schema, if the option `singleVariantColumn` names one.
    OptionalInt singleVariantColumn(DataType type) {
        return type instanceof StructType schema && singleVariant.isPresent()
                ? schema.indexOf(singleVariant.get().column())
                : OptionalInt.empty();
    }

    /// The schema of whole records.
    ///
    /// @param given by the user, if at all
    /// @throws QueryException `INVALID_SINGLE_VARIANT_COLUMN` if it has other columns than the variant and that for
    ///     corrupt records
    Optional<StructType> singleVariantSchema(Optional<StructType> given) {
        return singleVariant.map(variant -> variant.schema(owner, given, corruptRecord));
    }

    /// The options of finding a schema.
    static List<String> inferenceOptions() {
        return FormatOptions.joined(PARSER_OPTIONS, INFERENCE_OPTIONS);
    }

    /// The options of reading files.
    static List<String> readerOptions() {
        return FormatOptions.joined(
                PARSER_OPTIONS,
                INFERENCE_OPTIONS,
                List.of("multiLine", "lineSep", "encoding", "charset", "samplingRatio", SingleVariant.OPTION));
    }

    /// The options of writing files.
    static List<String> writerOptions() {
        return FormatOptions.joined(
                JsonWriter.OPTIONS, List.of("path", "compression", "encoding", "charset", "lineSep"));
    }
}
