package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
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
        MapType type = mapOf(name, key, value, values.stream().anyMatch(BoundExpr::nullable));
        return ScalarBinder.strict(name, "MapFunctions.make", type, asList(entries));
    }

    /// @throws QueryException `DATATYPE_MISMATCH` if keys of this type can't be compared
    static MapType mapOf(String name, DataType key, DataType value, boolean containsNull) {
        if (!canBeKey(key)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + name + "' would make a map whose keys are " + key.simpleString()
                            + ". Keys can be of any type without maps and variants in it.");
        }
        return new MapType(key, value, containsNull);
    }

    /// Whether it has neither maps nor variants in it.
    static boolean canBeKey(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType(DataType element, boolean _) -> canBeKey(element);
            case StructType struct -> struct.fieldList().stream().allMatch(field -> canBeKey(field.dataType()));
            case DataType _ -> true;
        };
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

    /// `sequence`: of the type that start and stop have in common, and for numbers the step.
    static BoundExpr sequence(String name, List<BoundExpr> arguments) {
        boolean byInterval = arguments.size() > 2 && arguments.get(2).type() instanceof AnsiIntervalType;
        DataType common = common(name, byInterval ? arguments.subList(0, 2) : arguments);
        DataType type = common instanceof NullType ? DataTypes.IntegerType : common;
        String method = switch (type) {
            case ByteType _, ShortType _, IntegerType _, LongType _ -> byInterval ? null : "ArrayFunctions.sequence";
            case DateType _ -> "TimeSequences.dates";
            case TimestampType _ -> "TimeSequences.times";
            case TimestampNTZType _ -> "TimeSequences.localTimes";
            default -> null;
        };
        if (method == null) {
            throw ScalarBinder.mismatch(
                    name, 0, arguments.getFirst(), "an integer, a date or a timestamp, by a step of its kind");
        }
        List<BoundExpr> values = new ArrayList<>(castAll(arguments.subList(0, 2), computed(type)));
        if (arguments.size() > 2) {
            values.add(step(name, arguments.get(2), type));
        }
        BoundExpr elements = ScalarBinder.call(
                name, method, ScalarFunction.Nulls.STRICT, new ArrayType(computed(type), false), values);
        return cast(elements, new ArrayType(type, false));
    }

    private static BoundExpr step(String name, BoundExpr step, DataType type) {
        if (step.type() instanceof AnsiIntervalType) {
            return step;
        }
        if (Coercion.isTime(type)) {
            if (!(step.type() instanceof NullType)) {
                throw ScalarBinder.mismatch(name, 2, step, "an interval");
            }
            return cast(step, new DayTimeIntervalType(DayTimeIntervalType.DAY(), DayTimeIntervalType.SECOND()));
        }
        return cast(step, computed(type));
    }

    /// What sequences of a type are computed as.
    private static DataType computed(DataType type) {
        return type instanceof ByteType || type instanceof ShortType ? DataTypes.IntegerType : type;
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
                "'" + field + "' is not a field of '" + struct.text() + "', which is " + type.simpleString() + ". "
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
