package dev.headrace.function.aggregate;

import dev.headrace.errors.QueryException;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.Coercion;
import dev.headrace.function.sketch.SketchAggregates;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Binds the aggregate functions that are [Fold]s; those of sketches are [SketchAggregates].
final class MoreAggregates {
    private final String name;
    private final List<BoundExpr> arguments;
    private final boolean distinct;

    private MoreAggregates(String name, List<BoundExpr> arguments, boolean distinct) {
        this.name = name;
        this.arguments = arguments;
        this.distinct = distinct;
    }

    static AggregateCall bind(String name, List<BoundExpr> arguments, boolean distinct) {
        return new MoreAggregates(name, arguments, distinct).bind();
    }

    private AggregateCall bind() {
        return switch (name) {
            case "covar_pop",
                    "covar_samp",
                    "corr",
                    "regr_avgx",
                    "regr_avgy",
                    "regr_sxx",
                    "regr_sxy",
                    "regr_syy",
                    "regr_slope",
                    "regr_intercept",
                    "regr_r2" -> call(new Covariance(name), number(0), number(1));
            case "regr_count" -> call(new Count(name), number(0), number(1));
            case "schema_of_variant_agg" -> schemaOfVariants();
            case "product" -> call(new Product(), number(0));
            case "skewness" -> call(new HigherMoments(false), number(0));
            case "kurtosis" -> call(new HigherMoments(true), number(0));
            case "bit_and", "bit_or", "bit_xor" -> call(new BitFold(name, integer()), arguments.getFirst());
            case "bitmap_construct_agg" -> call(new BitmapFold(name), cast(0, DataTypes.LongType, "an integer"));
            case "bitmap_or_agg", "bitmap_and_agg" -> call(new BitmapFold(name), binary());
            case "percentile", "percentile_cont" -> percentile(Quantile.Kind.CONTINUOUS);
            case "percentile_disc" -> percentile(Quantile.Kind.DISCRETE);
            case "approx_percentile" -> approximate();
            case "median" ->
                call(new Quantile(Quantile.Kind.CONTINUOUS, measured().type(), List.of(0.5), false, false), measured());
            case "mode" -> mode();
            case "listagg" -> joined();
            case "histogram_numeric" -> call(new Histogram(bins()), number(0));
            case "try_sum" -> trySum();
            case "try_avg" -> tryAvg();
            default ->
                SketchAggregates.bind(name, arguments, distinct)
                        .orElseThrow(() -> new IllegalArgumentException("no aggregate function " + name));
        };
    }

    private AggregateCall schemaOfVariants() {
        if (!(arguments.getFirst().type() instanceof VariantType)) {
            throw mismatch(0, "a variant");
        }
        return call(new VariantSchemaFold(), arguments.getFirst());
    }

    private AggregateCall call(Fold<?> fold, BoundExpr... of) {
        return call(new Folded<>(name, fold), of);
    }

    private AggregateCall call(AggregateFunction function, BoundExpr... of) {
        return new AggregateCall(function, List.of(of), distinct, Optional.empty());
    }

    private BoundExpr number(int at) {
        return cast(at, DataTypes.DoubleType, "a number");
    }

    private BoundExpr cast(int at, DataType type, String expected) {
        DataType given = arguments.get(at).type();
        if (!(given instanceof NumericType) && !(given instanceof StringType) && !(given instanceof NullType)) {
            throw mismatch(at, expected);
        }
        return Coercion.cast(arguments.get(at), type, CastFailure.ERROR);
    }

    private QueryException mismatch(int at, String expected) {
        return Aggregates.mismatch(name, at, arguments.get(at), expected);
    }

    private DataType integer() {
        DataType type = arguments.getFirst().type();
        if (type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType
                || type instanceof NullType) {
            return type;
        }
        throw mismatch(0, "an integer");
    }

    private BoundExpr binary() {
        if (!(arguments.getFirst().type() instanceof BinaryType)) {
            throw mismatch(0, "a binary");
        }
        return arguments.getFirst();
    }

    /// A constant of Java's class for its type.
    private Object constant(int at, DataType type, String expected) {
        if (Coercion.cast(arguments.get(at), type, CastFailure.ERROR) instanceof BoundExpr.Literal(Scalar value)
                && value.value() != null) {
            return value.value();
        }
        throw mismatch(at, expected);
    }

    private List<Double> fractions(int at) {
        String expected = "a constant from 0 to 1, or an array of such";
        List<Double> fractions = new ArrayList<>();
        for (BoundExpr fraction : elements(arguments.get(at))) {
            if (Coercion.cast(fraction, DataTypes.DoubleType, CastFailure.ERROR)
                            instanceof BoundExpr.Literal(Scalar(Double value, DataType _))
                    && value >= 0
                    && value <= 1) {
                fractions.add(value);
            } else {
                throw mismatch(at, expected);
            }
        }
        return fractions;
    }

    /// The parts of an array that is written out, or the one value.
    private static List<BoundExpr> elements(BoundExpr expr) {
        return expr instanceof BoundExpr.Call call
                        && call.function().name().equals("array")
                        && call.arguments().getFirst() instanceof BoundExpr.MakeStruct(List<BoundExpr> values, var _)
                ? values
                : List.of(expr);
    }

    private boolean several(int at) {
        return arguments.get(at).type() instanceof dev.headrace.types.ArrayType;
    }

    /// `percentile(value, fraction[, frequency])`, and `percentile_cont(value, fraction, descending)`.
    private AggregateCall percentile(Quantile.Kind kind) {
        boolean ordered = !name.equals("percentile");
        boolean descending = ordered && (Boolean) constant(2, DataTypes.BooleanType, "a constant");
        Quantile quantile = new Quantile(kind, measured().type(), fractions(1), several(1), descending);
        return !ordered && arguments.size() == 3
                ? call(quantile, measured(), cast(2, DataTypes.LongType, "an integer"))
                : call(quantile, measured());
    }

    /// The first argument as a double, or as an interval with all fields.
    private BoundExpr measured() {
        BoundExpr value = arguments.getFirst();
        return value.type() instanceof AnsiIntervalType type
                ? Coercion.cast(value, type.allFields(), CastFailure.ERROR)
                : number(0);
    }

    /// Exact: so many values as one machine holds are counted.
    private AggregateCall approximate() {
        DataType type = arguments.getFirst().type();
        BoundExpr value = arguments.getFirst();
        if (type instanceof StringType || type instanceof NullType) {
            value = number(0);
        } else if (type.isNested()
                || type instanceof BinaryType
                || type instanceof VariantType
                || type instanceof dev.headrace.types.BooleanType) {
            throw mismatch(0, "a number, a date or a timestamp");
        }
        if (arguments.size() > 2
                && ((Long) constant(2, DataTypes.LongType, "a constant whole number greater than 0")) < 1) {
            throw mismatch(2, "a constant whole number greater than 0");
        }
        return call(new Quantile(Quantile.Kind.DISCRETE, value.type(), fractions(1), several(1), false), value);
    }

    private AggregateCall mode() {
        boolean descending = arguments.size() > 2 && (Boolean) constant(2, DataTypes.BooleanType, "a constant");
        Aggregates.checkOrdered(name, 0, arguments.getFirst());
        DataType type = arguments.getFirst().type();
        return call(new Quantile(Quantile.Kind.MODE, type, List.of(), false, descending), arguments.getFirst());
    }

    /// `listagg(text, separator, key, descending, key, descending …)`.
    private AggregateCall joined() {
        BoundExpr text = arguments.getFirst();
        if (text.type().isNested()) {
            throw mismatch(0, "a string");
        }
        List<BoundExpr> kept = new ArrayList<>();
        kept.add(Coercion.cast(text, DataTypes.StringType, CastFailure.ERROR));
        String separator = arguments.size() < 2 || arguments.get(1).type() instanceof NullType
                ? ""
                : constant(1, DataTypes.StringType, "a constant string").toString();
        List<Boolean> descending = new ArrayList<>();
        for (int i = 2; i + 1 < arguments.size(); i += 2) {
            Aggregates.checkOrdered(name, i, arguments.get(i));
            kept.add(arguments.get(i));
            descending.add((Boolean) constant(i + 1, DataTypes.BooleanType, "a constant"));
        }
        JoinTexts fold =
                new JoinTexts(separator, kept.stream().map(BoundExpr::type).toList(), descending);
        return call(fold, kept.toArray(BoundExpr[]::new));
    }

    private int bins() {
        int bins = (Integer) constant(1, DataTypes.IntegerType, "a constant integer of at least 2");
        if (bins < 2) {
            throw mismatch(1, "a constant integer of at least 2");
        }
        return bins;
    }

    private AggregateCall trySum() {
        BoundExpr value = arguments.getFirst();
        return switch (value.type()) {
            case DecimalType type -> call(new TrySum(Decimals.sumType(type)), value);
            case ByteType _, ShortType _, IntegerType _, LongType _ ->
                call(new TrySum(DataTypes.LongType), Coercion.cast(value, DataTypes.LongType, CastFailure.ERROR));
            case AnsiIntervalType type -> Aggregates.interval(name, type, value, distinct);
            default -> Aggregates.bind("sum", arguments, distinct);
        };
    }

    private AggregateCall tryAvg() {
        BoundExpr value = arguments.getFirst();
        return switch (value.type()) {
            case DecimalType type -> call(new TryAvg(new Decimals(Decimals.Kind.AVG, type)), value);
            case AnsiIntervalType type -> Aggregates.interval(name, type, value, distinct);
            default -> Aggregates.bind("avg", arguments, distinct);
        };
    }
}
