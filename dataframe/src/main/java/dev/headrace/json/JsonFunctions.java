package dev.headrace.json;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.errors.QueryException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.ScalarFunction.Nulls;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.lang.reflect.Method;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The functions of JSON text. The function table names the binders; the others are what bound calls invoke.
///
/// A bound `from_json` has three arguments: the text, and as constants the schema in JSON and the options. [#decoderOf]
/// tells what they say.
public final class JsonFunctions {
    private static final MapType OPTIONS_TYPE = new MapType(DataTypes.StringType, DataTypes.StringType, false);
    private static final ThreadLocal<Decoders> DECODERS = ThreadLocal.withInitial(Decoders::new);
    private static final ThreadLocal<Writers> WRITERS = ThreadLocal.withInitial(Writers::new);
    private static final ThreadLocal<Paths> PATHS = ThreadLocal.withInitial(Paths::new);

    private JsonFunctions() {}

    /// Binds `from_json(json, schema[, options])`.
    public static BoundExpr bindFromJson(String name, List<BoundExpr> arguments) {
        BoundExpr json = text(name, arguments.getFirst());
        DataType type = nullable(schema(name, arguments.get(1)));
        Map<String, String> options = arguments.size() > 2 ? options(name, arguments.get(2)) : Map.of();
        // refuses options and types that can't work, before anything runs
        new JsonDecoder(type, options, ZoneOffset.UTC, Optional.empty()).close();
        ScalarFunction function = function("from_json", Nulls.STRICT_MAYBE_NULL);
        return new BoundExpr.Call(function, List.of(json, constant(type.json()), constant(options)), type);
    }

    /// Binds `to_json(value[, options])`.
    public static BoundExpr bindToJson(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.getFirst();
        if (!value.type().isNested()) {
            throw mismatch(name, 0, value, "a struct, an array or a map");
        }
        Map<String, String> options = arguments.size() > 1 ? options(name, arguments.get(1)) : Map.of();
        writer(options, ZoneOffset.UTC);
        ScalarFunction function = function("to_json", Nulls.STRICT);
        List<BoundExpr> bound = List.of(value, constant(value.type().json()), constant(options));
        return new BoundExpr.Call(function, bound, DataTypes.StringType);
    }

    /// Binds `schema_of_json(json[, options])`, which is a constant.
    public static BoundExpr bindSchemaOfJson(String name, List<BoundExpr> arguments) {
        if (!(arguments.getFirst() instanceof BoundExpr.Literal(Scalar(Slice json, StringType _)))) {
            throw mismatch(name, 0, arguments.getFirst(), "a constant string");
        }
        FormatOptions options =
                new FormatOptions(name, arguments.size() > 1 ? options(name, arguments.get(1)) : Map.of());
        options.checkKnown(JsonOptions.inferenceOptions());
        SchemaInference inference = SchemaInference.of(options, ZoneOffset.UTC);
        byte[] text = SchemaInference.padded(json.bytes());
        if (!inference.add(text, 0, json.length())) {
            throw new QueryException("INVALID_JSON", name + ": '" + json + "' is not JSON.");
        }
        return constant(inference.type().sql());
    }

    /// What lies at a path of a JSON text, as text; null if nothing does.
    public static @Nullable Slice getJsonObject(Slice json, Slice path) {
        return PATHS.get().find(json, path);
    }

    /// The number of elements of the array that a JSON text is; null if it is something else.
    public static @Nullable Integer jsonArrayLength(Slice json) {
        return JsonParts.of(json.bytes()).elementCount();
    }

    /// The names in the object that a JSON text is, in its order; null if it is something else.
    public static @Nullable List<@Nullable Object> jsonObjectKeys(Slice json) {
        return JsonParts.of(json.bytes()).names();
    }

    /// What a bound `from_json` does, if the expression is one and gives a struct. Its first argument is the payload.
    public static Optional<PayloadDecoder> decoderOf(BoundExpr expression) {
        if (expression instanceof BoundExpr.Call(ScalarFunction function, List<BoundExpr> arguments, StructType type)
                && function.name().equals("from_json")
                && arguments.get(2) instanceof BoundExpr.Literal(Scalar options)) {
            return Optional.of(new PayloadDecoder("json", type, strings((Map<?, ?>) options.value())));
        }
        return Optional.empty();
    }

    /// The value in a JSON text; see [JsonDecoder] for what it means.
    public static @Nullable Object fromJson(EvalContext context, Slice json, Slice schema, Map<?, ?> options) {
        return DECODERS.get().decode(json, schema, options, context.zone());
    }

    /// A value as JSON text.
    public static Slice toJson(EvalContext context, Object value, Slice type, Map<?, ?> options) {
        return WRITERS.get().write(value, type, options, context.zone());
    }

    private static BoundExpr text(String name, BoundExpr argument) {
        return switch (argument.type()) {
            case StringType _, BinaryType _ -> argument;
            case NullType _ -> new BoundExpr.Cast(argument, DataTypes.StringType, CastFailure.ERROR);
            default -> throw mismatch(name, 0, argument, "a string or binary");
        };
    }

    private static DataType schema(String name, BoundExpr argument) {
        if (!(argument instanceof BoundExpr.Literal(Scalar(Slice text, StringType _)))) {
            throw mismatch(name, 1, argument, "a constant string, such as 'id bigint, name string'");
        }
        String schema = text.toString().strip();
        boolean json = schema.startsWith("{") || schema.startsWith("\"");
        return json ? DataType.fromJson(schema) : DataType.fromDDL(schema);
    }

    /// The type with everything in it nullable, since a text can lack anything.
    static DataType nullable(DataType type) {
        return switch (type) {
            case StructType struct ->
                new StructType(struct.fieldList().stream()
                        .map(field -> new StructField(field.name(), nullable(field.dataType()), true, field.metadata()))
                        .toList());
            case ArrayType(DataType element, boolean _) -> new ArrayType(nullable(element), true);
            case MapType(DataType key, DataType value, boolean _) -> new MapType(key, nullable(value), true);
            default -> type;
        };
    }

    private static Map<String, String> options(String name, BoundExpr argument) {
        return switch (argument) {
            case BoundExpr.Literal(Scalar(Map<?, ?> map, DataType _)) -> strings(map);
            case BoundExpr.Call(ScalarFunction function, List<BoundExpr> entries, DataType _)
                    when function.name().equals("map") -> constantEntries(name, argument, flat(entries));
            default -> throw mismatch(name, argument);
        };
    }

    /// The arguments, also when they come as one list.
    private static List<BoundExpr> flat(List<BoundExpr> arguments) {
        return arguments.size() == 1 ? arguments.getFirst().operands() : arguments;
    }

    private static Map<String, String> constantEntries(String name, BoundExpr argument, List<BoundExpr> entries) {
        Map<String, String> options = new LinkedHashMap<>();
        if (entries.isEmpty() || entries.size() % 2 != 0) {
            throw mismatch(name, argument);
        }
        for (int i = 0; i < entries.size(); i += 2) {
            if (!(entries.get(i) instanceof BoundExpr.Literal(Scalar(Slice key, DataType _)))
                    || !(entries.get(i + 1) instanceof BoundExpr.Literal(Scalar(Slice value, DataType _)))) {
                throw mismatch(name, argument);
            }
            options.put(key.toString(), value.toString());
        }
        return options;
    }

    private static QueryException mismatch(String name, BoundExpr options) {
        return mismatch(name, 2, options, "a constant map of strings, such as map('mode', 'FAILFAST')");
    }

    private static QueryException mismatch(String name, int at, BoundExpr found, String expected) {
        return new QueryException(
                "DATATYPE_MISMATCH",
                "Argument " + (at + 1) + " of '" + name + "' is '" + found + "' of type "
                        + found.type().simpleString() + ": expected " + expected + ".");
    }

    private static Map<String, String> strings(@Nullable Map<?, ?> map) {
        Map<String, String> strings = new TreeMap<>();
        if (map != null) {
            map.forEach((key, value) -> strings.put(key.toString(), String.valueOf(value)));
        }
        return strings;
    }

    private static BoundExpr constant(String text) {
        return new BoundExpr.Literal(Scalar.of(text));
    }

    private static BoundExpr constant(Map<String, String> options) {
        Map<Object, @Nullable Object> cells = new LinkedHashMap<>();
        options.forEach((key, value) -> cells.put(Slice.utf8(key), Slice.utf8(value)));
        return new BoundExpr.Literal(new Scalar(cells, OPTIONS_TYPE));
    }

    private static ScalarFunction function(String name, Nulls nulls) {
        String camelCase = name.substring(0, name.indexOf('_')) + "Json";
        Method method = Arrays.stream(JsonFunctions.class.getMethods())
                .filter(candidate -> candidate.getName().equals(camelCase))
                .findFirst()
                .orElseThrow();
        return new ScalarFunction(name, method, nulls, true);
    }

    private static JsonWriter writer(Map<String, String> options, ZoneId zone) {
        FormatOptions given = new FormatOptions("to_json", options);
        given.checkKnown(JsonWriter.OPTIONS);
        return new JsonWriter(given, zone);
    }

    /// A thread's decoder of the last schema and options, which as constants are the same objects from row to row.
    private static final class Decoders {
        private @Nullable Slice schema;
        private @Nullable Map<?, ?> options;
        private @Nullable ZoneId zone;
        private @Nullable JsonDecoder decoder;

        @Nullable Object decode(Slice json, Slice newSchema, Map<?, ?> newOptions, ZoneId newZone) {
            if (decoder == null || !newSchema.equals(schema) || !newOptions.equals(options) || !newZone.equals(zone)) {
                DataType type = DataType.fromJson(newSchema.toString());
                decoder = new JsonDecoder(type, strings(newOptions), newZone, Optional.empty());
                schema = newSchema.copy();
                options = newOptions;
                zone = newZone;
            }
            return decoder.decodeOne(json.base(), json.offset(), json.length());
        }
    }

    /// A thread's writer of the last type and options.
    private static final class Writers {
        private final ByteBuilder out = new ByteBuilder();
        private @Nullable Slice typeText;
        private @Nullable Map<?, ?> options;
        private @Nullable ZoneId zone;
        private DataType type = DataTypes.NullType;
        private @Nullable JsonWriter writer;

        Slice write(Object value, Slice newType, Map<?, ?> newOptions, ZoneId newZone) {
            if (writer == null || !newType.equals(typeText) || !newOptions.equals(options) || !newZone.equals(zone)) {
                type = DataType.fromJson(newType.toString());
                writer = JsonFunctions.writer(strings(newOptions), newZone);
                typeText = newType.copy();
                options = newOptions;
                zone = newZone;
            }
            out.setLength(0);
            writer.append(out, value, type);
            return Slice.of(out.toArray());
        }
    }

    /// A thread's last path.
    private static final class Paths {
        private @Nullable Slice text;
        private Optional<JsonPath> path = Optional.empty();
        private byte[] padded = new byte[1024];

        @Nullable Slice find(Slice json, Slice newPath) {
            if (!newPath.equals(text)) {
                path = JsonPath.parse(newPath.toString());
                text = newPath.copy();
            }
            if (path.isEmpty()) {
                return null;
            }
            if (padded.length < json.length() + JsonSyntax.PADDING) {
                padded = new byte[2 * json.length() + JsonSyntax.PADDING];
            }
            json.copyTo(padded, Memory.BYTES);
            padded[json.length()] = JsonSyntax.DOCUMENT_END;
            return path.get().find(padded).map(Slice::of).orElse(null);
        }
    }
}
