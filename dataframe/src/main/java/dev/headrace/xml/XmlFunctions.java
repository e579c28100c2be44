package dev.headrace.xml;

import static dev.headrace.parse.FormatArguments.constant;
import static dev.headrace.parse.FormatArguments.function;
import static dev.headrace.parse.FormatArguments.mismatch;
import static dev.headrace.parse.FormatArguments.nullable;
import static dev.headrace.parse.FormatArguments.options;
import static dev.headrace.parse.FormatArguments.schema;
import static dev.headrace.parse.FormatArguments.strings;
import static dev.headrace.parse.FormatArguments.text;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.ScalarFunction.Nulls;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.parse.Recent;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions of XML text. The function table names the binders; the others are what bound calls invoke.
public final class XmlFunctions {
    private static final ThreadLocal<Decoders> DECODERS = ThreadLocal.withInitial(Decoders::new);
    private static final ThreadLocal<Writers> WRITERS = ThreadLocal.withInitial(Writers::new);

    private XmlFunctions() {}

    /// Binds `from_xml(xml, schema[, options])`.
    public static BoundExpr bindFromXml(String name, List<BoundExpr> arguments) {
        BoundExpr xml = text(name, arguments.getFirst());
        if (!(nullable(schema(name, arguments.get(1))) instanceof StructType type)) {
            throw mismatch(name, 1, arguments.get(1), "the schema of a struct, such as 'id bigint, name string'");
        }
        Map<String, String> options = options(name, 2, arguments);
        // refuses options and types that can't work, before anything runs
        RecordReader unused = decoder(type, options, ZoneOffset.UTC);
        ScalarFunction function = function("from_xml", XmlFunctions.class, "fromXml", Nulls.STRICT_MAYBE_NULL);
        return new BoundExpr.Call(function, List.of(xml, constant(type.json()), constant(options)), type);
    }

    /// Binds `to_xml(struct[, options])`.
    public static BoundExpr bindToXml(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.getFirst();
        if (value.type() instanceof NullType) {
            return new BoundExpr.Cast(value, DataTypes.StringType, CastFailure.ERROR);
        }
        if (!(value.type() instanceof StructType type)) {
            throw mismatch(name, 0, value, "a struct");
        }
        Map<String, String> options = options(name, 1, arguments);
        writer(options, ZoneOffset.UTC).check(type);
        ScalarFunction function = function("to_xml", XmlFunctions.class, "toXml", Nulls.STRICT);
        List<BoundExpr> bound = List.of(value, constant(type.json()), constant(options));
        return new BoundExpr.Call(function, bound, DataTypes.StringType);
    }

    /// Binds `schema_of_xml(xml[, options])`, which is a constant.
    public static BoundExpr bindSchemaOfXml(String name, List<BoundExpr> arguments) {
        if (!(arguments.getFirst() instanceof BoundExpr.Literal(Scalar(Slice xml, StringType _)))) {
            throw mismatch(name, 0, arguments.getFirst(), "a constant string");
        }
        FormatOptions given = new FormatOptions(name, options(name, 1, arguments));
        given.checkKnown(XmlOptions.inferenceOptions());
        XmlOptions options = XmlOptions.of(given, ZoneOffset.UTC);
        checkMode(given, options);
        SchemaInference inference = new SchemaInference(given, options);
        if (!inference.add(xml.toString()) && options.mode() == ParseMode.FAILFAST) {
            throw new QueryException("INVALID_XML", name + ": '" + xml + "' is not XML: " + inference.problem() + ".");
        }
        return constant(inference.schema().sql());
    }

    private static void checkMode(FormatOptions given, XmlOptions options) {
        if (options.mode() == ParseMode.DROPMALFORMED) {
            throw given.invalid("mode", "PERMISSIVE or FAILFAST, because a function can't leave out rows");
        }
    }

    /// The struct in an XML text; see [RecordReader] for what it means.
    public static @Nullable Object fromXml(EvalContext context, Slice xml, Slice schema, Map<?, ?> options) {
        return DECODERS.get().decode(xml, schema, options, context.zone());
    }

    /// A struct as XML text.
    public static Slice toXml(EvalContext context, Object value, Slice type, Map<?, ?> options) {
        return WRITERS.get().write((List<?>) value, type, options, context.zone());
    }

    private static RecordReader decoder(StructType type, Map<String, String> options, ZoneId zone) {
        FormatOptions given = new FormatOptions("from_xml", options);
        given.checkKnown(XmlOptions.PARSER_OPTIONS);
        XmlOptions parsed = XmlOptions.of(given, zone);
        checkMode(given, parsed);
        return new RecordReader(type, parsed);
    }

    private static XmlWriter writer(Map<String, String> options, ZoneId zone) {
        FormatOptions given = new FormatOptions("to_xml", options);
        given.checkKnown(XmlWriter.OPTIONS);
        return new XmlWriter(given, zone, new XmlText(false));
    }

    /// A thread's decoders of schemas, options and time zones.
    private static final class Decoders {
        private final Recent<RecordReader> decoders = new Recent<>();

        @Nullable Object decode(Slice xml, Slice schema, Map<?, ?> options, ZoneId zone) {
            return decoders.of(schema, List.of(options, zone), () -> made(schema, options, zone))
                    .read(xml.toString(), () -> "from_xml");
        }

        private static RecordReader made(Slice schema, Map<?, ?> options, ZoneId zone) {
            return decoder((StructType) DataType.fromJson(schema.toString()), strings(options), zone);
        }
    }

    /// A thread's writers of types, with options and time zones.
    private static final class Writers {
        private final ByteBuilder out = new ByteBuilder();
        private final Recent<Typed> writers = new Recent<>();

        private record Typed(StructType type, XmlWriter writer) {}

        Slice write(List<?> values, Slice type, Map<?, ?> options, ZoneId zone) {
            Typed typed = writers.of(type, List.of(options, zone), () -> typed(type, options, zone));
            out.setLength(0);
            typed.writer.appendRow(out, values, typed.type, 0);
            return Slice.of(out.toArray());
        }

        private static Typed typed(Slice type, Map<?, ?> options, ZoneId zone) {
            return new Typed((StructType) DataType.fromJson(type.toString()), writer(strings(options), zone));
        }
    }
}
