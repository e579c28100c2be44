package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.Coercion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.TimeWindow;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns named expressions into bound ones over the columns of a scope.
///
/// What an expression asks of the plan beneath it is collected on the way: aggregate calls, if they are allowed, and
/// timestamps that `window(…)` needs to be there.
final class ExprBinder {
    static final Set<String> GENERATORS = Set.of("explode", "explode_outer", "posexplode", "posexplode_outer");

    private final Scope scope;
    private final String place;
    private final @Nullable Consumer<BoundExpr> notNull;
    private final @Nullable AggregateCalls aggregates;

    /// What becomes of an aggregate call: the expression that stands for its result.
    interface AggregateCalls {
        BoundExpr add(AggregateCall call, String text);
    }

    private ExprBinder(
            Scope scope, String place, @Nullable Consumer<BoundExpr> notNull, @Nullable AggregateCalls aggregates) {
        this.scope = scope;
        this.place = place;
        this.notNull = notNull;
        this.aggregates = aggregates;
    }

    /// @param place the API method, for messages
    static ExprBinder in(Scope scope, String place) {
        return new ExprBinder(scope, place, null, null);
    }

    /// A binder that allows `window(…)` and hands each of its timestamps to `mustNotBeNull`, which sees to it that rows
    /// without one are filtered out.
    ExprBinder withWindows(Consumer<BoundExpr> mustNotBeNull) {
        return new ExprBinder(scope, place, mustNotBeNull, aggregates);
    }

    ExprBinder withAggregates(AggregateCalls calls) {
        return new ExprBinder(scope, place, notNull, calls);
    }

    static boolean isGenerator(NamedExpr expr) {
        return expr instanceof NamedExpr.Call call
                && GENERATORS.contains(call.function().toLowerCase(Locale.ROOT));
    }

    static boolean isAggregate(NamedExpr expr) {
        return expr instanceof NamedExpr.Call call && FunctionRegistry.isAggregate(call.function());
    }

    static boolean containsAggregate(NamedExpr expr) {
        return isAggregate(expr) || expr.operands().stream().anyMatch(ExprBinder::containsAggregate);
    }

    BoundExpr bind(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name name -> name(name);
            case NamedExpr.Literal(Scalar value) -> new BoundExpr.Literal(value);
            case NamedExpr.Alias(NamedExpr input, String _) -> bind(input);
            case NamedExpr.Cast(NamedExpr input, DataType type, CastFailure failure) ->
                Coercion.cast(bind(input), type, failure);
            case NamedExpr.Extract(NamedExpr input, NamedExpr key) -> extract(bind(input), key);
            case NamedExpr.Call call -> call(call);
            case NamedExpr.Star star ->
                throw new QueryException(
                        "INVALID_STAR",
                        "'" + star.text() + "' can't be a value in " + place
                                + ": it stands for several columns. Use it in select(…), count(…) or struct(…).");
            case NamedExpr.SortOrder order ->
                throw new QueryException(
                        "INVALID_SORT_ORDER",
                        "'" + order.text() + "' is an ordering and can't be a value in " + place
                                + ". Use it in sort(…) or orderBy(…).");
            case NamedExpr.Lambda lambda ->
                throw new QueryException(
                        "INVALID_LAMBDA",
                        "'" + lambda.text() + "' can't be a value in " + place
                                + ": it can only be an argument of a higher-order function.");
        };
    }

    private BoundExpr name(NamedExpr.Name name) {
        Scope.Match match = scope.resolve(name);
        BoundExpr expr = scope.column(match.ordinal());
        for (String field : match.fields()) {
            expr = member(expr, field);
        }
        return expr;
    }

    /// `struct.field` or `map.key`.
    private static BoundExpr member(BoundExpr input, String name) {
        return switch (input.type()) {
            case StructType struct -> field(input, struct, name);
            case MapType _ -> FunctionRegistry.bindScalar("getitem", List.of(input, literal(name)));
            default ->
                throw new QueryException(
                        "FIELD_NOT_FOUND",
                        "'" + name + "' can't be taken from " + input + ": it is "
                                + input.type().simpleString() + ", which has no fields.");
        };
    }

    private static BoundExpr field(BoundExpr input, StructType struct, String name) {
        List<String> names = struct.names();
        List<Integer> found = java.util.stream.IntStream.range(0, names.size())
                .filter(i -> names.get(i).equalsIgnoreCase(name))
                .boxed()
                .toList();
        if (found.isEmpty()) {
            throw new QueryException(
                    "FIELD_NOT_FOUND",
                    "'" + name + "' is not a field of " + input + ", which has " + String.join(", ", names) + ". "
                            + Suggestion.didYouMean(name, names));
        }
        if (found.size() > 1) {
            throw new QueryException(
                    "AMBIGUOUS_REFERENCE",
                    "'" + name + "' may be any of " + found.size() + " fields of " + input + ", which has "
                            + String.join(", ", names) + ".");
        }
        return new BoundExpr.GetField(input, found.getFirst());
    }

    private BoundExpr extract(BoundExpr input, NamedExpr key) {
        if (key instanceof NamedExpr.Literal(Scalar constant)
                && constant.type() instanceof StringType
                && input.type() instanceof StructType) {
            return member(input, constant.toString());
        }
        if (input.type() instanceof ArrayType || input.type() instanceof MapType) {
            return FunctionRegistry.bindScalar("getitem", List.of(input, bind(key)));
        }
        throw new QueryException(
                "INVALID_EXTRACT",
                "'" + key.text() + "' can't be taken from " + input + ": it is "
                        + input.type().simpleString()
                        + ". Take fields by name from a struct, elements by number from an array, values by key from a"
                        + " map.");
    }

    private BoundExpr call(NamedExpr.Call call) {
        String function = call.function().toLowerCase(Locale.ROOT);
        if (GENERATORS.contains(function)) {
            throw new QueryException(
                    "UNSUPPORTED_GENERATOR",
                    "'" + call.text() + "' gives several rows, so it can only be a whole column of select(…) or"
                            + " withColumn(…), not a part of an expression or of " + place + ".");
        }
        if (FunctionRegistry.isAggregate(function)) {
            return aggregate(call);
        }
        return switch (function) {
            case "window" -> window(call);
            case "struct" -> struct(call);
            default -> {
                if (call.distinct()) {
                    throw new QueryException(
                            "DISTINCT_NOT_ALLOWED",
                            "'" + call.text() + "': DISTINCT is only for aggregate functions, which " + function
                                    + " is not.");
                }
                yield FunctionRegistry.bindScalar(function, bindArguments(call));
            }
        };
    }

    private List<BoundExpr> bindArguments(NamedExpr.Call call) {
        List<BoundExpr> bound = new ArrayList<>();
        for (NamedExpr argument : call.arguments()) {
            if (argument instanceof NamedExpr.Star star) {
                StarColumns.of(star, scope).forEach(column -> bound.add(column.expr()));
            } else {
                bound.add(bind(argument));
            }
        }
        return bound;
    }

    private BoundExpr aggregate(NamedExpr.Call call) {
        if (aggregates == null) {
            throw new QueryException(
                    "MISPLACED_AGGREGATE",
                    "'" + call.text() + "' is an aggregate function, which can't stand in " + place
                            + ". Compute it with agg(…) first.");
        }
        ExprBinder inner = new ExprBinder(scope, "the argument of " + call.function(), notNull, null);
        boolean countsRows = call.function().equalsIgnoreCase("count") && !call.distinct() && countsRows(call);
        List<BoundExpr> arguments = countsRows ? List.of() : inner.bindArguments(call);
        return aggregates.add(FunctionRegistry.bindAggregate(call.function(), arguments, call.distinct()), call.text());
    }

    /// `count(*)`, `count(1)`.
    private static boolean countsRows(NamedExpr.Call call) {
        return call.arguments().size() == 1
                && switch (call.arguments().getFirst()) {
                    case NamedExpr.Star(List<String> qualifier) -> qualifier.isEmpty();
                    case NamedExpr.Literal(Scalar value) -> !value.isNull();
                    default -> false;
                };
    }

    /// `struct(a, b + 1, *)`: fields called as columns are, or `col2` by position.
    private BoundExpr struct(NamedExpr.Call call) {
        List<OutputColumn> columns = new ArrayList<>();
        for (NamedExpr argument : call.arguments()) {
            if (argument instanceof NamedExpr.Star star) {
                columns.addAll(StarColumns.of(star, scope));
            } else {
                boolean named = argument instanceof NamedExpr.Name
                        || argument instanceof NamedExpr.Alias
                        || argument instanceof NamedExpr.Extract;
                String name = named ? argument.outputName() : "col" + (columns.size() + 1);
                columns.add(new OutputColumn(name, bind(argument)));
            }
        }
        List<StructField> fields = columns.stream().map(OutputColumn::field).toList();
        return new BoundExpr.MakeStruct(columns.stream().map(OutputColumn::expr).toList(), new StructType(fields));
    }

    private BoundExpr window(NamedExpr.Call call) {
        if (notNull == null) {
            throw new QueryException(
                    "MISPLACED_WINDOW",
                    "'" + call.text() + "' can't stand in " + place + ". Use it in groupBy(…), select(…) or"
                            + " withColumn(…).");
        }
        List<BoundExpr> arguments = bindArguments(call);
        if (arguments.size() < 2 || arguments.size() > 4) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "window(…) takes a timestamp, a window duration and optionally a slide duration and a start time,"
                            + " not " + arguments.size() + " arguments.");
        }
        BoundExpr time = arguments.getFirst();
        if (!(time.type().equals(DataTypes.TimestampType) || time.type().equals(DataTypes.TimestampNTZType))) {
            time = Coercion.cast(time, DataTypes.TimestampType, CastFailure.ERROR);
        }
        long size = duration(call, arguments.get(1), "window duration");
        long slide = arguments.size() > 2 ? duration(call, arguments.get(2), "slide duration") : size;
        long start = arguments.size() > 3 ? interval(call, arguments.get(3), "start time") : 0;
        if (slide != size) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "'" + call.text() + "': sliding windows, whose slide duration is not the window duration, are not"
                            + " supported yet. Use a tumbling window: window(column, \"…\").");
        }
        notNull.accept(time);
        return TimeWindow.tumbling(time, size, start);
    }

    private static long duration(NamedExpr.Call call, BoundExpr argument, String what) {
        long micros = interval(call, argument, what);
        if (micros <= 0) {
            throw new QueryException(
                    "INVALID_INTERVAL", "'" + call.text() + "': the " + what + " must be longer than zero.");
        }
        return micros;
    }

    private static long interval(NamedExpr.Call call, BoundExpr argument, String what) {
        if (argument instanceof BoundExpr.Literal(Scalar value) && value.type() instanceof StringType) {
            return IntervalText.micros(value.toString());
        }
        throw new QueryException(
                "INVALID_INTERVAL",
                "'" + call.text() + "': the " + what + " must be a constant text such as '10 minutes', not " + argument
                        + ".");
    }

    private static BoundExpr literal(String text) {
        return new BoundExpr.Literal(Scalar.of(text));
    }
}
