package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
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
import java.util.ArrayList;
import java.util.List;

/// Binds what makes arrays, maps and structs, and what takes them apart; and `concat`, which joins arrays and strings.
final class CollectionBinder {
    private CollectionBinder() {}

    static BoundExpr array(String name, List<BoundExpr> arguments) {
        DataType element = common(name, arguments);
        List<BoundExpr> elements = castAll(arguments, element);
        boolean containsNull = elements.stream().anyMatch(BoundExpr::nullable);
        return ScalarBinder.strict(name, "ArrayFunctions.make", new ArrayType(element, containsNull), asList(elements));
    }

    static BoundExpr map(String name, List<BoundExpr> arguments) {
        checkPairs(name, arguments);
        List<BoundExpr> keys = new ArrayList<>();
        List<BoundExpr> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            keys.add(arguments.get(i));
            values.add(arguments.get(i + 1));
        }
        DataType key = common(name, keys);
        DataType value = common(name, values);
        List<BoundExpr> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            entries.add(cast(keys.get(i), key));
            entries.add(cast(values.get(i), value));
        }
        MapType type = new MapType(key, value, values.stream().anyMatch(BoundExpr::nullable));
        return ScalarBinder.strict(name, "MapFunctions.make", type, asList(entries));
    }

    static BoundExpr struct(String name, List<BoundExpr> arguments) {
        List<StructField> fields = new ArrayList<>();
        for (BoundExpr argument : arguments) {
            String field = switch (argument) {
                case BoundExpr.Column column -> column.name();
                case BoundExpr.GetField(BoundExpr struct, int ordinal) ->
                    ((StructType) struct.type()).field(ordinal).name();
                default -> "col" + (fields.size() + 1);
            };
            fields.add(new StructField(field, argument.type(), argument.nullable()));
        }
        return new BoundExpr.MakeStruct(arguments, new StructType(fields));
    }

    static BoundExpr namedStruct(String name, List<BoundExpr> arguments) {
        checkPairs(name, arguments);
        List<StructField> fields = new ArrayList<>();
        List<BoundExpr> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            BoundExpr value = arguments.get(i + 1);
            if (!(arguments.get(i) instanceof BoundExpr.Literal(Scalar(Slice field, DataType _)))) {
                throw ScalarBinder.mismatch(name, i, arguments.get(i), "a constant string, the field's name");
            }
            fields.add(new StructField(field.toString(), value.type(), value.nullable()));
            values.add(value);
        }
        return new BoundExpr.MakeStruct(values, new StructType(fields));
    }

    private static void checkPairs(String name, List<BoundExpr> arguments) {
        if (arguments.size() % 2 != 0) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "'" + name + "' was called with " + arguments.size()
                            + " arguments. Expected: pairs, an even number of arguments.");
        }
    }

    /// All arguments as one value of Java's `List`, as a function of any number of arguments takes them.
    static BoundExpr asList(List<BoundExpr> arguments) {
        List<StructField> fields = new ArrayList<>();
        for (BoundExpr argument : arguments) {
            fields.add(new StructField("col" + (fields.size() + 1), argument.type(), argument.nullable()));
        }
        return new BoundExpr.MakeStruct(arguments, new StructType(fields));
    }

    static BoundExpr concat(String name, List<BoundExpr> arguments) {
        if (arguments.stream().anyMatch(argument -> argument.type() instanceof ArrayType)) {
            DataType common = common(name, arguments);
            return castAll(arguments, common).stream()
                    .reduce((a, b) -> ScalarBinder.strict(name, "ArrayFunctions.concat", common, a, b))
                    .orElseThrow();
        }
        for (int i = 0; i < arguments.size(); i++) {
            if (!Coercion.accepts(DataTypes.StringType, arguments.get(i).type())) {
                throw ScalarBinder.mismatch(name, i, arguments.get(i), "a string, a binary or an array");
            }
        }
        boolean binary = arguments.stream().allMatch(argument -> argument.type() instanceof BinaryType);
        DataType type = binary ? DataTypes.BinaryType : DataTypes.StringType;
        return joined(castAll(arguments, type), type);
    }

    /// Up to four at a time, so that long texts are not copied once per argument.
    private static BoundExpr joined(List<BoundExpr> parts, DataType type) {
        List<BoundExpr> left = parts;
        while (left.size() > 1) {
            int taken = Math.min(4, left.size());
            List<BoundExpr> rest = new ArrayList<>();
            rest.add(ScalarBinder.call(
                    "concat", "StringFunctions.concat", ScalarFunction.Nulls.STRICT, type, left.subList(0, taken)));
            rest.addAll(left.subList(taken, left.size()));
            left = rest;
        }
        return left.getFirst();
    }

    static BoundExpr concatWs(String name, List<BoundExpr> arguments) {
        List<BoundExpr> parts = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            BoundExpr argument = arguments.get(i);
            boolean strings = i > 0 && argument.type() instanceof ArrayType;
            DataType wanted = strings ? new ArrayType(DataTypes.StringType, true) : DataTypes.StringType;
            if (!Coercion.accepts(wanted, argument.type())) {
                throw ScalarBinder.mismatch(name, i, argument, "a string" + (i > 0 ? " or an array of strings" : ""));
            }
            parts.add(cast(argument, wanted));
        }
        return ScalarBinder.strict(
                name,
                "StringFunctions.concatWs",
                DataTypes.StringType,
                parts.getFirst(),
                asList(parts.subList(1, parts.size())));
    }

    static BoundExpr getItem(String name, List<BoundExpr> arguments) {
        BoundExpr collection = arguments.get(0);
        BoundExpr key = arguments.get(1);
        return switch (collection.type()) {
            case ArrayType(DataType element, boolean _) -> {
                if (!ArithmeticBinder.isInteger(key.type()) && !(key.type() instanceof NullType)) {
                    throw ScalarBinder.mismatch(name, 1, key, "an integer, the index from 0");
                }
                yield ScalarBinder.call(
                        name,
                        "ArrayFunctions.getItem",
                        ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                        element,
                        List.of(collection, cast(key, DataTypes.IntegerType)));
            }
            case MapType map -> {
                if (!Coercion.accepts(map.keyType(), key.type())) {
                    throw ScalarBinder.mismatch(name, 1, key, map.keyType().simpleString());
                }
                yield ScalarBinder.call(
                        name,
                        "MapFunctions.get",
                        ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                        map.valueType(),
                        List.of(collection, cast(key, map.keyType())));
            }
            case StructType struct -> field(name, collection, struct, key);
            default -> throw ScalarBinder.mismatch(name, 0, collection, "an array, a map or a struct");
        };
    }

    private static BoundExpr field(String name, BoundExpr struct, StructType type, BoundExpr key) {
        if (!(key instanceof BoundExpr.Literal(Scalar(Slice slice, StringType _)))) {
            throw ScalarBinder.mismatch(name, 1, key, "a constant string, the field's name");
        }
        String field = slice.toString();
        for (int i = 0; i < type.size(); i++) {
            if (type.field(i).name().equalsIgnoreCase(field)) {
                return new BoundExpr.GetField(struct, i);
            }
        }
        throw new QueryException(
                "FIELD_NOT_FOUND",
                "'" + field + "' is not a field of '" + struct + "', which is " + type.simpleString() + ". "
                        + Suggestion.didYouMean(field, type.names()));
    }

    private static DataType common(String name, List<BoundExpr> values) {
        return ConditionBinder.common(name, values);
    }

    private static List<BoundExpr> castAll(List<BoundExpr> exprs, DataType type) {
        return exprs.stream().map(expr -> cast(expr, type)).toList();
    }

    private static BoundExpr cast(BoundExpr expr, DataType type) {
        return Coercion.cast(expr, type, CastFailure.ERROR);
    }
}
