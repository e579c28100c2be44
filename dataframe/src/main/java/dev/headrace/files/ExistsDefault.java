package dev.headrace.files;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.TimeFormats;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.TimestampType;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What rows have that lie in files written before their table got a column: the column's default of that time. It
/// stands with the column as Spark notes it, as a literal of SQL.
public final class ExistsDefault {
    /// Under which name a column's metadata has it.
    public static final String FACT = "EXISTS_DEFAULT";

    private static final Pattern CAST =
            Pattern.compile("CAST\\s*\\((.*)\\sAS\\s[^']*\\)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /// `'it\'s'`, `DATE '2026-01-31'`, `X'CAFE'`.
    private static final Pattern QUOTED = Pattern.compile(
            "(DATE|TIMESTAMP|TIMESTAMP_NTZ|TIMESTAMP_LTZ|X|)\\s*'((?:[^'\\\\]++|\\\\.)*+)'",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /// `5L`, `1.50BD`.
    private static final Pattern SUFFIX = Pattern.compile("(?<=[0-9.])(BD|[LSYDF])$", Pattern.CASE_INSENSITIVE);

    private static final TimeFormats TIMES = times(ZoneOffset.UTC);
    private static final TimeFormats ELSEWHERE = times(ZoneOffset.ofHours(1));

    private ExistsDefault() {}

    private static TimeFormats times(ZoneOffset zone) {
        return new TimeFormats(Optional.empty(), Optional.empty(), Optional.empty(), zone);
    }

    /// Whether files without the column have something else than null in it.
    public static boolean isIn(StructField field) {
        return literal(field).isPresent();
    }

    /// Empty for null.
    private static Optional<String> literal(StructField field) {
        return Optional.ofNullable(field.metadata().entries().get(FACT))
                .map(noted -> plain(noted.toString().strip()))
                .filter(literal -> !literal.equalsIgnoreCase("NULL"));
    }

    /// The literal within casts: it becomes one of the column's type in any case.
    private static String plain(String literal) {
        Matcher cast = CAST.matcher(literal);
        return cast.matches() ? plain(cast.group(1).strip()) : literal;
    }

    /// Empty for null.
    ///
    /// @throws QueryException `INVALID_DEFAULT_VALUE.DATA_TYPE` if it is no literal of the column's type
    public static Optional<Scalar> of(StructField field) {
        return literal(field)
                .map(literal -> value(literal, field.dataType())
                        .map(value -> new Scalar(value, field.dataType()))
                        .orElseThrow(() -> new QueryException(
                                "INVALID_DEFAULT_VALUE.DATA_TYPE",
                                "What column '" + field.name() + "' has in files without it, " + FACT + " "
                                        + field.metadata().entries().get(FACT) + ", is no literal of type "
                                        + field.dataType().simpleString() + " that can be read. Take " + FACT
                                        + " out of the column's metadata, or give a literal such as 5, 'x', DATE '2026-01-31'"
                                        + " or TIMESTAMP '2026-01-31T12:00:00Z'.")));
    }

    private static Optional<Object> value(String literal, DataType type) {
        Matcher quoted = QUOTED.matcher(literal);
        if (quoted.matches()) {
            String text = quoted.group(2);
            return quoted.group(1).equalsIgnoreCase("X")
                    ? bytes(text, type)
                    : parsed(text.replaceAll("(?s)\\\\(.)", "$1"), type);
        }
        return switch (type) {
            case StringType _, BinaryType _ -> Optional.empty();
            case BooleanType _ -> parsed(literal.toLowerCase(Locale.ROOT), type);
            default -> parsed(SUFFIX.matcher(literal).replaceFirst(""), type);
        };
    }

    private static Optional<Object> parsed(String text, DataType type) {
        Optional<Object> value = PartitionColumns.parse(text, type, TIMES);
        // A moment without its zone would be another one in each session.
        boolean known = !(type instanceof TimestampType) || value.equals(PartitionColumns.parse(text, type, ELSEWHERE));
        return value.filter(_ -> known);
    }

    private static Optional<Object> bytes(String hex, DataType type) {
        if (!(type instanceof BinaryType) || !hex.matches("([0-9A-Fa-f]{2})*")) {
            return Optional.empty();
        }
        return Optional.of(Slice.of(HexFormat.of().parseHex(hex)));
    }
}
