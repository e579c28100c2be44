package dev.headrace.json;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.parse.DecimalScan;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.InferredTypes;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the type that fits every record seen, by Spark's rules: whole numbers are `bigint`, or a decimal if they are
/// too long; other numbers `double`; what is both, the wider; what is of two kinds, `string`; fields come by name.
///
/// Used by one thread; what several have found is [merged][#merge].
final class SchemaInference {
    /// A type while it may still grow. An object's type is the fields seen so far.
    private sealed interface Shape {
        record Leaf(DataType type) implements Shape {}

        record Elements(Shape element) implements Shape {}

        record Fields(TreeMap<String, Shape> fields) implements Shape {}
    }

    private static final Shape NOTHING = new Shape.Leaf(DataTypes.NullType);
    private static final Shape TEXT = new Shape.Leaf(DataTypes.StringType);
    private static final Shape LONG = new Shape.Leaf(DataTypes.LongType);
    private static final Shape DOUBLE = new Shape.Leaf(DataTypes.DoubleType);
    private static final Shape BOOLEAN = new Shape.Leaf(DataTypes.BooleanType);

    private final boolean primitivesAsString;
    private final boolean prefersDecimal;
    private final boolean inferTimestamp;
    private final boolean dropAllNull;
    private final TimeFormats times;
    private final Relaxed relaxed;
    private final JsonSyntax syntax;
    private final RecordState state;
    private final DecimalScan scan = new DecimalScan();
    private Shape shape = NOTHING;
    private long malformedRecords;
    private int at;

    /// @param lines whether line ends are the ends of records
    SchemaInference(FormatOptions options, JsonOptions parsed, boolean lines) {
        this.primitivesAsString = options.flag("primitivesAsString", false);
        this.prefersDecimal = options.flag("prefersDecimal", false);
        this.inferTimestamp = options.flag("inferTimestamp", false);
        this.dropAllNull = options.flag("dropFieldIfAllNull", false);
        this.times = parsed.times().formats();
        this.relaxed = Relaxed.ofTypes(parsed.leniency());
        this.syntax = new JsonSyntax(lines);
        this.state = new RecordState(syntax);
    }

    /// For [#schema] and [#merge] without a zone to read times in.
    static SchemaInference of(FormatOptions options, ZoneId zone) {
        return new SchemaInference(options, JsonOptions.of(options, zone), false);
    }

    /// Takes in a record, which lies in memory as [JsonSyntax] asks for it. An array of objects counts as so many
    /// records, a blank record as none.
    ///
    /// @return false if it is malformed, and has left no trace
    boolean add(byte[] data, int from, int to) {
        @Nullable Shape record = read(data, from);
        if (record == null) {
            byte @Nullable [] rewritten = relaxed.rewrite(data, from, to);
            record = rewritten == null ? null : read(rewritten, 0);
        }
        if (record == null) {
            malformedRecords++;
            return false;
        }
        shape = merge(shape, record);
        return true;
    }

    /// As [#add], for a record that is to become rows: what is neither an object nor an array of objects is malformed.
    boolean addRows(byte[] data, int from, int to) {
        Shape before = shape;
        shape = NOTHING;
        boolean isJson = add(data, from, to);
        Shape rows = shape instanceof Shape.Elements(Shape element) ? element : shape;
        boolean fits = isJson && (rows instanceof Shape.Fields || rows.equals(NOTHING));
        malformedRecords += isJson && !fits ? 1 : 0;
        shape = fits ? merge(before, rows) : before;
        return fits;
    }

    private @Nullable Shape read(byte[] data, int from) {
        try {
            at = syntax.blanks(data, from);
            byte c = JsonSyntax.at(data, at);
            return c == '\n' || c == '\r' || c == JsonSyntax.DOCUMENT_END ? NOTHING : value(data, 0);
        } catch (Malformed _) {
            return null;
        }
    }

    long malformedRecords() {
        return malformedRecords;
    }

    /// Takes in what another thread has found.
    void merge(SchemaInference other) {
        shape = merge(shape, other.shape);
        malformedRecords += other.malformedRecords;
    }

    /// The type of the records seen: that of the objects, or of the values if they aren't objects; string for none.
    DataType type() {
        return type(shape).orElse(DataTypes.StringType);
    }

    /// The schema of the rows seen; without fields if there were none.
    StructType rowSchema() {
        return type(shape)
                .filter(StructType.class::isInstance)
                .map(StructType.class::cast)
                .orElse(new StructType());
    }

    private Optional<DataType> type(Shape of) {
        return switch (of) {
            case Shape.Leaf(NullType _) -> dropAllNull ? Optional.empty() : Optional.of(DataTypes.StringType);
            case Shape.Leaf(DataType type) -> Optional.of(type);
            case Shape.Elements(Shape element) -> type(element).map(type -> new ArrayType(type, true));
            case Shape.Fields(TreeMap<String, Shape> fields) -> {
                StructType struct = new StructType();
                for (Map.Entry<String, Shape> field : fields.entrySet()) {
                    Optional<DataType> type = type(field.getValue());
                    if (type.isPresent()) {
                        struct = struct.add(new StructField(field.getKey(), type.get(), true));
                    }
                }
                yield struct.isEmpty() ? Optional.empty() : Optional.of(struct);
            }
        };
    }

    private static Shape merge(Shape a, Shape b) {
        if (a.equals(b) || b.equals(NOTHING)) {
            return a;
        }
        if (a.equals(NOTHING)) {
            return b;
        }
        if (a instanceof Shape.Fields(var left) && b instanceof Shape.Fields(var right)) {
            right.forEach((name, type) -> left.merge(name, type, SchemaInference::merge));
            return a;
        }
        if (a instanceof Shape.Elements(Shape left) && b instanceof Shape.Elements(Shape right)) {
            return new Shape.Elements(merge(left, right));
        }
        if (a instanceof Shape.Leaf(DataType left) && b instanceof Shape.Leaf(DataType right)) {
            return new Shape.Leaf(InferredTypes.widest(left, right));
        }
        return TEXT;
    }

    /// The shape of the value at [#at], which is moved behind it.
    ///
    /// @param depth how many objects and arrays it lies in
    private Shape value(byte[] data, int depth) {
        byte c = JsonSyntax.at(data, at);
        return switch (c) {
            case '{' -> object(data, depth + 1);
            case '[' -> array(data, depth + 1);
            case '"' -> string(data);
            case 't', 'f' -> {
                at = syntax.skipBoolean(data, at);
                yield primitivesAsString ? TEXT : BOOLEAN;
            }
            case 'n' -> {
                at = syntax.skipNull(data, at);
                yield NOTHING;
            }
            default -> number(data);
        };
    }

    /// A record of many lines may be as long as a file, and nested as deeply as it likes.
    private void begin(int depth) {
        Cancellation.checkThread();
        syntax.checkDepth(at, depth);
    }

    private Shape object(byte[] data, int depth) {
        begin(depth);
        TreeMap<String, Shape> fields = new TreeMap<>();
        at = syntax.blanks(data, at + 1);
        if (JsonSyntax.at(data, at) == '}') {
            at++;
            return new Shape.Fields(fields);
        }
        while (true) {
            if (JsonSyntax.at(data, at) != '"') {
                throw syntax.malformed(at, "a field's name in quotes");
            }
            int end = syntax.skipString(data, at + 1);
            byte[] name = state.unescape(syntax, data, at + 1, end - 1);
            at = syntax.colon(data, end);
            fields.merge(new String(name, StandardCharsets.UTF_8), value(data, depth), SchemaInference::merge);
            if (endsAfterElement(data, '}')) {
                return new Shape.Fields(fields);
            }
        }
    }

    private Shape array(byte[] data, int depth) {
        begin(depth);
        Shape element = NOTHING;
        at = syntax.blanks(data, at + 1);
        if (JsonSyntax.at(data, at) == ']') {
            at++;
            return new Shape.Elements(element);
        }
        while (true) {
            element = merge(element, value(data, depth));
            if (endsAfterElement(data, ']')) {
                return new Shape.Elements(element);
            }
        }
    }

    /// Moves on to the next element, or behind the end.
    private boolean endsAfterElement(byte[] data, char end) {
        at = syntax.blanks(data, at);
        byte c = JsonSyntax.at(data, at);
        if (c == end) {
            at++;
            return true;
        }
        if (c != ',') {
            throw syntax.malformed(at, "',' or '" + end + "'");
        }
        at = syntax.blanks(data, at + 1);
        return false;
    }

    private Shape string(byte[] data) {
        int from = at + 1;
        at = syntax.skipString(data, from);
        int to = at - 1;
        if (to == from) {
            return NOTHING;
        }
        if (prefersDecimal) {
            Optional<Shape> decimal = decimal(new String(data, from, to - from, StandardCharsets.UTF_8));
            if (decimal.isPresent()) {
                return primitivesAsString ? TEXT : decimal.get();
            }
        }
        if (inferTimestamp && times.timestamp(data, from, to) != TimestampText.OTHER) {
            return new Shape.Leaf(DataTypes.TimestampType);
        }
        return TEXT;
    }

    private Shape number(byte[] data) {
        int from = at;
        at = syntax.skipNumber(data, from);
        scan.scan(data, from);
        if (primitivesAsString) {
            return TEXT;
        }
        if (scan.isLong()) {
            return LONG;
        }
        if (!scan.isIntegral() && !prefersDecimal) {
            return DOUBLE;
        }
        return decimal(new String(data, from, at - from, StandardCharsets.ISO_8859_1))
                .orElse(DOUBLE);
    }

    private static Optional<Shape> decimal(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            int precision = Math.max(number.precision(), number.scale());
            boolean fits = precision <= DecimalType.MAX_PRECISION && number.scale() >= 0;
            return fits ? Optional.of(new Shape.Leaf(new DecimalType(precision, number.scale()))) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// Memory with the text and what must follow it.
    static byte[] padded(byte[] text) {
        return Arrays.copyOf(text, text.length + JsonSyntax.PADDING);
    }
}
