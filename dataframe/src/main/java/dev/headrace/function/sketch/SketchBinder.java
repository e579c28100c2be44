package dev.headrace.function.sketch;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.aggregate.Aggregates;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.IntegerType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Binds the functions of sketches whose types depend on their names or arguments. The function table names its
/// methods.
public final class SketchBinder {
    private SketchBinder() {}

    /// `kll_sketch_get_n_…`, `…_get_quantile_…`, `…_get_rank_…`, `…_merge_…` and `…_to_string_…`.
    public static BoundExpr kll(String name, List<BoundExpr> arguments) {
        BoundExpr sketch = binary(name, arguments, 0);
        DataType values = KllKind.of(name).type();
        return switch (name.substring("kll_sketch_".length(), name.lastIndexOf('_'))) {
            case "get_n" -> kll(name, "count", DataTypes.LongType, sketch);
            case "to_string" -> kll(name, "text", DataTypes.StringType, sketch);
            case "merge" -> kll(name, "merge", DataTypes.BinaryType, sketch, binary(name, arguments, 1));
            case "get_quantile" -> kllOf(name, "quantile", sketch, arguments.get(1), DataTypes.DoubleType, values);
            case "get_rank" -> kllOf(name, "rank", sketch, arguments.get(1), values, DataTypes.DoubleType);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// A call with one argument or an array of such, which gives one result or an array.
    private static BoundExpr kllOf(
            String name, String method, BoundExpr sketch, BoundExpr argument, DataType wanted, DataType result) {
        if (argument.type() instanceof ArrayType(DataType element, boolean _)) {
            checkNumber(name, argument, element);
            BoundExpr all = Coercion.cast(argument, new ArrayType(wanted, true), CastFailure.ERROR);
            return kll(name, method + "s", new ArrayType(result, true), sketch, all);
        }
        checkNumber(name, argument, argument.type());
        return kll(name, method, result, sketch, Coercion.cast(argument, wanted, CastFailure.ERROR));
    }

    private static void checkNumber(String name, BoundExpr argument, DataType type) {
        if (!(type instanceof NumericType) && !(type instanceof StringType) && !(type instanceof NullType)) {
            throw Aggregates.mismatch(name, 1, argument, "a number, or an array of such");
        }
    }

    private static BoundExpr kll(String name, String method, DataType result, BoundExpr... arguments) {
        return call(name, new KllCalls(name), method, result, List.of(arguments));
    }

    private static BoundExpr call(
            String name, Record receiver, String method, DataType result, List<BoundExpr> arguments) {
        Method found = Arrays.stream(receiver.getClass().getMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .findFirst()
                .orElseThrow();
        ScalarFunction function =
                new ScalarFunction(name, found, ScalarFunction.Nulls.STRICT, true, Optional.of(receiver));
        return new BoundExpr.Call(function, arguments, result);
    }

    private static BoundExpr binary(String name, List<BoundExpr> arguments, int at) {
        BoundExpr argument = arguments.get(at);
        if (!(argument.type() instanceof BinaryType) && !(argument.type() instanceof NullType)) {
            throw Aggregates.mismatch(name, at, argument, "a binary");
        }
        return Coercion.cast(argument, DataTypes.BinaryType, CastFailure.ERROR);
    }

    /// `approx_top_k_estimate(sketch[, k])`.
    public static BoundExpr topItems(String name, List<BoundExpr> arguments) {
        BoundExpr sketch = arguments.getFirst();
        DataType items = itemsOf(name, sketch);
        int k = arguments.size() < 2 ? TopItems.DEFAULT_K : positive(name, "k", arguments.get(1));
        ItemCodec codec = new ItemCodec(items);
        return call(
                name,
                new TopItemsEstimate(items, k),
                "estimate",
                new ArrayType(codec.entry(), false),
                new ArrayList<>(List.of(sketch)));
    }

    /// The type of the items of a sketch that `approx_top_k_accumulate` made.
    static DataType itemsOf(String name, BoundExpr sketch) {
        if (sketch.type() instanceof StructType struct
                && struct.size() == 4
                && struct.field(0).dataType() instanceof BinaryType
                && struct.field(1).dataType() instanceof IntegerType
                && ItemCodec.takes(struct.field(2).dataType())
                && struct.field(3).dataType() instanceof StringType) {
            return struct.field(2).dataType();
        }
        throw Aggregates.mismatch(
                name,
                0,
                sketch,
                "what approx_top_k_accumulate gives, struct<sketch:binary,maxItemsTracked:int,itemDataType:…,"
                        + "itemDataTypeDDL:string>");
    }

    /// A constant integer of at least 1.
    static int positive(String name, String parameter, BoundExpr argument) {
        if (!(argument.type() instanceof NumericType) && !(argument.type() instanceof NullType)) {
            throw wrong("DATATYPE_MISMATCH", name, parameter, argument);
        }
        if (!(Coercion.cast(argument, DataTypes.IntegerType, CastFailure.ERROR)
                instanceof BoundExpr.Literal(Scalar value))) {
            throw wrong("DATATYPE_MISMATCH", name, parameter, argument);
        }
        if (value.value() == null) {
            throw wrong("APPROX_TOP_K_NULL_ARG", name, parameter, argument);
        }
        int number = (Integer) value.value();
        if (number < 1) {
            throw wrong("APPROX_TOP_K_NON_POSITIVE_ARG", name, parameter, argument);
        }
        return number;
    }

    private static QueryException wrong(String code, String name, String parameter, BoundExpr argument) {
        return new QueryException(
                code,
                name + ": " + parameter + " is '" + argument.text()
                        + "'. It must be a constant integer of at least 1.");
    }
}
