package dev.headrace.xml;

import dev.headrace.parse.CorruptRecords;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.InferredTypes;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the type that fits every record seen, by Spark's rules: whole numbers are `bigint`, other numbers `double`;
/// what is both, the wider; what is of two kinds, `string`; what comes several times in an element is an array; fields
/// come by name.
///
/// Used by one thread; what several have found is [merged][#merge].
final class SchemaInference {
    /// A type while it may still grow. An element's type is the fields seen so far.
    private sealed interface Shape {
        record Leaf(DataType type) implements Shape {}

        record Elements(Shape element) implements Shape {}

        record Fields(TreeMap<String, Shape> fields) implements Shape {
            Fields() {
                this(new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
            }
        }
    }

    private static final int MAX_DEPTH = 500;
    private static final Shape NOTHING = new Shape.Leaf(DataTypes.NullType);
    private static final Shape TEXT = new Shape.Leaf(DataTypes.StringType);

    private final XmlOptions options;
    private final boolean infersTypes;
    private final boolean prefersDecimal;
    private final String valueTag;
    private final TextReader dates;
    private final TextReader timestamps;
    private final Documents documents;
    private final Shape.Fields record = new Shape.Fields();
    private long malformedRecords;
    private String problem = "";

    SchemaInference(FormatOptions given, XmlOptions options) {
        this.options = options;
        this.infersTypes = given.flag("inferSchema", true);
        this.prefersDecimal = given.flag("prefersDecimal", false);
        this.valueTag = options.names().valueTag();
        this.dates = TextReader.of(DataTypes.DateType, options);
        this.timestamps = TextReader.of(DataTypes.TimestampType, options);
        this.documents = new Documents(options.names().prefixes());
    }

    /// Takes in a record.
    ///
    /// @return false if it is malformed, and has left no trace
    boolean add(String xml) {
        try {
            mergeFields(record, documents.read(xml, document -> fields(document, 0)));
            return true;
        } catch (Malformed malformed) {
            malformedRecords++;
            problem = malformed.problem();
            return false;
        }
    }

    /// What is wrong with the last record that was malformed.
    String problem() {
        return problem;
    }

    long malformedRecords() {
        return malformedRecords;
    }

    /// Takes in what another thread has found.
    void merge(SchemaInference other) {
        mergeFields(record, other.record);
        malformedRecords += other.malformedRecords;
    }

    /// The fields that were seen, and the column for malformed records if there are any and it is wanted.
    StructType schema() {
        StructType schema = (StructType) type(record).orElseGet(StructType::new);
        boolean keeps = options.mode() == ParseMode.PERMISSIVE;
        return keeps && malformedRecords > 0 ? CorruptRecords.with(schema, options.corruptRecord()) : schema;
    }

    /// The fields of the element that has begun, which is read to its end.
    private Shape.Fields fields(ElementReader in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Malformed("more than " + MAX_DEPTH + " elements are within each other");
        }
        Shape.Fields fields = new Shape.Fields();
        for (int i = 0; options.names().attributes() && i < in.attributeCount(); i++) {
            add(fields, options.names().attributePrefix() + in.attributeName(i), leaf(in.attributeValue(i)));
        }
        while (true) {
            switch (in.next()) {
                case START -> {
                    String name = in.name();
                    add(fields, name, element(fields(in, depth + 1)));
                }
                case TEXT -> {
                    if (!in.text().isBlank()) {
                        add(fields, valueTag, leaf(in.text()));
                    }
                }
                case END -> {
                    return fields;
                }
            }
        }
    }

    /// An element that has nothing but text is the value that this is.
    private Shape element(Shape.Fields fields) {
        if (fields.fields.isEmpty()) {
            return NOTHING;
        }
        @Nullable Shape text = fields.fields.get(valueTag);
        return fields.fields.size() == 1 && text instanceof Shape.Leaf ? text : fields;
    }

    /// What comes once more makes an array.
    private void add(Shape.Fields to, String name, Shape shape) {
        to.fields.compute(name, (_, known) -> switch (known) {
            case null -> shape;
            case Shape.Elements(Shape element) -> new Shape.Elements(merge(element, shape));
            case Shape other -> new Shape.Elements(merge(other, shape));
        });
    }

    private void mergeFields(Shape.Fields into, Shape.Fields other) {
        other.fields.forEach((name, shape) -> into.fields.merge(name, shape, this::merge));
    }

    private Shape merge(Shape a, Shape b) {
        if (a.equals(b) || b.equals(NOTHING)) {
            return a;
        }
        if (a.equals(NOTHING)) {
            return b;
        }
        if (a instanceof Shape.Elements(Shape left)) {
            return new Shape.Elements(merge(left, b instanceof Shape.Elements(Shape right) ? right : b));
        }
        if (b instanceof Shape.Elements(Shape right)) {
            return new Shape.Elements(merge(a, right));
        }
        if (a instanceof Shape.Fields left && b instanceof Shape.Fields right) {
            mergeFields(left, right);
            return left;
        }
        if (a instanceof Shape.Leaf(DataType left) && b instanceof Shape.Leaf(DataType right)) {
            return new Shape.Leaf(InferredTypes.widest(left, right));
        }
        Shape.Fields fields = (Shape.Fields) (a instanceof Shape.Fields ? a : b);
        Shape text = a instanceof Shape.Fields ? b : a;
        if (!fields.fields.containsKey(valueTag)) {
            return TEXT;
        }
        fields.fields.merge(valueTag, text, this::merge);
        return fields;
    }

    private Shape leaf(String text) {
        if (!infersTypes) {
            return TEXT;
        }
        @Nullable String value = options.value(text);
        return value == null || value.isEmpty() ? NOTHING : new Shape.Leaf(typeOf(value));
    }

    private DataType typeOf(String value) {
        Optional<DataType> number = number(value);
        if (number.isPresent()) {
            return number.get();
        }
        if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return DataTypes.BooleanType;
        }
        if (dates.read(value) != null) {
            return DataTypes.DateType;
        }
        return timestamps.read(value) != null ? DataTypes.TimestampType : DataTypes.StringType;
    }

    private Optional<DataType> number(String value) {
        String digits = value.startsWith("+") || value.startsWith("-") ? value.substring(1) : value;
        boolean possible = !digits.isEmpty()
                && (digits.charAt(0) == '.' || Character.isDigit(digits.charAt(0)))
                && "dDfF".indexOf(digits.charAt(digits.length() - 1)) < 0;
        if (!possible) {
            return Optional.empty();
        }
        try {
            Long.parseLong(value);
            return Optional.of(DataTypes.LongType);
        } catch (NumberFormatException _) {
            return (prefersDecimal ? decimal(value) : Optional.<DataType>empty()).or(() -> floating(digits));
        }
    }

    private static Optional<DataType> decimal(String value) {
        try {
            BigDecimal number = new BigDecimal(value);
            int precision = Math.max(number.precision(), number.scale());
            boolean fits = precision <= DecimalType.MAX_PRECISION && number.scale() >= 0;
            return fits ? Optional.of(new DecimalType(precision, number.scale())) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<DataType> floating(String digits) {
        try {
            Double.parseDouble(digits);
            return Optional.of(DataTypes.DoubleType);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// Empty for an element of which nothing is known.
    private static Optional<DataType> type(Shape of) {
        return switch (of) {
            case Shape.Leaf(NullType _) -> Optional.of(DataTypes.StringType);
            case Shape.Leaf(DataType type) -> Optional.of(type);
            case Shape.Elements(Shape element) -> type(element).map(type -> new ArrayType(type, true));
            case Shape.Fields(TreeMap<String, Shape> fields) -> {
                List<StructField> typed = new ArrayList<>();
                for (Map.Entry<String, Shape> field : fields.entrySet()) {
                    type(field.getValue()).ifPresent(type -> typed.add(new StructField(field.getKey(), type, true)));
                }
                typed.sort(Comparator.comparing(StructField::name));
                yield typed.isEmpty() ? Optional.empty() : Optional.of(new StructType(typed));
            }
        };
    }
}
