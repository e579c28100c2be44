package dev.headrace.types;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads types as SQL writes them: `decimal(10,2)`, `array<struct<a: int, b: string not null>>`,
/// `id bigint, name string`.
final class DdlParser {
    private static final List<String> NAMES = List.of(
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "integer",
            "bigint",
            "long",
            "float",
            "double",
            "decimal(10,2)",
            "string",
            "binary",
            "date",
            "timestamp",
            "timestamp_ntz",
            "variant");

    private final String text;
    private int at;

    private DdlParser(String text) {
        this.text = text;
    }

    static DataType parse(String ddl) {
        DdlParser asType = new DdlParser(ddl);
        @Nullable DataType type = asType.typeOrNull();
        if (type != null && asType.atEnd()) {
            return type;
        }
        if (type == null && ddl.matches("\\s*\\w+\\s*")) {
            throw noType(ddl.strip());
        }
        return parseColumns(ddl);
    }

    private static QueryException noType(String word) {
        return new QueryException(
                "PARSE_TYPE_ERROR",
                "'" + word + "' is not a type. " + Suggestion.didYouMean(word, NAMES) + " Types: "
                        + String.join(", ", NAMES) + ", array<…>, map<…,…> and struct<name: …>.");
    }

    static StructType parseColumns(String ddl) {
        DdlParser parser = new DdlParser(ddl);
        StructType columns = parser.columns('\0');
        if (!parser.atEnd()) {
            throw parser.error("the end of the text");
        }
        return columns;
    }

    static String quoteIfNeeded(String name) {
        boolean plain = !name.isEmpty() && name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
        return plain && !Character.isDigit(name.charAt(0)) ? name : "`" + name.replace("`", "``") + "`";
    }

    private StructType columns(char end) {
        List<StructField> fields = new ArrayList<>();
        if (peek() == end) {
            return new StructType(fields);
        }
        do {
            String name = identifier();
            accept(':');
            DataType type = type();
            boolean nullable = !acceptWord("not");
            if (!nullable) {
                expectWord("null");
            }
            Metadata metadata =
                    acceptWord("comment") ? new Metadata(java.util.Map.of("comment", quoted('\''))) : Metadata.empty();
            fields.add(new StructField(name, type, nullable, metadata));
        } while (accept(','));
        return new StructType(fields);
    }

    private DataType type() {
        @Nullable DataType type = typeOrNull();
        if (type == null) {
            throw error("a type such as int, string or array<double>");
        }
        return type;
    }

    private @Nullable DataType typeOrNull() {
        int start = at;
        String word = word().toLowerCase(Locale.ROOT);
        @Nullable DataType type = switch (word) {
            case "void", "null" -> DataTypes.NullType;
            case "boolean" -> DataTypes.BooleanType;
            case "tinyint", "byte" -> DataTypes.ByteType;
            case "smallint", "short" -> DataTypes.ShortType;
            case "int", "integer" -> DataTypes.IntegerType;
            case "bigint", "long" -> DataTypes.LongType;
            case "float", "real" -> DataTypes.FloatType;
            case "double" -> DataTypes.DoubleType;
            case "string" -> DataTypes.StringType;
            case "varchar", "char", "character" -> lengthLimited();
            case "binary" -> DataTypes.BinaryType;
            case "variant" -> DataTypes.VariantType;
            case "date" -> DataTypes.DateType;
            case "timestamp", "timestamp_ltz" -> DataTypes.TimestampType;
            case "timestamp_ntz" -> DataTypes.TimestampNTZType;
            case "decimal", "dec", "numeric" -> decimal();
            case "array" -> array();
            case "map" -> map();
            case "struct" -> struct();
            case "interval" -> interval();
            default -> null;
        };
        if (type == null) {
            at = start;
        }
        return type;
    }

    private DataType lengthLimited() {
        expect('(');
        number();
        expect(')');
        return DataTypes.StringType;
    }

    private DataType decimal() {
        if (!accept('(')) {
            return DecimalType.USER_DEFAULT;
        }
        int precision = number();
        int scale = accept(',') ? number() : 0;
        expect(')');
        return new DecimalType(precision, scale);
    }

    private DataType array() {
        expect('<');
        DataType element = type();
        expect('>');
        return new ArrayType(element, true);
    }

    private DataType map() {
        expect('<');
        DataType key = type();
        expect(',');
        DataType value = type();
        expect('>');
        return new MapType(key, value, true);
    }

    private DataType struct() {
        expect('<');
        StructType columns = columns('>');
        expect('>');
        return columns;
    }

    /// `interval day`, `interval year to month`; null if no field follows.
    private @Nullable DataType interval() {
        String start = word().toLowerCase(Locale.ROOT);
        String end = acceptWord("to") ? word().toLowerCase(Locale.ROOT) : start;
        return AnsiIntervalType.ofFields(start, end).orElse(null);
    }

    private String identifier() {
        if (peek() == '`') {
            return quoted('`');
        }
        String word = word();
        if (word.isEmpty()) {
            throw error("a column name");
        }
        return word;
    }

    /// Text between two of `quote`; the quote itself is written twice within.
    private String quoted(char quote) {
        expect(quote);
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != quote) {
                out.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                out.append(quote);
                at++;
            } else {
                return out.toString();
            }
        }
        throw error("a closing " + quote);
    }

    private String word() {
        skipBlanks();
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    private int number() {
        String word = word();
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException notANumber) {
            throw error("a number");
        }
    }

    private boolean acceptWord(String expected) {
        int start = at;
        if (word().equalsIgnoreCase(expected)) {
            return true;
        }
        at = start;
        return false;
    }

    private void expectWord(String expected) {
        if (!acceptWord(expected)) {
            throw error(expected.toUpperCase(Locale.ROOT));
        }
    }

    private boolean accept(char expected) {
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char expected) {
        if (!accept(expected)) {
            throw error("'" + expected + "'");
        }
    }

    private char peek() {
        skipBlanks();
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean atEnd() {
        skipBlanks();
        return at == text.length();
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private QueryException error(String expected) {
        String rest = at < text.length() ? "'" + text.substring(at, Math.min(text.length(), at + 20)) + "'" : "the end";
        return new QueryException(
                "PARSE_TYPE_ERROR",
                "In the schema '" + text + "' at position " + (at + 1) + ": expected " + expected + ", found " + rest
                        + ". Write types as in 'id bigint not null, tags array<string>'.");
    }
}
