package dev.headrace.files;

import dev.headrace.parse.TimeFormats;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import java.time.ZoneOffset;
import java.util.Optional;

/// What rows have that lie in files written before their table got a column: the column's default of that time. It
/// stands with the column as Spark notes it, as a literal of SQL.
public final class ExistsDefault {
    /// Under which name a column's metadata has it.
    public static final String FACT = "EXISTS_DEFAULT";

    private static final TimeFormats TIMES =
            new TimeFormats(Optional.empty(), Optional.empty(), Optional.empty(), ZoneOffset.UTC);

    private ExistsDefault() {}

    /// Empty for null.
    ///
    /// @throws IllegalArgumentException if it is no literal of the column's type
    public static Optional<Scalar> of(StructField field) {
        Object literal = field.metadata().entries().get(FACT);
        if (literal == null || literal.toString().equalsIgnoreCase("NULL")) {
            return Optional.empty();
        }
        Object value = PartitionColumns.parse(text(literal.toString()), field.dataType(), TIMES)
                .orElseThrow(() -> new IllegalArgumentException("column " + field.name() + ": " + literal + " is no "
                        + field.dataType().simpleString()));
        return Optional.of(new Scalar(value, field.dataType()));
    }

    /// What stands between quotes, as in `DATE '2026-01-31'`; all of it without quotes.
    private static String text(String literal) {
        int open = literal.indexOf('\'');
        if (open < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder();
        for (int i = open + 1; i < literal.length() - 1; i++) {
            boolean escape = literal.charAt(i) == '\\' && i + 1 < literal.length() - 1;
            text.append(literal.charAt(escape ? ++i : i));
        }
        return text.toString();
    }
}
