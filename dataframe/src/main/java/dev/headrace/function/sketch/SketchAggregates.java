package dev.headrace.function.sketch;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.function.aggregate.Aggregates;
import dev.headrace.function.aggregate.Fold;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Binds the calls of aggregate functions that make or merge sketches.
public final class SketchAggregates {
    private static final List<DataType> INTEGERS =
            List.of(DataTypes.LongType, DataTypes.IntegerType, DataTypes.ShortType, DataTypes.ByteType);
    private static final List<DataType> BINARY = List.of(DataTypes.BinaryType);
    /// The most counters that a count-min sketch may have: 512 MB of them.
    private static final long MOST_COUNTERS = 1L << 26;

    private final String name;
    private final List<BoundExpr> arguments;
    private final boolean distinct;

    private SketchAggregates(String name, List<BoundExpr> arguments, boolean distinct) {
        this.name = name;
        this.arguments = arguments;
        this.distinct = distinct;
    }

    /// @param name the function's name in lower case
    /// @param arguments as many as the function takes
    /// @return empty if there is no such function here
    /// @throws QueryException `DATATYPE_MISMATCH`, or Spark's condition for a parameter that is out of its range
    public static Optional<AggregateCall> bind(String name, List<BoundExpr> arguments, boolean distinct) {
        return new SketchAggregates(name, arguments, distinct).bind();
    }

    private Optional<AggregateCall> bind() {
        return switch (name) {
            case "hll_sketch_agg" ->
                call(
                        new HllFold(lgConfigK()),
                        value(
                                "an int, a bigint, a string or a binary",
                                List.of(
                                        DataTypes.IntegerType,
                                        DataTypes.LongType,
                                        DataTypes.StringType,
                                        DataTypes.BinaryType)));
            case "hll_union_agg" -> call(new HllUnionFold(flag(1)), value("a binary", BINARY));
            case "theta_sketch_agg" ->
                call(
                        new ThetaFold(lgNomEntries(), false),
                        value(
                                "an int, a bigint, a float, a double, a string, a binary or an array of ints or"
                                        + " bigints",
                                List.of(
                                        DataTypes.IntegerType,
                                        DataTypes.LongType,
                                        DataTypes.FloatType,
                                        DataTypes.DoubleType,
                                        DataTypes.StringType,
                                        DataTypes.BinaryType,
                                        new ArrayType(DataTypes.IntegerType, true),
                                        new ArrayType(DataTypes.LongType, true))));
            case "theta_union_agg" -> call(new ThetaFold(lgNomEntries(), true), value("a binary", BINARY));
            case "theta_intersection_agg" -> call(new ThetaIntersectionFold(), value("a binary", BINARY));
            case "kll_sketch_agg_bigint" -> call(kll(false), cast(value("an integer", INTEGERS), DataTypes.LongType));
            case "kll_sketch_agg_float" -> call(kll(false), value("a float", List.of(DataTypes.FloatType)));
            case "kll_sketch_agg_double" ->
                call(
                        kll(false),
                        cast(
                                value("a float or a double", List.of(DataTypes.DoubleType, DataTypes.FloatType)),
                                DataTypes.DoubleType));
            case "kll_merge_agg_bigint", "kll_merge_agg_float", "kll_merge_agg_double" ->
                call(kll(true), value("a binary", BINARY));
            case "approx_top_k" -> {
                int k = arguments.size() < 2 ? TopItems.DEFAULT_K : SketchBinder.positive(name, "k", arguments.get(1));
                yield call(new TopItemsFold.Most(codec(), k, maxItems(2, k)), arguments.getFirst());
            }
            case "approx_top_k_accumulate" ->
                call(new TopItemsFold.Accumulate(codec(), maxItems(1, 1)), arguments.getFirst());
            case "approx_top_k_combine" ->
                call(
                        new TopItemsCombine(
                                SketchBinder.itemsOf(name, arguments.getFirst()),
                                arguments.size() < 2 ? OptionalInt.empty() : OptionalInt.of(maxItems(1, 1))),
                        arguments.getFirst());
            case "count_min_sketch" -> call(countMin(), countedValue());
            default -> Optional.empty();
        };
    }

    private Optional<AggregateCall> call(Fold<?> fold, BoundExpr value) {
        return Optional.of(new AggregateCall(fold.named(name), List.of(value), distinct, Optional.empty()));
    }

    private static BoundExpr cast(BoundExpr argument, DataType type) {
        return Coercion.cast(argument, type, CastFailure.ERROR);
    }

    /// The first argument, which is of one of these types. A null without a type becomes one of the first.
    private BoundExpr value(String expected, List<DataType> types) {
        BoundExpr value = arguments.getFirst();
        if (value.type() instanceof NullType) {
            return cast(value, types.getFirst());
        }
        for (DataType type : types) {
            boolean same = type instanceof ArrayType(DataType wanted, boolean _)
                    ? value.type() instanceof ArrayType(DataType element, boolean _) && wanted.equals(element)
                    : type.equals(value.type());
            if (same) {
                return value;
            }
        }
        throw Aggregates.mismatch(name, 0, value, expected);
    }

    /// Spark counts every integer as a bigint, and the bytes of texts and binaries.
    private BoundExpr countedValue() {
        BoundExpr value = value(
                "an integer, a string or a binary",
                List.of(
                        DataTypes.LongType,
                        DataTypes.IntegerType,
                        DataTypes.ShortType,
                        DataTypes.ByteType,
                        DataTypes.StringType,
                        DataTypes.BinaryType));
        return value.type() instanceof NumericType ? cast(value, DataTypes.LongType) : value;
    }

    private boolean flag(int at) {
        if (arguments.size() <= at) {
            return false;
        }
        if (arguments.get(at) instanceof BoundExpr.Literal(Scalar(Boolean value, BooleanType _))) {
            return value;
        }
        throw Aggregates.mismatch(name, at, arguments.get(at), "a constant, true or false");
    }

    private int lgConfigK() {
        return within(
                        "lgConfigK",
                        Hll.MIN_LG_K,
                        Hll.MAX_LG_K,
                        OptionalInt.of(Hll.DEFAULT_LG_K),
                        "HLL_K_MUST_BE_CONSTANT",
                        "HLL_INVALID_LG_K")
                .orElseThrow();
    }

    private int lgNomEntries() {
        return within(
                        "lgNomEntries",
                        Theta.MIN_LG_ENTRIES,
                        Theta.MAX_LG_ENTRIES,
                        OptionalInt.of(Theta.DEFAULT_LG_ENTRIES),
                        "THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT",
                        "THETA_INVALID_LG_NOM_ENTRIES")
                .orElseThrow();
    }

    private KllFold kll(boolean ofSketches) {
        OptionalInt k = within(
                "k",
                KllKind.MIN_K,
                KllKind.MAX_K,
                ofSketches ? OptionalInt.empty() : OptionalInt.of(KllKind.DEFAULT_K),
                "KLL_SKETCH_K_MUST_BE_CONSTANT",
                "KLL_SKETCH_K_OUT_OF_RANGE");
        return new KllFold(name, KllKind.of(name), k, ofSketches);
    }

    /// The second argument, a constant integer in a range.
    private OptionalInt within(
            String parameter, int least, int most, OptionalInt otherwise, String notConstant, String outOfRange) {
        if (arguments.size() < 2) {
            return otherwise;
        }
        BoundExpr argument = arguments.get(1);
        if (!(argument.type() instanceof NumericType) && !(argument.type() instanceof NullType)) {
            throw Aggregates.mismatch(name, 1, argument, "an int");
        }
        if (!(cast(argument, DataTypes.IntegerType) instanceof BoundExpr.Literal(Scalar value))) {
            throw new QueryException(
                    notConstant,
                    name + ": " + parameter + " is '" + argument.text() + "'. It must be a constant from " + least
                            + " to " + most + ".");
        }
        if (!(value.value() instanceof Integer number) || number < least || number > most) {
            throw new QueryException(
                    outOfRange,
                    name + ": " + parameter + " is " + argument.text() + ". It must be from " + least + " to " + most
                            + ".");
        }
        return OptionalInt.of(number);
    }

    private ItemCodec codec() {
        BoundExpr value = arguments.getFirst();
        if (!ItemCodec.takes(value.type())) {
            throw Aggregates.mismatch(name, 0, value, "a boolean, a number, a string, a date or a timestamp");
        }
        return new ItemCodec(value.type());
    }

    /// How many items are followed.
    private int maxItems(int at, int k) {
        int maxItems = arguments.size() <= at
                ? TopItems.DEFAULT_MAX_ITEMS
                : SketchBinder.positive(name, "maxItemsTracked", arguments.get(at));
        if (maxItems > TopItems.LIMIT) {
            throw new QueryException(
                    "APPROX_TOP_K_MAX_ITEMS_TRACKED_EXCEEDS_LIMIT",
                    name + ": maxItemsTracked is " + maxItems + ". It must be at most " + TopItems.LIMIT + ".");
        }
        if (maxItems < k) {
            throw new QueryException(
                    "APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K",
                    name + ": maxItemsTracked is " + maxItems + ". It must be at least k, " + k + ".");
        }
        return maxItems;
    }

    private CountMinFold countMin() {
        double error = number(1, "a constant of more than 0");
        double confidence = number(2, "a constant of more than 0 and less than 1");
        if (!(error > 0)) {
            throw Aggregates.mismatch(name, 1, arguments.get(1), "a constant of more than 0");
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw Aggregates.mismatch(name, 2, arguments.get(2), "a constant of more than 0 and less than 1");
        }
        if (!(arguments.get(3).type() instanceof NumericType)
                || !(cast(arguments.get(3), DataTypes.IntegerType)
                        instanceof BoundExpr.Literal(Scalar(Integer seed, DataType _)))) {
            throw Aggregates.mismatch(name, 3, arguments.get(3), "a constant int");
        }
        int depth = CountMin.depthFor(confidence);
        int width = CountMin.widthFor(error);
        if ((long) depth * width > MOST_COUNTERS) {
            throw Aggregates.mismatch(
                    name, 1, arguments.get(1), "an error that needs no more than " + MOST_COUNTERS + " counters");
        }
        return new CountMinFold(depth, width, seed);
    }

    private double number(int at, String expected) {
        BoundExpr argument = arguments.get(at);
        if (argument.type() instanceof NumericType
                && cast(argument, DataTypes.DoubleType)
                        instanceof BoundExpr.Literal(Scalar(Double value, DataType _))) {
            return value;
        }
        throw Aggregates.mismatch(name, at, argument, expected);
    }
}
