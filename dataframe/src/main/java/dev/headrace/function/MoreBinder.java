package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Binds functions that are made of others, or whose type depends on more than the types of their arguments.
final class MoreBinder {
    private MoreBinder() {}

    /// `nanvl`: the other value only matters if the first is NaN.
    static BoundExpr nanvl(String name, List<BoundExpr> arguments) {
        boolean floats = arguments.stream().allMatch(argument -> argument.type() instanceof FloatType);
        BoundExpr other = floats ? arguments.get(1) : number(name, arguments, 1);
        return Once.computed(name, floats ? arguments.get(0) : number(name, arguments, 0), value -> {
            BoundExpr isNan = FunctionRegistry.bindScalar("isnan", List.of(value));
            return new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(isNan, other)), Optional.of(value), other.type());
        });
    }

    private static BoundExpr number(String name, List<BoundExpr> arguments, int at) {
        BoundExpr argument = arguments.get(at);
        if (!Coercion.accepts(DataTypes.DoubleType, argument.type())) {
            throw ScalarBinder.mismatch(name, at, argument, "a number");
        }
        return cast(argument, DataTypes.DoubleType);
    }

    static BoundExpr between(String name, List<BoundExpr> arguments) {
        return Once.computed(
                name,
                arguments.get(0),
                value -> FunctionRegistry.bindScalar(
                        "and",
                        List.of(
                                FunctionRegistry.bindScalar(">=", List.of(value, arguments.get(1))),
                                FunctionRegistry.bindScalar("<=", List.of(value, arguments.get(2))))));
    }

    static BoundExpr zero(String name, List<BoundExpr> arguments) {
        String function = name.equals("nullifzero") ? "nullif" : "coalesce";
        return FunctionRegistry.bindScalar(
                function, List.of(arguments.getFirst(), new BoundExpr.Literal(Scalar.of(0))));
    }

    static BoundExpr elt(String name, List<BoundExpr> arguments) {
        List<BoundExpr> values = arguments.subList(1, arguments.size());
        if (values.isEmpty()) {
            throw new QueryException(
                    "WRONG_NUM_ARGS", "'" + name + "' was called with 1 argument. Expected: a position and values.");
        }
        boolean binary = values.stream().allMatch(value -> value.type() instanceof BinaryType);
        DataType type = binary ? DataTypes.BinaryType : DataTypes.StringType;
        List<BoundExpr> cast = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (!Coercion.accepts(type, values.get(i).type())) {
                throw ScalarBinder.mismatch(name, i + 1, values.get(i), "a string or a binary");
            }
            cast.add(cast(values.get(i), type));
        }
        return ScalarBinder.call(
                name,
                "MoreStrings.elt",
                ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                type,
                List.of(integer(name, arguments, 0), CollectionBinder.asList(cast)));
    }

    private static BoundExpr integer(String name, List<BoundExpr> arguments, int at) {
        if (!Coercion.accepts(DataTypes.IntegerType, arguments.get(at).type())) {
            throw ScalarBinder.mismatch(name, at, arguments.get(at), "an integer");
        }
        return cast(arguments.get(at), DataTypes.IntegerType);
    }

    static BoundExpr format(String name, List<BoundExpr> arguments) {
        if (!Coercion.accepts(DataTypes.StringType, arguments.getFirst().type())) {
            throw ScalarBinder.mismatch(name, 0, arguments.getFirst(), "a string");
        }
        return ScalarBinder.strict(
                name,
                "MoreStrings.format",
                DataTypes.StringType,
                cast(arguments.getFirst(), DataTypes.StringType),
                CollectionBinder.asList(arguments.subList(1, arguments.size())));
    }

    /// The arrays as one of structs, whose fields are called as the columns, or by their position.
    static BoundExpr arraysZip(String name, List<BoundExpr> arguments) {
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (!(arguments.get(i).type() instanceof ArrayType(DataType element, boolean _))) {
                throw ScalarBinder.mismatch(name, i, arguments.get(i), "an array");
            }
            String field = switch (arguments.get(i)) {
                case BoundExpr.Column column -> column.name();
                case BoundExpr.GetField(BoundExpr struct, int ordinal) ->
                    ((StructType) struct.type()).field(ordinal).name();
                default -> String.valueOf(i);
            };
            fields.add(new StructField(field, element, true));
        }
        return ScalarBinder.call(
                name,
                "ArrayFunctions.zip",
                ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                new ArrayType(new StructType(fields), false),
                List.of(CollectionBinder.asList(arguments)));
    }

    static BoundExpr mapEntries(String name, List<BoundExpr> arguments) {
        if (!(arguments.getFirst().type() instanceof MapType map)) {
            throw ScalarBinder.mismatch(name, 0, arguments.getFirst(), "a map");
        }
        StructType entry = new StructType(List.of(
                new StructField("key", map.keyType(), false),
                new StructField("value", map.valueType(), map.valueContainsNull())));
        return ScalarBinder.strict(name, "MapFunctions.entries", new ArrayType(entry, false), arguments.getFirst());
    }

    static BoundExpr mapFromEntries(String name, List<BoundExpr> arguments) {
        if (arguments.getFirst().type() instanceof ArrayType(StructType entry, boolean _) && entry.size() == 2) {
            MapType type = CollectionBinder.mapOf(
                    name,
                    entry.field(0).dataType(),
                    entry.field(1).dataType(),
                    entry.field(1).nullable());
            return ScalarBinder.call(
                    name, "MapFunctions.fromEntries", ScalarFunction.Nulls.STRICT_MAYBE_NULL, type, arguments);
        }
        throw ScalarBinder.mismatch(name, 0, arguments.getFirst(), "an array of structs of two fields");
    }

    /// `to_char`: by the type of the value, a date's pattern, a binary's encoding or a number's format.
    static BoundExpr toChar(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.get(0);
        return switch (value.type()) {
            case DateType _, TimestampType _, TimestampNTZType _ ->
                FunctionRegistry.bindScalar("date_format", arguments);
            case BinaryType _ ->
                ScalarBinder.strict(name, "MoreStrings.charOfBinary", DataTypes.StringType, value, arguments.get(1));
            case NumericType _, StringType _, NullType _ -> {
                NumberFormat format = NumberFormat.of(name, constant(name, arguments, 1));
                yield formatted(name, format, "write", DataTypes.StringType, decimal(value), false);
            }
            default -> throw ScalarBinder.mismatch(name, 0, value, "a number, a date, a timestamp or a binary");
        };
    }

    private static BoundExpr decimal(BoundExpr value) {
        DataType type = switch (value.type()) {
            case DecimalType decimal -> decimal;
            case FloatType _, DoubleType _, StringType _ -> new DecimalType(38, 18);
            case NumericType number -> DecimalType.forType(number);
            default -> new DecimalType(38, 18);
        };
        return cast(value, type);
    }

    static BoundExpr toNumber(String name, List<BoundExpr> arguments) {
        BoundExpr text = arguments.get(0);
        if (!(text.type() instanceof StringType) && !(text.type() instanceof NullType)) {
            throw ScalarBinder.mismatch(name, 0, text, "a string");
        }
        NumberFormat format = NumberFormat.of(name, constant(name, arguments, 1));
        boolean lenient = name.startsWith("try_");
        BoundExpr string = cast(text, DataTypes.StringType);
        return formatted(name, format, lenient ? "tryRead" : "read", format.type(), string, lenient);
    }

    private static BoundExpr formatted(
            String name, NumberFormat format, String method, DataType type, BoundExpr argument, boolean maybeNull) {
        ScalarFunction function = new ScalarFunction(
                name,
                ScalarBinder.method("NumberFormat." + method, List.of(argument.type())),
                maybeNull ? ScalarFunction.Nulls.STRICT_MAYBE_NULL : ScalarFunction.Nulls.STRICT,
                true,
                Optional.of(format));
        return new BoundExpr.Call(function, List.of(argument), type);
    }

    private static String constant(String name, List<BoundExpr> arguments, int at) {
        if (arguments.get(at) instanceof BoundExpr.Literal(Scalar(Slice text, StringType _))) {
            return text.toString();
        }
        throw ScalarBinder.mismatch(name, at, arguments.get(at), "a constant string");
    }

    /// `to_timestamp_ntz`, `to_timestamp_ltz` and `try_to_date` without a pattern: casts.
    static BoundExpr time(String name, List<BoundExpr> arguments) {
        DataType type = name.endsWith("_date")
                ? DataTypes.DateType
                : name.endsWith("_ntz") ? DataTypes.TimestampNTZType : DataTypes.TimestampType;
        if (!CastRules.allowed(arguments.getFirst().type(), type)) {
            throw ScalarBinder.mismatch(name, 0, arguments.getFirst(), "a string, a date or a timestamp");
        }
        CastFailure failure = name.startsWith("try_") ? CastFailure.NULL : CastFailure.ERROR;
        return Coercion.cast(arguments.getFirst(), type, failure);
    }

    /// A name that is known when a query is analyzed.
    static BoundExpr catalogName(String name, List<BoundExpr> arguments) {
        String value = switch (name.toLowerCase(Locale.ROOT)) {
            case "current_catalog" -> "spark_catalog";
            case "collation" -> "SYSTEM.BUILTIN.UTF8_BINARY";
            case "current_user", "user", "session_user" -> System.getProperty("user.name");
            default -> SessionFunctions.database();
        };
        return new BoundExpr.Literal(Scalar.of(value));
    }

    /// `format_number`, whose second argument is the number of decimals or a format.
    static BoundExpr formatNumber(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.get(0);
        boolean byFormat = arguments.get(1).type() instanceof StringType;
        boolean whole = ArithmeticBinder.isInteger(value.type());
        if (!(value.type() instanceof NumericType) && !(value.type() instanceof NullType)) {
            throw ScalarBinder.mismatch(name, 0, value, "a number");
        }
        BoundExpr number = value.type() instanceof DecimalType
                ? value
                : cast(value, whole ? DataTypes.LongType : DataTypes.DoubleType);
        BoundExpr how = byFormat ? arguments.get(1) : integer(name, arguments, 1);
        return ScalarBinder.call(
                name,
                "FormatFunctions.formatNumber",
                byFormat ? ScalarFunction.Nulls.STRICT : ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                DataTypes.StringType,
                List.of(number, how));
    }

    private static BoundExpr cast(BoundExpr expr, DataType type) {
        return Coercion.cast(expr, type, CastFailure.ERROR);
    }

    /// `with_field(struct, name, value)`; a name with points leads into nested structs.
    static BoundExpr withField(String name, List<BoundExpr> arguments) {
        return withField(arguments.getFirst(), constant(name, arguments, 1).split("\\."), 0, arguments.get(2));
    }

    private static BoundExpr withField(BoundExpr struct, String[] path, int depth, BoundExpr value) {
        if (!(struct.type() instanceof StructType type)) {
            throw ScalarBinder.mismatch("withField", 0, struct, "a struct");
        }
        List<StructField> fields = new ArrayList<>();
        List<BoundExpr> values = new ArrayList<>();
        boolean replaced = false;
        for (int i = 0; i < type.size(); i++) {
            BoundExpr field = new BoundExpr.GetField(struct, i);
            if (type.field(i).name().equalsIgnoreCase(path[depth])) {
                replaced = true;
                field = depth + 1 < path.length ? withField(field, path, depth + 1, value) : value;
            }
            values.add(field);
            fields.add(new StructField(type.field(i).name(), field.type(), field.nullable()));
        }
        if (!replaced) {
            if (depth + 1 < path.length) {
                throw new QueryException(
                        "FIELD_NOT_FOUND",
                        "'" + path[depth] + "' is not a field of '" + struct.text() + "', which is "
                                + type.simpleString() + ".");
            }
            values.add(value);
            fields.add(new StructField(path[depth], value.type(), value.nullable()));
        }
        return unlessNull(struct, new BoundExpr.MakeStruct(values, new StructType(fields)));
    }

    private static BoundExpr unlessNull(BoundExpr struct, BoundExpr made) {
        if (!struct.nullable()) {
            return made;
        }
        BoundExpr present = new BoundExpr.Not(new BoundExpr.IsNull(struct));
        return new BoundExpr.Case(List.of(new BoundExpr.Case.Branch(present, made)), Optional.empty(), made.type());
    }

    /// `drop_fields(struct, name…)`; a name with points leads into nested structs, and nothing is dropped where there
    /// is none of that name.
    static BoundExpr dropFields(String name, List<BoundExpr> arguments) {
        BoundExpr struct = arguments.getFirst();
        if (!(struct.type() instanceof StructType)) {
            throw ScalarBinder.mismatch(name, 0, struct, "a struct");
        }
        for (int i = 1; i < arguments.size(); i++) {
            struct = withoutField(struct, constant(name, arguments, i).split("\\."), 0);
        }
        return struct;
    }

    private static BoundExpr withoutField(BoundExpr struct, String[] path, int depth) {
        if (!(struct.type() instanceof StructType type)) {
            throw ScalarBinder.mismatch("dropFields", 0, struct, "a struct");
        }
        if (type.names().stream().noneMatch(path[depth]::equalsIgnoreCase)) {
            return struct;
        }
        List<StructField> fields = new ArrayList<>();
        List<BoundExpr> values = new ArrayList<>();
        for (int i = 0; i < type.size(); i++) {
            BoundExpr field = new BoundExpr.GetField(struct, i);
            if (type.field(i).name().equalsIgnoreCase(path[depth])) {
                if (depth + 1 == path.length) {
                    continue;
                }
                field = withoutField(field, path, depth + 1);
            }
            values.add(field);
            fields.add(new StructField(type.field(i).name(), field.type(), field.nullable()));
        }
        if (fields.isEmpty()) {
            throw new QueryException(
                    "CANNOT_DROP_ALL_FIELDS",
                    "dropFields would leave nothing of '" + struct.text() + "', which is " + type.simpleString() + ".");
        }
        return unlessNull(struct, new BoundExpr.MakeStruct(values, new StructType(fields)));
    }
}
