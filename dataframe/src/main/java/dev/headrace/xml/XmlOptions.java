package dev.headrace.xml;

import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.parse.TimeOptions;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// How XML is read: Spark's options.
///
/// @param owner who takes the options, for messages
/// @param mode what happens to malformed records
/// @param corruptRecord the column that gets their text
/// @param names what fields are called
/// @param trims whether blanks around values are ignored
/// @param nullValue the text that stands for null
/// @param times how dates and timestamps are written
/// @param prefersDate whether dates are such as `2026-01-31` alone, so that a timestamp is none
record XmlOptions(
        String owner,
        ParseMode mode,
        String corruptRecord,
        Names names,
        boolean trims,
        Optional<String> nullValue,
        TimeOptions times,
        boolean prefersDate) {

    /// The options that concern how a record is read, whether it is a file's or a column's. `rowTag` says nothing of a
    /// column's, but is often among the options of both.
    static final List<String> PARSER_OPTIONS = FormatOptions.joined(
            TimeOptions.NAMES,
            List.of(
                    "rowTag",
                    "mode",
                    "columnNameOfCorruptRecord",
                    "attributePrefix",
                    "valueTag",
                    "excludeAttribute",
                    "ignoreNamespace",
                    "wildcardColName",
                    "arrayElementName",
                    "ignoreSurroundingSpaces",
                    "nullValue",
                    "preferDate"));

    /// The options that concern how a schema is found.
    static final List<String> INFERENCE_OPTIONS = List.of("inferSchema", "prefersDecimal");

    /// What fields are called.
    ///
    /// @param attributePrefix what the names of attributes begin with
    /// @param valueTag the text of an element that has attributes or elements, too
    /// @param attributes whether attributes are read
    /// @param prefixes whether names have their namespace's prefix
    /// @param wildcard the field that gets the elements that no other field is called like
    /// @param arrayElement the elements of an array within an array
    record Names(
            String attributePrefix,
            String valueTag,
            boolean attributes,
            boolean prefixes,
            String wildcard,
            String arrayElement) {

        static Names of(FormatOptions options) {
            return new Names(
                    options.get("attributePrefix", "_"),
                    valueTag(options),
                    !options.flag("excludeAttribute", false),
                    !options.flag("ignoreNamespace", false),
                    options.get("wildcardColName", "xs_any"),
                    options.get("arrayElementName", "item"));
        }

        /// @throws QueryException `INVALID_OPTION`
        static String valueTag(FormatOptions options) {
            String valueTag = options.get("valueTag", "_VALUE");
            if (valueTag.isEmpty() || valueTag.equals(options.get("attributePrefix", "_"))) {
                throw options.invalid("valueTag", "a name, other than the option 'attributePrefix'");
            }
            return valueTag;
        }
    }

    /// Reads the options; which ones are known is checked elsewhere.
    ///
    /// @param sessionZone the zone without the option `timeZone`
    /// @throws QueryException `INVALID_OPTION`
    static XmlOptions of(FormatOptions options, ZoneId sessionZone) {
        return new XmlOptions(
                options.owner(),
                options.choice("mode", ParseMode.class, ParseMode.PERMISSIVE),
                options.get("columnNameOfCorruptRecord", "_corrupt_record"),
                Names.of(options),
                options.flag("ignoreSurroundingSpaces", true),
                options.get("nullValue"),
                TimeOptions.of(options, sessionZone),
                options.flag("preferDate", true));
    }

    /// The text of a value; null where it stands for null.
    @org.jspecify.annotations.Nullable
    String value(String text) {
        String value = trims ? text.trim() : text;
        return nullValue.isPresent() && nullValue.get().equals(value) ? null : value;
    }

    /// The options of finding a schema.
    static List<String> inferenceOptions() {
        return FormatOptions.joined(PARSER_OPTIONS, INFERENCE_OPTIONS);
    }
}
