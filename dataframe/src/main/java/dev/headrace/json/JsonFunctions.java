package dev.headrace.json;

import static dev.headrace.parse.FormatArguments.constant;
import static dev.headrace.parse.FormatArguments.function;
import static dev.headrace.parse.FormatArguments.mismatch;
import static dev.headrace.parse.FormatArguments.nullable;
import static dev.headrace.parse.FormatArguments.options;
import static dev.headrace.parse.FormatArguments.schema;
import static dev.headrace.parse.FormatArguments.strings;
import static dev.headrace.parse.FormatArguments.text;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.errors.QueryException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.ScalarFunction.Nulls;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.Recent;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions of JSON text. The function table names the binders; the others are what bound calls invoke.
///
/// A bound `from_json` has three arguments: the text, and as constants the schema in JSON and the options. [#decoderOf]
/// tells what they say.
public final class JsonFunctions {
    private static final ThreadLocal<Decoders> DECODERS = ThreadLocal.withInitial(Decoders::new);
    private static final ThreadLocal<Writers> WRITERS = ThreadLocal.withInitial(Writers::new);
    private static final ThreadLocal<Paths> PATHS = ThreadLocal.withInitial(Paths::new);
    private static final ThreadLocal<JsonParts> PARTS = ThreadLocal.withInitial(JsonParts::new);

    private JsonFunctions() {}

    /// Binds `from_json(json, schema[, options])`.
    public static BoundExpr bindFromJson(String name, List<BoundExpr> arguments) {
        BoundExpr json = text(name, arguments.getFirst());
        DataType type = nullable(schema(name, arguments.get(1)));
        Map<String, String> options = options(name, 2, arguments);
        // refuses options and types that can't work, before anything runs
        new JsonDecoder(type, options, ZoneOffset.UTC, Optional.empty()).close();
        ScalarFunction function = function("from_json", JsonFunctions.class, "fromJson", Nulls.STRICT_MAYBE_NULL);
        return new BoundExpr.Call(function, List.of(json, constant(type.json()), constant(options)), type);
    }

    /// Binds `to_json(value[, options])`.
    public static BoundExpr bindToJson(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.getFirst();
        if (!value.type().isNested() && !(value.type() instanceof VariantType)) {
            throw mismatch(name, 0, value, "a struct, an array, a map or a variant");
        }
        Map<String, String> options = options(name, 1, arguments);
        writer(options, ZoneOffset.UTC);
        ScalarFunction function = function("to_json", JsonFunctions.class, "toJson", Nulls.STRICT);
        List<BoundExpr> bound = List.of(value, constant(value.type().json()), constant(options));
        return new BoundExpr.Call(function, bound, DataTypes.StringType);
    }

    /// Binds `schema_of_json(json[, options])`, which is a constant.
    public static BoundExpr bindSchemaOfJson(String name, List<BoundExpr> arguments) {
        if (!(arguments.getFirst() instanceof BoundExpr.Literal(Scalar(Slice json, StringType _)))) {
            throw mismatch(name, 0, arguments.getFirst(), "a constant string");
        }
        FormatOptions options = new FormatOptions(name, options(name, 1, arguments));
        options.checkKnown(JsonOptions.inferenceOptions());
        SchemaInference inference = SchemaInference.of(options, ZoneOffset.UTC);
        byte[] text = SchemaInference.padded(json.bytes());
        if (!inference.add(text, 0, json.length())) {
            throw new QueryException("INVALID_JSON", name + ": '" + json + "' is not JSON.");
        }
        return constant(inference.type().sql());
    }

    /// Binds `json_fields(json, name…)`, whose names are constants.
    public static BoundExpr bindJsonFields(String name, List<BoundExpr> arguments) {
        BoundExpr json = text(name, arguments.getFirst());
        List<Slice> names = new ArrayList<>();
        List<StructField> fields = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            if (!(arguments.get(i) instanceof BoundExpr.Literal(Scalar(Slice field, StringType _)))) {
                throw mismatch(name, i, arguments.get(i), "a constant string");
            }
            names.add(field);
            fields.add(new StructField("c" + fields.size(), DataTypes.StringType, true));
        }
        ScalarFunction read = function(name, JsonFields.class, "read", Nulls.CALLED_NEVER_NULL);
        ScalarFunction function =
                new ScalarFunction(name, read.method(), read.nulls(), true, Optional.of(new JsonFields(names)));
        return new BoundExpr.Call(function, List.of(json), new StructType(fields));
    }

    /// What lies at a path of a JSON text, as text; null if nothing does.
    public static @Nullable Slice getJsonObject(Slice json, Slice path) {
        return PATHS.get().find(json, path);
    }

    /// The number of elements of the array that a JSON text is; null if it is something else.
    public static @Nullable Integer jsonArrayLength(Slice json) {
        return PARTS.get().elementCount(json);
    }

    /// The names in the object that a JSON text is, in its order; null if it is something else.
    public static @Nullable List<@Nullable Object> jsonObjectKeys(Slice json) {
        return PARTS.get().names(json);
    }

    /// What a bound `from_json` does, if the expression is one and gives a struct. Its first argument is the payload.
    public static Optional<PayloadDecoder> decoderOf(BoundExpr expression) {
        if (expression
                        instanceof
                        BoundExpr.Call(ScalarFunction function, List<BoundExpr> arguments, StructType type, var _)
                && function.name().equals("from_json")
                && arguments.get(2) instanceof BoundExpr.Literal(Scalar options)) {
            return Optional.of(new JsonPayloads(type, strings((Map<?, ?>) options.value())));
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

    private static JsonWriter writer(Map<String, String> options, ZoneId zone) {
        FormatOptions given = new FormatOptions("to_json", options);
        given.checkKnown(JsonWriter.OPTIONS);
        return new JsonWriter(given, zone);
    }

    /// A thread's decoders of schemas, options and time zones.
    private static final class Decoders {
        private final Recent<JsonDecoder> decoders = new Recent<>();

        @Nullable Object decode(Slice json, Slice schema, Map<?, ?> options, ZoneId zone) {
            return decoders.of(schema, options, zone, () -> decoder(schema, options, zone))
                    .decodeOne(json.base(), json.offset(), json.length());
        }

        private static JsonDecoder decoder(Slice schema, Map<?, ?> options, ZoneId zone) {
            return new JsonDecoder(DataType.fromJson(schema.toString()), strings(options), zone, Optional.empty());
        }
    }

    /// A thread's writers of types, with options and time zones.
    private static final class Writers {
        private final ByteBuilder out = new ByteBuilder();
        private final Recent<Typed> writers = new Recent<>();

        private record Typed(DataType type, JsonWriter writer) {}

        Slice write(Object value, Slice type, Map<?, ?> options, ZoneId zone) {
            Typed typed = writers.of(type, options, zone, () -> typed(type, options, zone));
            out.setLength(0);
            typed.writer.append(out, value, typed.type);
            return Slice.of(out.toArray());
        }

        private static Typed typed(Slice type, Map<?, ?> options, ZoneId zone) {
            return new Typed(DataType.fromJson(type.toString()), writer(strings(options), zone));
        }
    }

    /// A thread's last path.
    private static final class Paths {
        private @Nullable Slice text;
        private Optional<JsonPath> path = Optional.empty();
        private final JsonText texts = new JsonText();

        @Nullable Slice find(Slice json, Slice newPath) {
            if (!newPath.equals(text)) {
                path = JsonPath.parse(newPath.toString());
                text = newPath.copy();
            }
            if (path.isEmpty()) {
                return null;
            }
            JsonPath steps = path.get();
            return texts.read(json, data -> steps.find(data).map(Slice::of).orElse(null));
        }
    }
}
