package dev.headrace.avro;

import static dev.headrace.parse.FormatArguments.constant;
import static dev.headrace.parse.FormatArguments.function;
import static dev.headrace.parse.FormatArguments.mismatch;
import static dev.headrace.parse.FormatArguments.options;
import static dev.headrace.parse.FormatArguments.strings;

import dev.headrace.chunk.Slice;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.ScalarFunction.Nulls;
import dev.headrace.parse.Recent;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// The functions of values in Avro's binary form. The function table names the binders; the others are what bound calls
/// invoke.
public final class AvroFunctions {
    private static final ThreadLocal<Readers> READERS = ThreadLocal.withInitial(Readers::new);
    private static final ThreadLocal<Writers> WRITERS = ThreadLocal.withInitial(Writers::new);

    private AvroFunctions() {}

    /// Binds `from_avro(avro, schema[, options])`.
    public static BoundExpr bindFromAvro(String name, List<BoundExpr> arguments) {
        BoundExpr avro = binary(name, arguments.getFirst());
        String schema = schema(name, 1, arguments);
        Map<String, String> options = options(name, 2, arguments);
        DataType type = AvroMessages.of(name, schema, options).type();
        ScalarFunction function = function("from_avro", AvroFunctions.class, "fromAvro", Nulls.STRICT_MAYBE_NULL);
        return new BoundExpr.Call(function, List.of(avro, constant(schema), constant(options)), type);
    }

    private static BoundExpr binary(String name, BoundExpr argument) {
        return switch (argument.type()) {
            case BinaryType _ -> argument;
            case NullType _ -> new BoundExpr.Cast(argument, DataTypes.BinaryType, CastFailure.ERROR);
            default -> throw mismatch(name, 0, argument, "a binary");
        };
    }

    private static String schema(String name, int at, List<BoundExpr> arguments) {
        if (!(arguments.get(at) instanceof BoundExpr.Literal(Scalar(Slice text, StringType _)))) {
            throw mismatch(name, at, arguments.get(at), "a constant string, a schema of Avro in JSON");
        }
        return text.toString();
    }

    /// Binds `to_avro(value[, schema])`.
    public static BoundExpr bindToAvro(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.getFirst();
        Schema schema = arguments.size() > 1
                ? AvroMessages.schema(name, schema(name, 1, arguments))
                : SchemaToAvro.value(value.type(), value.nullable());
        // refuses types that can't be written as the schema says, before anything runs
        CellWriter unused = CellWriters.of(value.type(), schema);
        ScalarFunction function = function("to_avro", AvroFunctions.class, "toAvro", Nulls.STRICT);
        List<BoundExpr> bound = List.of(value, constant(value.type().json()), constant(schema.toString()));
        return new BoundExpr.Call(function, bound, DataTypes.BinaryType);
    }

    /// Binds `schema_of_avro(schema[, options])`, which is a constant.
    public static BoundExpr bindSchemaOfAvro(String name, List<BoundExpr> arguments) {
        AvroMessages messages = AvroMessages.of(name, schema(name, 0, arguments), options(name, 1, arguments));
        return constant(SchemaFromAvro.strict(name).type(messages.asked(), "").sql());
    }

    /// The value of a message.
    public static @Nullable Object fromAvro(Slice avro, Slice schema, Map<?, ?> options) {
        return READERS.get().read(avro, schema, options);
    }

    /// A value as a message.
    public static Slice toAvro(Object value, Slice type, Slice schema) {
        return WRITERS.get().write(value, type, schema);
    }

    /// A thread's readers of schemas and options.
    private static final class Readers {
        private final Recent<MessageReader> readers = new Recent<>();

        @Nullable Object read(Slice avro, Slice schema, Map<?, ?> options) {
            return readers.of(schema, options, () -> reader(schema, options)).read(avro);
        }

        private static MessageReader reader(Slice schema, Map<?, ?> options) {
            return new MessageReader(AvroMessages.of(MessageReader.FUNCTION, schema.toString(), strings(options)));
        }
    }

    /// A thread's writers of types by schemas.
    private static final class Writers {
        private final Recent<MessageWriter> writers = new Recent<>();

        Slice write(Object value, Slice type, Slice schema) {
            return writers.of(schema, type, () -> writer(type, schema)).write(value);
        }

        private static MessageWriter writer(Slice type, Slice schema) {
            return new MessageWriter(
                    CellWriters.of(DataType.fromJson(type.toString()), new Schema.Parser().parse(schema.toString())));
        }
    }
}
