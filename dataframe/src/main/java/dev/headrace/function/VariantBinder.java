package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import dev.headrace.variant.VariantPath;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Binds the functions of variants, and casts from and to them.
final class VariantBinder {
    private static final VariantPath WHOLE = VariantPath.parse("$").orElseThrow();
    private static final StructType ENTRY = new StructType()
            .add("pos", DataTypes.IntegerType, false)
            .add("key", DataTypes.StringType, true)
            .add("value", DataTypes.VariantType, false);

    private VariantBinder() {}

    static BoundExpr parse(String name, List<BoundExpr> arguments) {
        BoundExpr json = arguments.getFirst();
        if (!(json.type() instanceof StringType) && !(json.type() instanceof NullType)) {
            throw ScalarBinder.mismatch(name, 0, json, "a string");
        }
        BoundExpr text = Coercion.cast(json, DataTypes.StringType, CastFailure.ERROR);
        return name.equals("parse_json")
                ? ScalarBinder.strict(name, "VariantFunctions.parseJson", DataTypes.VariantType, text)
                : ScalarBinder.call(
                        name,
                        "VariantFunctions.tryParseJson",
                        ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                        DataTypes.VariantType,
                        List.of(text));
    }

    /// `variant_get(variant, path[, type])`.
    static BoundExpr get(String name, List<BoundExpr> arguments) {
        BoundExpr variant = variant(name, arguments);
        if (!(arguments.get(1) instanceof BoundExpr.Literal(Scalar(Slice path, StringType _)))) {
            throw ScalarBinder.mismatch(name, 1, arguments.get(1), "a constant path, such as '$.items[0].id'");
        }
        VariantPath steps = VariantPath.parse(path.toString())
                .orElseThrow(() -> new QueryException(
                        "INVALID_VARIANT_GET_PATH",
                        name + ": '" + path + "' is no path into a variant. A path is $ and steps such as .name,"
                                + " ['name'], [\"name\"] or [0]."));
        DataType type = arguments.size() == 2 ? DataTypes.VariantType : type(name, arguments.get(2));
        if (!VariantCells.canComeOfVariant(type)) {
            throw noCast(variant, type);
        }
        return call(name, "get", new VariantCast(steps, type, name.startsWith("try_")), type, variant);
    }

    private static DataType type(String name, BoundExpr argument) {
        if (argument instanceof BoundExpr.Literal(Scalar(Slice text, StringType _))) {
            return DataType.fromDDL(text.toString());
        }
        throw ScalarBinder.mismatch(name, 2, argument, "a constant type, such as 'int'");
    }

    private static BoundExpr call(
            String name, String method, VariantCast receiver, DataType result, BoundExpr argument) {
        Method found = Arrays.stream(VariantCast.class.getMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .findFirst()
                .orElseThrow();
        ScalarFunction.Nulls nulls =
                method.equals("get") ? ScalarFunction.Nulls.STRICT_MAYBE_NULL : ScalarFunction.Nulls.STRICT;
        ScalarFunction function = new ScalarFunction(name, found, nulls, true, Optional.of(receiver));
        return new BoundExpr.Call(function, List.of(argument), result);
    }

    private static BoundExpr variant(String name, List<BoundExpr> arguments) {
        BoundExpr argument = arguments.getFirst();
        if (argument.type() instanceof NullType) {
            return Coercion.cast(argument, DataTypes.VariantType, CastFailure.ERROR);
        }
        if (!(argument.type() instanceof VariantType)) {
            throw ScalarBinder.mismatch(name, 0, argument, "a variant");
        }
        return argument;
    }

    static BoundExpr isNull(String name, List<BoundExpr> arguments) {
        return ScalarBinder.call(
                name,
                "VariantFunctions.isNull",
                ScalarFunction.Nulls.CALLED_NEVER_NULL,
                DataTypes.BooleanType,
                List.of(variant(name, arguments)));
    }

    static BoundExpr schemaOf(String name, List<BoundExpr> arguments) {
        return ScalarBinder.strict(name, "VariantFunctions.schemaOf", DataTypes.StringType, variant(name, arguments));
    }

    static BoundExpr entries(String name, List<BoundExpr> arguments) {
        return ScalarBinder.call(
                name,
                "VariantFunctions.entries",
                ScalarFunction.Nulls.STRICT_MAYBE_NULL,
                new ArrayType(ENTRY, false),
                List.of(variant(name, arguments)));
    }

    /// `to_variant_object`, also of structs and maps.
    static BoundExpr object(String name, List<BoundExpr> arguments) {
        BoundExpr value = arguments.getFirst();
        if (!value.type().isNested() || !VariantCells.canBeVariant(value.type(), true)) {
            throw ScalarBinder.mismatch(
                    name, 0, value, "a struct, a map with strings as keys, or an array, without intervals");
        }
        return make(name, value);
    }

    private static BoundExpr make(String name, BoundExpr value) {
        return call(name, "make", new VariantCast(WHOLE, value.type(), false), DataTypes.VariantType, value);
    }

    /// A cast from or to variant; empty if it is neither.
    static Optional<BoundExpr> cast(BoundExpr value, DataType type, CastFailure failure) {
        if (type instanceof VariantType) {
            if (!VariantCells.canBeVariant(value.type(), false)) {
                throw noCast(value, type);
            }
            return Optional.of(make("cast", value));
        }
        if (!(value.type() instanceof VariantType)) {
            return Optional.empty();
        }
        if (!VariantCells.canComeOfVariant(type)) {
            throw noCast(value, type);
        }
        return Optional.of(call("cast", "get", new VariantCast(WHOLE, type, failure == CastFailure.NULL), type, value));
    }

    private static QueryException noCast(BoundExpr value, DataType type) {
        return new QueryException(
                "DATATYPE_MISMATCH",
                "'" + value.text() + "' is of type " + value.type().simpleString() + " and can't be cast to "
                        + type.simpleString() + "."
                        + (type instanceof VariantType && value.type().isNested() ? " Use to_variant_object." : ""));
    }
}
