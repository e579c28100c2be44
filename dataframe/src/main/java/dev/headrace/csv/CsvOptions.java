package dev.headrace.csv;

import dev.headrace.errors.QueryException;
import dev.headrace.files.SingleVariant;
import dev.headrace.parse.CorruptRecords;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.parse.TimeOptions;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How CSV is read: Spark's options.
///
/// @param owner who takes the options, for messages
/// @param mode what happens to malformed records
/// @param corruptRecord the column that gets their text
/// @param trimsLeading whether blanks before values are ignored
/// @param trimsTrailing whether blanks after values are ignored
/// @param words what stands for values that have no text of their own
/// @param times how dates and timestamps are written
/// @param maxChars the most bytes of a value; -1 for any number
/// @param maxColumns the most columns of a record
record CsvOptions(
        String owner,
        ParseMode mode,
        String corruptRecord,
        Characters characters,
        boolean trimsLeading,
        boolean trimsTrailing,
        UnescapedQuotes unescapedQuotes,
        Words words,
        TimeOptions times,
        int maxChars,
        int maxColumns) {

    /// No character, where one can be switched off.
    static final int NONE = -1;

    static final List<String> CHARACTER_OPTIONS =
            List.of("sep", "delimiter", "quote", "escape", "charToEscapeQuoteEscaping", "comment");

    /// The options that concern how a record is read, whether it is a file's or a column's.
    static final List<String> PARSER_OPTIONS = FormatOptions.joined(
            CHARACTER_OPTIONS,
            TimeOptions.NAMES,
            List.of(
                    "mode",
                    "columnNameOfCorruptRecord",
                    "ignoreLeadingWhiteSpace",
                    "ignoreTrailingWhiteSpace",
                    "unescapedQuoteHandling",
                    "nullValue",
                    "emptyValue",
                    "nanValue",
                    "positiveInf",
                    "negativeInf",
                    "maxCharsPerColumn",
                    "maxColumns"));

    /// The characters with a meaning.
    ///
    /// @param separator of values, of one or more characters
    /// @param quote an ASCII character, or [#NONE]
    /// @param escape an ASCII character, or [#NONE]: before a quote it makes it part of the value
    /// @param escapeOfEscape an ASCII character, or [#NONE]: before the escape it makes that part of the value
    /// @param comment the ASCII character that lines to be skipped begin with, or [#NONE]
    /// @param lineEnd the ASCII character that ends records, if it is not line feed, carriage return or both
    record Characters(
            String separator, int quote, int escape, int escapeOfEscape, int comment, Optional<Character> lineEnd) {

        static Characters of(FormatOptions options) {
            String separator = separator(options);
            int quote = character(options, "quote", '"');
            int escape = character(options, "escape", '\\');
            int escapeOfEscape = options.get("charToEscapeQuoteEscaping").isPresent()
                    ? character(options, "charToEscapeQuoteEscaping", '\\')
                    : escape == quote ? NONE : escape;
            int comment = character(options, "comment", NONE);
            if (separator.length() == 1 && (separator.charAt(0) == quote || separator.charAt(0) == comment)) {
                throw options.invalid(
                        options.get("delimiter").isPresent() ? "delimiter" : "sep",
                        "another character than the quote and the comment");
            }
            return new Characters(separator, quote, escape, escapeOfEscape, comment, lineEnd(options));
        }

        private static String separator(FormatOptions options) {
            String key = options.get("sep").isPresent() ? "sep" : "delimiter";
            String text = options.get(key, ",");
            String separator = switch (text) {
                case "\\t" -> "\t";
                case "\\\\" -> "\\";
                case "\\0", "\\u0000" -> "\0";
                default -> text;
            };
            boolean hasLineEnd = separator.indexOf('\n') >= 0 || separator.indexOf('\r') >= 0;
            if (separator.isEmpty() || separator.length() > 16 || hasLineEnd) {
                throw options.invalid(key, "1 to 16 characters without a line's end, such as ; or \\t");
            }
            return separator;
        }

        private static int character(FormatOptions options, String key, int orElse) {
            String text = options.get(key).orElse(null);
            if (text == null) {
                return orElse;
            }
            if (text.isEmpty() || text.equals("\0")) {
                return NONE;
            }
            if (text.length() > 1 || text.charAt(0) > 0x7f || text.charAt(0) == '\n' || text.charAt(0) == '\r') {
                throw options.invalid(key, "one ASCII character, or nothing to switch it off");
            }
            return text.charAt(0);
        }

        private static Optional<Character> lineEnd(FormatOptions options) {
            String text = options.get("lineSep", "\n");
            if (text.equals("\n") || text.equals("\r\n") || text.equals("\r")) {
                return Optional.empty();
            }
            if (text.length() != 1 || text.charAt(0) > 0x7f) {
                throw options.invalid("lineSep", "one ASCII character, or \\r\\n");
            }
            return Optional.of(text.charAt(0));
        }
    }

    /// What stands for values that have no text of their own.
    ///
    /// @param nullValue stands for null, beside nothing at all
    /// @param empty what two quotes with nothing between them stand for
    record Words(String nullValue, String empty, String nan, String positiveInfinity, String negativeInfinity) {
        static Words of(FormatOptions options) {
            return new Words(
                    options.get("nullValue", ""),
                    options.get("emptyValue", ""),
                    options.get("nanValue", "NaN"),
                    options.get("positiveInf", "Inf"),
                    options.get("negativeInf", "-Inf"));
        }
    }

    /// Reads the options; which ones are known is checked elsewhere.
    ///
    /// @param sessionZone the zone without the option `timeZone`
    static CsvOptions of(FormatOptions options, ZoneId sessionZone) {
        return new CsvOptions(
                options.owner(),
                options.choice("mode", ParseMode.class, ParseMode.PERMISSIVE),
                options.get("columnNameOfCorruptRecord", "_corrupt_record"),
                Characters.of(options),
                options.flag("ignoreLeadingWhiteSpace", false),
                options.flag("ignoreTrailingWhiteSpace", false),
                options.choice("unescapedQuoteHandling", UnescapedQuotes.class, UnescapedQuotes.STOP_AT_DELIMITER),
                Words.of(options),
                TimeOptions.of(options, sessionZone),
                options.whole("maxCharsPerColumn", -1, -1),
                options.whole("maxColumns", 1, 20_480));
    }

    /// The place of the column for corrupt records in a schema.
    ///
    /// @throws QueryException `INVALID_CORRUPT_RECORD_COLUMN` if it is not a string
    OptionalInt corruptRecordColumn(StructType schema) {
        return CorruptRecords.column(owner, corruptRecord, schema);
    }

    /// The options of finding a schema.
    static List<String> inferenceOptions() {
        return FormatOptions.joined(PARSER_OPTIONS, List.of("preferDate"));
    }

    /// The options of reading files.
    static List<String> readerOptions() {
        return FormatOptions.joined(
                PARSER_OPTIONS,
                List.of(
                        "header",
                        "enforceSchema",
                        "inferSchema",
                        "samplingRatio",
                        "preferDate",
                        "multiLine",
                        "lineSep",
                        "encoding",
                        "charset",
                        SingleVariant.OPTION));
    }

    /// The options of writing files.
    static List<String> writerOptions() {
        return FormatOptions.joined(
                CsvWriter.OPTIONS, List.of("path", "header", "lineSep", "compression", "encoding", "charset"));
    }
}
