package dev.headrace.types;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /// A type, and where in it texts have a length.
    private record Declared(DataType type, DeclaredText texts) {
        private static Declared of(DataType type) {
            return new Declared(type, DeclaredText.NONE);
        }
    }

    private DdlParser(String text) {
        this.text = text;
    }

    static DataType parse(String ddl) {
        DdlParser asType = new DdlParser(ddl);
        @Nullable Declared type = asType.typeOrNull();
        if (type != null && asType.atEnd()) {
            return type.type();
        }
        if (type == null && ddl.matches("\\s*\\w+\\s*")) {
            throw noType(ddl.strip());
        }
        return parseColumns(ddl);
    }

    static DeclaredText declared(String ddl) {
        return new DdlParser(ddl).type().texts();
    }

    private static QueryException noType(String word) {
        return new QueryException(
                "PARSE_TYPE_ERROR",
                "'" + word + "' is not a type. " + Suggestion.didYouMean(word, NAMES) + " Types: "
                        + String.join(", ", NAMES) + ", array<…>, map<…,…> and struct<name: …>.");
    }

    static StructType parseColumns(String ddl) {
        DdlParser parser = new DdlParser(ddl);
        StructType columns = parser.columns('\0', new LinkedHashMap<>());
        if (!parser.atEnd()) {
            throw parser.error("the end of the text");
        }
        return columns;
    }

    static String quoteIfNeeded(String name) {
        boolean plain = !name.isEmpty() && name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
        return plain && !Character.isDigit(name.charAt(0)) ? name : "`" + name.replace("`", "``") + "`";
    }

    /// @param texts gets where in them texts have a length, by the columns' names
    private StructType columns(char end, Map<String, DeclaredText> texts) {
        List<StructField> fields = new ArrayList<>();
        if (peek() == end) {
            return new StructType(fields);
        }
        do {
            String name = identifier();
            accept(':');
            Declared type = type();
            boolean nullable = !acceptWord("not");
            if (!nullable) {
                expectWord("null");
            }
            Metadata metadata =
                    acceptWord("comment") ? new Metadata(Map.of("comment", quoted('\''))) : Metadata.empty();
            fields.add(new StructField(name, type.type(), nullable, metadata));
            texts.put(name, type.texts());
        } while (accept(','));
        return new StructType(fields);
    }

    private Declared type() {
        @Nullable Declared type = typeOrNull();
        if (type == null) {
            throw error("a type such as int, string or array<double>");
        }
        return type;
    }

    private @Nullable Declared typeOrNull() {
        int start = at;
        String word = word().toLowerCase(Locale.ROOT);
        @Nullable Declared type = switch (word) {
            case "varchar" -> new Declared(DataTypes.StringType, new DeclaredText.Varchar(length()));
            case "char", "character" -> new Declared(DataTypes.StringType, new DeclaredText.Char(length()));
            case "array" -> array();
            case "map" -> map();
            case "struct" -> struct();
            default -> {
                @Nullable DataType plain = plainOrNull(word);
                yield plain == null ? null : Declared.of(plain);
            }
        };
        if (type == null) {
            at = start;
        }
        return type;
    }

    /// A type that has no other types in it.
    private @Nullable DataType plainOrNull(String word) {
        return switch (word) {
            case "void", "null" -> DataTypes.NullType;
            case "boolean" -> DataTypes.BooleanType;
            case "tinyint", "byte" -> DataTypes.ByteType;
            case "smallint", "short" -> DataTypes.ShortType;
            case "int", "integer" -> DataTypes.IntegerType;
            case "bigint", "long" -> DataTypes.LongType;
            case "float", "real" -> DataTypes.FloatType;
            case "double" -> DataTypes.DoubleType;
            case "string" -> DataTypes.StringType;
            case "binary" -> DataTypes.BinaryType;
            case "variant" -> DataTypes.VariantType;
            case "date" -> DataTypes.DateType;
            case "timestamp", "timestamp_ltz" -> DataTypes.TimestampType;
            case "timestamp_ntz" -> DataTypes.TimestampNTZType;
            case "decimal", "dec", "numeric" -> decimal();
            case "interval" -> interval();
            default -> null;
        };
    }

    private int length() {
        expect('(');
        int length = number();
        expect(')');
        return length;
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

    private Declared array() {
        expect('<');
        Declared element = type();
        expect('>');
        return new Declared(new ArrayType(element.type(), true), DeclaredText.elements(element.texts()));
    }

    private Declared map() {
        expect('<');
        Declared key = type();
        expect(',');
        Declared value = type();
        expect('>');
        return new Declared(
                new MapType(key.type(), value.type(), true), DeclaredText.entries(key.texts(), value.texts()));
    }

    private Declared struct() {
        expect('<');
        Map<String, DeclaredText> texts = new LinkedHashMap<>();
        StructType columns = columns('>', texts);
        expect('>');
        return new Declared(columns, DeclaredText.fields(texts));
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
