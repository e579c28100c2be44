package dev.headrace.parse;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.ScalarFunction.Nulls;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The arguments of functions such as `from_json` and `to_csv`: a text, a schema, options.
public final class FormatArguments {
    private static final MapType OPTIONS_TYPE = new MapType(DataTypes.StringType, DataTypes.StringType, false);

    private FormatArguments() {}

    /// The argument of a text to read: a string or binary.
    ///
    /// @param name the function's
    /// @throws QueryException `DATATYPE_MISMATCH` for other types
    public static BoundExpr text(String name, BoundExpr argument) {
        return switch (argument.type()) {
            case StringType _, BinaryType _ -> argument;
            case NullType _ -> new BoundExpr.Cast(argument, DataTypes.StringType, CastFailure.ERROR);
            default -> throw mismatch(name, 0, argument, "a string or binary");
        };
    }

    /// The type that the second argument, a constant, says in SQL or JSON.
    ///
    /// @throws QueryException `DATATYPE_MISMATCH` if it is no constant string, and what is said about its text
    public static DataType schema(String name, BoundExpr argument) {
        if (!(argument instanceof BoundExpr.Literal(Scalar(Slice text, StringType _)))) {
            throw mismatch(name, 1, argument, "a constant string, such as 'id bigint, name string'");
        }
        String schema = text.toString().strip();
        boolean json = schema.startsWith("{") || schema.startsWith("\"");
        return json ? DataType.fromJson(schema) : DataType.fromDDL(schema);
    }

    /// The type with everything in it nullable, since a text can lack anything.
    public static DataType nullable(DataType type) {
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

    /// The options of an argument that is a constant map.
    ///
    /// @param at the argument's ordinal
    /// @throws QueryException `DATATYPE_MISMATCH` if it is none
    public static Map<String, String> options(String name, int at, List<BoundExpr> arguments) {
        if (arguments.size() <= at) {
            return Map.of();
        }
        BoundExpr argument = arguments.get(at);
        return switch (argument) {
            case BoundExpr.Literal(Scalar(Map<?, ?> map, DataType _)) -> strings(map);
            case BoundExpr.Call(ScalarFunction function, List<BoundExpr> entries, DataType _, var _)
                    when function.name().equals("map") -> constantEntries(name, at, argument, flat(entries));
            default -> throw mismatch(name, at, argument);
        };
    }

    /// The arguments, also when they come as one list.
    private static List<BoundExpr> flat(List<BoundExpr> arguments) {
        return arguments.size() == 1 ? arguments.getFirst().operands() : arguments;
    }

    private static Map<String, String> constantEntries(
            String name, int at, BoundExpr argument, List<BoundExpr> entries) {
        Map<String, String> options = new LinkedHashMap<>();
        if (entries.size() % 2 != 0) {
            throw mismatch(name, at, argument);
        }
        for (int i = 0; i < entries.size(); i += 2) {
            if (!(entries.get(i) instanceof BoundExpr.Literal(Scalar(Slice key, DataType _)))
                    || !(entries.get(i + 1) instanceof BoundExpr.Literal(Scalar(Slice value, DataType _)))) {
                throw mismatch(name, at, argument);
            }
            options.put(key.toString(), value.toString());
        }
        return options;
    }

    private static QueryException mismatch(String name, int at, BoundExpr options) {
        return mismatch(name, at, options, "a constant map of strings, such as map('mode', 'FAILFAST')");
    }

    /// The error for an argument that is not what is expected.
    ///
    /// @param at its ordinal
    public static QueryException mismatch(String name, int at, BoundExpr found, String expected) {
        return new QueryException(
                "DATATYPE_MISMATCH",
                "Argument " + (at + 1) + " of '" + name + "' is '" + found.text() + "' of type "
                        + found.type().simpleString() + ": expected " + expected + ".");
    }

    /// A map of cells as strings.
    public static Map<String, String> strings(@Nullable Map<?, ?> map) {
        Map<String, String> strings = new TreeMap<>();
        if (map != null) {
            map.forEach((key, value) -> strings.put(key.toString(), String.valueOf(value)));
        }
        return strings;
    }

    public static BoundExpr constant(String text) {
        return new BoundExpr.Literal(Scalar.of(text));
    }

    public static BoundExpr constant(Map<String, String> options) {
        Map<Object, @Nullable Object> cells = new LinkedHashMap<>();
        options.forEach((key, value) -> cells.put(Slice.utf8(key), Slice.utf8(value)));
        return new BoundExpr.Literal(new Scalar(cells, OPTIONS_TYPE));
    }

    /// The function that a public method of a class is.
    ///
    /// @param name the function's, such as `from_json`
    /// @param method the method's; the class has one of this name
    public static ScalarFunction function(String name, Class<?> type, String method, Nulls nulls) {
        Method found = Arrays.stream(type.getMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .findFirst()
                .orElseThrow();
        return new ScalarFunction(name, found, nulls, true);
    }
}
