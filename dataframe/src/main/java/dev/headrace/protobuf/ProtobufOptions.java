package dev.headrace.protobuf;

import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import java.util.List;
import java.util.Map;

/// The options of `from_protobuf`, by Spark's names.
///
/// @param mode `PERMISSIVE` or `FAILFAST`
/// @param recursionDepth how often a message may stand within itself, the outermost counted; 0 if it must not
/// @param defaults whether fields that are not told from zero are zero, rather than null, where they are not given
/// @param enumsAsInts whether enums are their numbers rather than their names
/// @param widerUnsigned whether unsigned numbers have a type that holds all of them
/// @param unwrapped whether messages such as `google.protobuf.Int32Value` are their value
/// @param emptyMessages whether messages without fields are kept, with a field that is always null
record ProtobufOptions(
        ParseMode mode,
        int recursionDepth,
        boolean defaults,
        boolean enumsAsInts,
        boolean widerUnsigned,
        boolean unwrapped,
        boolean emptyMessages) {
    private static final String MODE = "mode";
    private static final String DEPTH = "recursive.fields.max.depth";
    private static final String ANY_AS_JSON = "convert.any.fields.to.json";
    private static final String DEFAULTS = "emit.default.values";
    private static final String ENUMS_AS_INTS = "enums.as.ints";
    private static final String WIDER_UNSIGNED = "upcast.unsigned.ints";
    private static final String UNWRAPPED = "unwrap.primitive.wrapper.types";
    private static final String EMPTY_MESSAGES = "retain.empty.message.types";
    private static final List<String> ALL =
            List.of(MODE, DEPTH, ANY_AS_JSON, DEFAULTS, ENUMS_AS_INTS, WIDER_UNSIGNED, UNWRAPPED, EMPTY_MESSAGES);
    private static final int MOST_DEPTH = 10;

    /// @param function for errors
    /// @throws QueryException `UNKNOWN_OPTION`, `INVALID_OPTION`
    static ProtobufOptions of(String function, Map<String, String> options) {
        FormatOptions given = new FormatOptions(function, options);
        given.checkKnown(ALL);
        ParseMode mode = given.choice(MODE, ParseMode.class, ParseMode.FAILFAST);
        if (mode == ParseMode.DROPMALFORMED) {
            throw given.invalid(MODE, "PERMISSIVE or FAILFAST, because a function can't leave out rows");
        }
        int depth = given.whole(DEPTH, -1, 0);
        if (depth > MOST_DEPTH) {
            throw given.invalid(DEPTH, "a whole number of at most " + MOST_DEPTH);
        }
        if (given.flag(ANY_AS_JSON, false)) {
            throw given.invalid(
                    ANY_AS_JSON,
                    "false, because the messages in google.protobuf.Any are not made JSON. Take the field value of the"
                            + " struct that it is, and give it to from_protobuf");
        }
        return new ProtobufOptions(
                mode,
                Math.max(depth, 0),
                given.flag(DEFAULTS, false),
                given.flag(ENUMS_AS_INTS, false),
                given.flag(WIDER_UNSIGNED, false),
                given.flag(UNWRAPPED, false),
                given.flag(EMPTY_MESSAGES, false));
    }
}
