package dev.headrace.function.aggregate;

import dev.headrace.errors.QueryException;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.Coercion;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.List;
import java.util.Optional;

/// Binds the calls of aggregate functions to their argument types.
public final class Aggregates {
    private static final double DEFAULT_ERROR = 0.05;

    private Aggregates() {}

    /// @param name the function's name, not an alias of it, in lower case
    /// @param arguments as many as the function takes
    /// @throws QueryException `DATATYPE_MISMATCH`
    public static AggregateCall bind(String name, List<BoundExpr> arguments, boolean distinct) {
        return switch (name) {
            case "count" -> call(new Count("count"), distinct ? arguments : nullables(arguments), distinct);
            case "count_if" -> countIf(name, arguments.getFirst(), distinct);
            case "sum" -> sum(arguments.getFirst(), distinct);
            case "avg" -> avg(arguments.getFirst(), distinct);
            case "min" -> extreme(name, MinMax.Extreme.MIN, arguments.getFirst(), distinct);
            case "max" -> extreme(name, MinMax.Extreme.MAX, arguments.getFirst(), distinct);
            case "bool_and" -> extreme(name, MinMax.Extreme.MIN, condition(name, arguments.getFirst()), distinct);
            case "bool_or" -> extreme(name, MinMax.Extreme.MAX, condition(name, arguments.getFirst()), distinct);
            case "min_by", "max_by" -> extremeBy(name, arguments, distinct);
            case "first", "last" -> firstOrLast(name, arguments, distinct);
            case "stddev", "stddev_pop", "variance", "var_pop" -> moments(name, arguments.getFirst(), distinct);
            case "collect_list" -> call(new Collect(name, arguments.getFirst().type(), false), arguments, distinct);
            case "collect_set" -> collectSet(name, arguments, distinct);
            case "approx_count_distinct" -> approximateCount(name, arguments, distinct);
            default -> MoreAggregates.bind(name, arguments, distinct);
        };
    }

    private static AggregateCall call(AggregateFunction function, List<BoundExpr> arguments, boolean distinct) {
        return new AggregateCall(function, arguments, distinct, Optional.empty());
    }

    /// An argument that is never null does not change what `count` counts.
    private static List<BoundExpr> nullables(List<BoundExpr> arguments) {
        return arguments.stream().filter(BoundExpr::nullable).toList();
    }

    private static AggregateCall countIf(String name, BoundExpr argument, boolean distinct) {
        BoundExpr condition = condition(name, argument);
        BoundExpr.Case.Branch whenTrue = new BoundExpr.Case.Branch(condition, new BoundExpr.Literal(Scalar.TRUE));
        BoundExpr trueOrNull = new BoundExpr.Case(List.of(whenTrue), Optional.empty(), DataTypes.BooleanType);
        return call(new Count(name), List.of(trueOrNull), distinct);
    }

    private static AggregateCall sum(BoundExpr argument, boolean distinct) {
        return switch (argument.type()) {
            case DecimalType type -> call(new Decimals(Decimals.Kind.SUM, type), List.of(argument), distinct);
            case FloatType _, DoubleType _, StringType _, NullType _ ->
                call(new Doubles(Doubles.Kind.SUM), List.of(cast(argument, DataTypes.DoubleType)), distinct);
            case NumericType _ -> call(new SumLong(), List.of(cast(argument, DataTypes.LongType)), distinct);
            case AnsiIntervalType type -> interval("sum", type, argument, distinct);
            default -> throw mismatch("sum", 0, argument, "a number or an interval");
        };
    }

    private static AggregateCall avg(BoundExpr argument, boolean distinct) {
        return switch (argument.type()) {
            case DecimalType type -> call(new Decimals(Decimals.Kind.AVG, type), List.of(argument), distinct);
            case NumericType _, StringType _, NullType _ ->
                call(new Doubles(Doubles.Kind.AVG), List.of(cast(argument, DataTypes.DoubleType)), distinct);
            case AnsiIntervalType type -> interval("avg", type, argument, distinct);
            default -> throw mismatch("avg", 0, argument, "a number or an interval");
        };
    }

    /// @param name `sum`, `avg` or the `try_` form of one
    static AggregateCall interval(String name, AnsiIntervalType type, BoundExpr argument, boolean distinct) {
        boolean sum = name.endsWith("sum");
        IntervalFold fold = new IntervalFold(
                sum ? type : type.allFields(),
                sum ? IntervalFold.Kind.SUM : IntervalFold.Kind.AVG,
                name.startsWith("try_"));
        return call(fold.named(name), List.of(argument), distinct);
    }

    private static AggregateCall extreme(String name, MinMax.Extreme extreme, BoundExpr argument, boolean distinct) {
        checkOrdered(name, 0, argument);
        return call(new MinMax(name, extreme, argument.type()), List.of(argument), distinct);
    }

    private static AggregateCall extremeBy(String name, List<BoundExpr> arguments, boolean distinct) {
        checkOrdered(name, 1, arguments.get(1));
        ExtremeBy function =
                new ExtremeBy(name, arguments.get(0).type(), arguments.get(1).type());
        return call(function, arguments, distinct);
    }

    private static AggregateCall firstOrLast(String name, List<BoundExpr> arguments, boolean distinct) {
        boolean ignoreNulls = false;
        if (arguments.size() == 2) {
            if (!(arguments.get(1) instanceof BoundExpr.Literal(Scalar(Boolean constant, DataType _)))) {
                throw mismatch(name, 1, arguments.get(1), "a constant, true or false");
            }
            ignoreNulls = constant;
        }
        DataType type = arguments.getFirst().type();
        return call(new FirstLast(name, type, ignoreNulls), List.of(arguments.getFirst()), distinct);
    }

    private static AggregateCall moments(String name, BoundExpr argument, boolean distinct) {
        if (!(argument.type() instanceof NumericType)
                && !(argument.type() instanceof StringType)
                && !(argument.type() instanceof NullType)) {
            throw mismatch(name, 0, argument, "a number");
        }
        return call(new Moments(name), List.of(cast(argument, DataTypes.DoubleType)), distinct);
    }

    private static AggregateCall collectSet(String name, List<BoundExpr> arguments, boolean distinct) {
        checkOrdered(name, 0, arguments.getFirst());
        return call(new Collect(name, arguments.getFirst().type(), true), arguments, distinct);
    }

    private static AggregateCall approximateCount(String name, List<BoundExpr> arguments, boolean distinct) {
        double error = DEFAULT_ERROR;
        if (arguments.size() == 2) {
            BoundExpr given = cast(arguments.get(1), DataTypes.DoubleType);
            if (!(given instanceof BoundExpr.Literal(Scalar(Double constant, DataType _)))
                    || constant < 0.0025
                    || constant > 0.4) {
                throw mismatch(name, 1, arguments.get(1), "a constant from 0.0025 to 0.4");
            }
            error = constant;
        }
        checkOrdered(name, 0, arguments.getFirst());
        return call(ApproximateCount.withError(error), List.of(arguments.getFirst()), distinct);
    }

    private static BoundExpr condition(String name, BoundExpr argument) {
        if (argument.type() instanceof BooleanType) {
            return argument;
        }
        if (argument.type() instanceof NullType || argument.type() instanceof StringType) {
            return cast(argument, DataTypes.BooleanType);
        }
        throw mismatch(name, 0, argument, "boolean");
    }

    private static BoundExpr cast(BoundExpr argument, DataType type) {
        return Coercion.cast(argument, type, CastFailure.ERROR);
    }

    static void checkOrdered(String name, int at, BoundExpr argument) {
        if (!isOrdered(argument.type())) {
            throw mismatch(name, at, argument, "a type without maps, whose values can be compared");
        }
    }

    private static boolean isOrdered(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType(DataType element, boolean _) -> isOrdered(element);
            case StructType struct -> struct.fieldList().stream().allMatch(field -> isOrdered(field.dataType()));
            case DataType _ -> true;
        };
    }

    /// @param at the argument's position, from 0
    public static QueryException mismatch(String name, int at, BoundExpr found, String expected) {
        return new QueryException(
                "DATATYPE_MISMATCH",
                "Argument " + (at + 1) + " of '" + name + "' is '" + found.text() + "' of type "
                        + found.type().simpleString() + ": expected " + expected + ".");
    }
}
