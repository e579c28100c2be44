package dev.headrace.csv;

import static dev.headrace.parse.FormatArguments.constant;
import static dev.headrace.parse.FormatArguments.function;
import static dev.headrace.parse.FormatArguments.mismatch;
import static dev.headrace.parse.FormatArguments.nullable;
import static dev.headrace.parse.FormatArguments.options;
import static dev.headrace.parse.FormatArguments.schema;
import static dev.headrace.parse.FormatArguments.strings;
import static dev.headrace.parse.FormatArguments.text;

import dev.headrace.chunk.Slice;
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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions of CSV text. The function table names the binders; the others are what bound calls invoke.
public final class CsvFunctions {
    private static final ThreadLocal<Decoders> DECODERS = ThreadLocal.withInitial(Decoders::new);
    private static final ThreadLocal<Writers> WRITERS = ThreadLocal.withInitial(Writers::new);

    private CsvFunctions() {}

    /// Binds `from_csv(csv, schema[, options])`.
    public static BoundExpr bindFromCsv(String name, List<BoundExpr> arguments) {
        BoundExpr csv = text(name, arguments.getFirst());
        if (!(nullable(schema(name, arguments.get(1))) instanceof StructType type)) {
            throw mismatch(name, 1, arguments.get(1), "the schema of a struct, such as 'id bigint, name string'");
        }
        Map<String, String> options = options(name, 2, arguments);
        // refuses options and types that can't work, before anything runs
        CsvDecoder unused = new CsvDecoder(type, options, ZoneOffset.UTC);
        ScalarFunction function = function("from_csv", CsvFunctions.class, "fromCsv", Nulls.STRICT_MAYBE_NULL);
        return new BoundExpr.Call(function, List.of(csv, constant(type.json()), constant(options)), type);
    }

    /// Binds `to_csv(struct[, options])`.
    public static BoundExpr bindToCsv(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.getFirst();
        if (!(value.type() instanceof StructType type)) {
            throw mismatch(name, 0, value, "a struct");
        }
        Readers.check(name, type);
        Map<String, String> options = options(name, 1, arguments);
        CsvWriter unused = writer(options, ZoneOffset.UTC);
        ScalarFunction function = function("to_csv", CsvFunctions.class, "toCsv", Nulls.STRICT);
        List<BoundExpr> bound = List.of(value, constant(type.json()), constant(options));
        return new BoundExpr.Call(function, bound, DataTypes.StringType);
    }

    /// Binds `schema_of_csv(csv[, options])`, which is a constant.
    public static BoundExpr bindSchemaOfCsv(String name, List<BoundExpr> arguments) {
        if (!(arguments.getFirst() instanceof BoundExpr.Literal(Scalar(Slice csv, StringType _)))) {
            throw mismatch(name, 0, arguments.getFirst(), "a constant string");
        }
        FormatOptions given = new FormatOptions(name, options(name, 1, arguments));
        given.checkKnown(CsvOptions.inferenceOptions());
        CsvOptions options = CsvOptions.of(given, ZoneOffset.UTC);
        CsvSyntax syntax = new CsvSyntax(options, CsvSyntax.Lines.NEVER);
        byte[] data = Arrays.copyOf(csv.bytes(), csv.length() + 64);
        data[csv.length()] = '\n';
        int start = syntax.recordStart(data, 0, csv.length());
        int count = new RecordScan(syntax, options, List.of(), false)
                .texts(data, start, csv.length())
                .size();
        TypeInference types = new TypeInference(count, options, given.flag("preferDate", true));
        new RecordScan(syntax, options, types.readers(), false).read(data, start, csv.length(), false, 0);
        StructType schema = new StructType();
        for (int i = 0; i < count; i++) {
            schema = schema.add(new StructField("_c" + i, types.type(i), true));
        }
        return constant(schema.sql());
    }

    /// The struct in a CSV text; see [CsvDecoder] for what it means.
    public static @Nullable Object fromCsv(EvalContext context, Slice csv, Slice schema, Map<?, ?> options) {
        return DECODERS.get().decode(csv, schema, options, context.zone());
    }

    /// A struct as CSV text.
    public static Slice toCsv(EvalContext context, Object value, Slice type, Map<?, ?> options) {
        return WRITERS.get().write((List<?>) value, type, options, context.zone());
    }

    private static CsvWriter writer(Map<String, String> options, ZoneId zone) {
        FormatOptions given = new FormatOptions("to_csv", options);
        given.checkKnown(CsvWriter.OPTIONS);
        return new CsvWriter(given, zone);
    }

    /// A thread's decoders of schemas, options and time zones.
    private static final class Decoders {
        private final Recent<CsvDecoder> decoders = new Recent<>();

        @Nullable Object decode(Slice csv, Slice schema, Map<?, ?> options, ZoneId zone) {
            return decoders.of(schema, options, zone, () -> decoder(schema, options, zone))
                    .decode(csv);
        }

        private static CsvDecoder decoder(Slice schema, Map<?, ?> options, ZoneId zone) {
            return new CsvDecoder((StructType) DataType.fromJson(schema.toString()), strings(options), zone);
        }
    }

    /// A thread's writers of types, with options and time zones.
    private static final class Writers {
        private final ByteBuilder out = new ByteBuilder();
        private final Recent<Typed> writers = new Recent<>();

        private record Typed(StructType type, CsvWriter writer) {}

        Slice write(List<?> values, Slice type, Map<?, ?> options, ZoneId zone) {
            Typed typed = writers.of(type, options, zone, () -> typed(type, options, zone));
            out.setLength(0);
            for (int i = 0; i < typed.type.size(); i++) {
                typed.writer.appendValue(
                        out, i, values.get(i), typed.type.field(i).dataType());
            }
            return Slice.of(out.toArray());
        }

        private static Typed typed(Slice type, Map<?, ?> options, ZoneId zone) {
            return new Typed((StructType) DataType.fromJson(type.toString()), writer(strings(options), zone));
        }
    }
}
