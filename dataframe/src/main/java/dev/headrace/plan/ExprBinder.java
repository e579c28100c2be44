package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.Coercion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.HigherOrderBinder;
import dev.headrace.function.UserAggregate;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.MapType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns named expressions into bound ones over the columns of a scope.
///
/// What an expression asks of the plan beneath it is collected on the way: aggregate calls, if they are allowed, and
/// timestamps that `window(…)` needs to be there.
final class ExprBinder {
    private static final Set<String> ARITHMETIC = Set.of(
            "+",
            "-",
            "*",
            "/",
            "%",
            "div",
            "mod",
            "pmod",
            "try_add",
            "try_subtract",
            "try_multiply",
            "try_divide",
            "try_mod");
    static final Set<String> GENERATORS = Set.of(
            "explode",
            "explode_outer",
            "posexplode",
            "posexplode_outer",
            "inline",
            "inline_outer",
            "stack",
            "json_tuple",
            "variant_explode",
            "variant_explode_outer");

    private final Scope scope;
    private final String place;
    private final Hooks hooks;

    /// What becomes of an aggregate call: the expression that stands for its result.
    interface AggregateCalls {
        BoundExpr add(AggregateCall call, String text);

        /// What becomes of a subquery in an argument; null if none may be there.
        default @Nullable SubqueryCalls subqueries() {
            return null;
        }
    }

    /// What time windows need beside the row's own values.
    interface TimeWindows {
        /// Leaves out the rows in which the expression is null.
        void mustNotBeNull(BoundExpr expr);

        /// Repeats each row for every element of an array; the expression that stands for the element.
        BoundExpr each(BoundExpr array, String name);

        /// The session that the row's interval belongs to, or the interval itself where nothing is grouped.
        BoundExpr session(BoundExpr start, BoundExpr end);

        /// The number of the window of so many rows that the row belongs to.
        ///
        /// @param time what orders the rows; absent: as they come
        BoundExpr counted(Optional<BoundExpr> time, long size, long slide);
    }

    /// What becomes of a window function: the expression that stands for its result.
    interface WindowCalls {
        BoundExpr add(NamedExpr.Over over, ExprBinder binder);
    }

    /// What becomes of a subquery: the expression that stands for its result.
    interface SubqueryCalls {
        BoundExpr add(NamedExpr subquery, ExprBinder binder);
    }

    /// Another meaning of names than the columns of the scope.
    interface Names {
        Optional<BoundExpr> find(NamedExpr.Name name);

        /// The first slot for parameters of lambdas that none around has taken.
        default int nextSlot() {
            return 0;
        }
    }

    /// What is allowed beside plain expressions.
    ///
    /// @param first names that come before the scope's columns
    /// @param last names that come after them
    private record Hooks(
            @Nullable TimeWindows timeWindows,
            @Nullable AggregateCalls aggregates,
            @Nullable WindowCalls windows,
            @Nullable SubqueryCalls subqueries,
            @Nullable Function<NamedExpr.Call, BoundExpr> groupings,
            Names first,
            Names last) {}

    private static final Names NONE = _ -> Optional.empty();

    private ExprBinder(Scope scope, String place, Hooks hooks) {
        this.scope = scope;
        this.place = place;
        this.hooks = hooks;
    }

    /// @param place the API method, for messages
    static ExprBinder in(Scope scope, String place) {
        return new ExprBinder(scope, place, new Hooks(null, null, null, null, null, NONE, NONE));
    }

    /// A binder that allows `window(…)` and `session_window(…)`.
    ExprBinder withWindows(TimeWindows timeWindows) {
        return new ExprBinder(
                scope,
                place,
                new Hooks(
                        timeWindows,
                        hooks.aggregates,
                        hooks.windows,
                        hooks.subqueries,
                        hooks.groupings,
                        hooks.first,
                        hooks.last));
    }

    ExprBinder withAggregates(@Nullable AggregateCalls calls) {
        return new ExprBinder(
                scope,
                place,
                new Hooks(
                        hooks.timeWindows,
                        calls,
                        hooks.windows,
                        hooks.subqueries,
                        hooks.groupings,
                        hooks.first,
                        hooks.last));
    }

    ExprBinder withWindowFunctions(@Nullable WindowCalls calls) {
        return new ExprBinder(
                scope,
                place,
                new Hooks(
                        hooks.timeWindows,
                        hooks.aggregates,
                        calls,
                        hooks.subqueries,
                        hooks.groupings,
                        hooks.first,
                        hooks.last));
    }

    ExprBinder withSubqueries(@Nullable SubqueryCalls calls) {
        return new ExprBinder(
                scope,
                place,
                new Hooks(
                        hooks.timeWindows,
                        hooks.aggregates,
                        hooks.windows,
                        calls,
                        hooks.groupings,
                        hooks.first,
                        hooks.last));
    }

    ExprBinder withGroupings(Function<NamedExpr.Call, BoundExpr> groupings) {
        return new ExprBinder(
                scope,
                place,
                new Hooks(
                        hooks.timeWindows,
                        hooks.aggregates,
                        hooks.windows,
                        hooks.subqueries,
                        groupings,
                        hooks.first,
                        hooks.last));
    }

    ExprBinder withNames(Names first, Names last) {
        return new ExprBinder(
                scope,
                place,
                new Hooks(
                        hooks.timeWindows,
                        hooks.aggregates,
                        hooks.windows,
                        hooks.subqueries,
                        hooks.groupings,
                        first,
                        last));
    }

    /// For the body of a lambda, which has names of its own.
    ExprBinder withLambda(Lambdas.Parameters parameters) {
        AggregateCalls around = hooks.aggregates;
        AggregateCalls calls = around == null ? null : (call, text) -> around.add(Lambdas.outside(call, text), text);
        return new ExprBinder(
                scope,
                place,
                new Hooks(null, calls, null, ExprBinder::inLambda, hooks.groupings, parameters, hooks.last));
    }

    private static BoundExpr inLambda(NamedExpr subquery, ExprBinder binder) {
        throw new QueryException(
                "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.HIGHER_ORDER_FUNCTION",
                "A subquery can't stand in a lambda, which is called for each element. Compute it beside the function, in a"
                        + " query below.");
    }

    /// What the names mean that come before the columns.
    Names firstNames() {
        return hooks.first;
    }

    /// For the arguments of an aggregate function, which see the scope's columns only.
    private ExprBinder forArguments(String function, AggregateCalls calls) {
        return new ExprBinder(
                scope,
                "the argument of " + function,
                new Hooks(hooks.timeWindows, null, null, calls.subqueries(), null, NONE, NONE));
    }

    static boolean isGenerator(NamedExpr expr) {
        return expr instanceof NamedExpr.Call call
                && GENERATORS.contains(call.function().toLowerCase(Locale.ROOT));
    }

    static boolean isAggregate(NamedExpr expr) {
        return expr instanceof NamedExpr.Call call && call.isAggregate();
    }

    static boolean containsAggregate(NamedExpr expr) {
        if (expr instanceof NamedExpr.Over over) {
            // What stands before OVER is a window function, but it may be over aggregates.
            NamedExpr call =
                    over.function() instanceof NamedExpr.Filtered filtered ? filtered.function() : over.function();
            return Stream.concat(
                            call.operands().stream(), over.operands().stream().skip(1))
                    .anyMatch(ExprBinder::containsAggregate);
        }
        return isAggregate(expr) || expr.operands().stream().anyMatch(ExprBinder::containsAggregate);
    }

    /// @throws QueryException which knows the parts of the query that it is about
    BoundExpr bind(NamedExpr expr) {
        try {
            return Origins.placed(bound(expr), expr);
        } catch (QueryException failed) {
            throw failed.within(expr);
        }
    }

    private BoundExpr bound(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name name -> name(name);
            case NamedExpr.At(int ordinal, String _) -> scope.column(ordinal);
            case NamedExpr.Outer(NamedExpr.Name name) -> outer(name).orElseThrow(() -> Analyzer.unresolvedOuter(name));
            case NamedExpr.Literal(Scalar value) -> new BoundExpr.Literal(value);
            case NamedExpr.Alias(NamedExpr input, String _) -> bind(input);
            case NamedExpr.Described(NamedExpr input, var _) -> bind(input);
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
            case NamedExpr.Over over -> over(over);
            case NamedExpr.Filtered filtered -> filtered(filtered);
            case NamedExpr.ScalarSubquery _, NamedExpr.InSubquery _, NamedExpr.Exists _ -> subquery(expr);
            case NamedExpr.MultiAlias(NamedExpr input, List<String> names) ->
                throw new QueryException(
                        "NUM_COLUMNS_MISMATCH",
                        "'" + input.text() + "' is one column, so it can't have the names " + names + " in " + place
                                + ".");
            case NamedExpr.StarExcept star ->
                throw new QueryException(
                        "INVALID_STAR",
                        "'" + star.text() + "' stands for several columns and can only stand in a SELECT.");
            case NamedExpr.Ordinal(int position) -> new BoundExpr.Literal(Scalar.of(position));
            case NamedExpr.Interval interval ->
                new BoundExpr.Literal(interval.value()
                        .orElseThrow(() -> new QueryException(
                                "UNSUPPORTED_INTERVAL",
                                "'" + interval.text() + "' has months beside days or times: it can only be added to or"
                                        + " subtracted from a date or a timestamp in " + place + ".")));
            case NamedExpr.Apply(var function, List<NamedExpr> arguments) ->
                function.bind(arguments.stream().map(this::bind).toList());
            case NamedExpr.Lambda lambda ->
                throw new QueryException(
                        "INVALID_LAMBDA",
                        "'" + lambda.text() + "' can't be a value in " + place
                                + ": it can only be an argument of a higher-order function.");
        };
    }

    private BoundExpr name(NamedExpr.Name name) {
        Optional<BoundExpr> found = hooks.first.find(name);
        if (found.isPresent()) {
            return found.get();
        }
        if (scope.matches(name).isEmpty()) {
            Optional<BoundExpr> elsewhere =
                    hooks.last.find(name).or(() -> outer(name)).or(() -> SessionVariables.bound(name));
            if (elsewhere.isPresent()) {
                return elsewhere.get();
            }
            if (hooks.groupings != null && name.text().equalsIgnoreCase("grouping__id")) {
                return hooks.groupings.apply(new NamedExpr.Call("grouping_id"));
            }
        }
        return column(scope, name);
    }

    /// The column of this name, or the field of a column.
    static BoundExpr column(Scope scope, NamedExpr.Name name) {
        Scope.Match match = scope.resolve(name);
        return fields(scope.column(match.ordinal()), match.fields());
    }

    static BoundExpr fields(BoundExpr struct, List<String> names) {
        BoundExpr expr = struct;
        for (String field : names) {
            expr = member(expr, field);
        }
        return expr;
    }

    /// The column of a query around this one.
    private Optional<BoundExpr> outer(NamedExpr.Name name) {
        int level = 1;
        for (Optional<Scope> around = scope.outer();
                around.isPresent();
                around = around.get().outer()) {
            Scope enclosing = around.get();
            if (!enclosing.matches(name).isEmpty()) {
                Scope.Match match = enclosing.resolve(name);
                return Optional.of(fields(Slots.outer(enclosing.column(match.ordinal()), level), match.fields()));
            }
            level++;
        }
        return Optional.empty();
    }

    private BoundExpr over(NamedExpr.Over over) {
        if (hooks.windows == null) {
            throw new QueryException(
                    "MISPLACED_WINDOW_FUNCTION",
                    "'" + over.text() + "' is a window function, which can't stand in " + place
                            + ". Compute it with select(…) or withColumn(…) first.");
        }
        return hooks.windows.add(over, withWindowFunctions(null));
    }

    private BoundExpr subquery(NamedExpr subquery) {
        if (hooks.subqueries == null) {
            throw new QueryException(
                    "UNSUPPORTED_SUBQUERY",
                    "A subquery can't stand in " + place
                            + ". It can in SELECT, FROM, WHERE, GROUP BY, HAVING and ORDER BY.");
        }
        return hooks.subqueries.add(subquery, this);
    }

    private BoundExpr filtered(NamedExpr.Filtered filtered) {
        if (!(filtered.function() instanceof NamedExpr.Call call) || !call.isAggregate()) {
            throw new QueryException(
                    "FILTER_NOT_ALLOWED", "'" + filtered.text() + "': FILTER is only for aggregate functions.");
        }
        return aggregate(call, Optional.of(filtered.condition()), filtered.text());
    }

    /// `struct.field` or `map.key`; of an array of structs, the field of each.
    private static BoundExpr member(BoundExpr input, String name) {
        return switch (input.type()) {
            case StructType struct -> new BoundExpr.GetField(input, field(input, struct, name));
            case ArrayType(StructType struct, boolean _) ->
                HigherOrderBinder.bind(
                        "transform", Arrays.asList(input, null), new FieldLambda(field(input, struct, name)));
            case MapType _ -> FunctionRegistry.bindScalar("getitem", List.of(input, literal(name)));
            default ->
                throw new QueryException(
                        "FIELD_NOT_FOUND",
                        "'" + name + "' can't be taken from " + input.text() + ": it is "
                                + input.type().simpleString() + ", which has no fields.");
        };
    }

    /// The ordinal of a field.
    private static int field(BoundExpr input, StructType struct, String name) {
        List<String> names = struct.names();
        List<Integer> found = java.util.stream.IntStream.range(0, names.size())
                .filter(i -> names.get(i).equalsIgnoreCase(name))
                .boxed()
                .toList();
        if (found.isEmpty()) {
            throw new QueryException(
                    "FIELD_NOT_FOUND",
                    "'" + name + "' is not a field of " + input.text() + ", which has " + String.join(", ", names)
                            + ". " + Suggestion.didYouMean(name, names));
        }
        if (found.size() > 1) {
            throw new QueryException(
                    "AMBIGUOUS_REFERENCE",
                    "'" + name + "' may be any of " + found.size() + " fields of " + input.text() + ", which has "
                            + String.join(", ", names) + ".");
        }
        return found.getFirst();
    }

    private BoundExpr extract(BoundExpr input, NamedExpr key) {
        if (key instanceof NamedExpr.Literal(Scalar constant)
                && constant.type() instanceof StringType
                && (input.type() instanceof StructType || input.type() instanceof ArrayType(StructType _, boolean _))) {
            return member(input, constant.toString());
        }
        if (input.type() instanceof ArrayType || input.type() instanceof MapType) {
            return FunctionRegistry.bindScalar("getitem", List.of(input, bind(key)));
        }
        throw new QueryException(
                "INVALID_EXTRACT",
                "'" + key.text() + "' can't be taken from " + input.text() + ": it is "
                        + input.type().simpleString()
                        + ". Take fields by name from a struct, elements by number from an array, values by key from a"
                        + " map.");
    }

    private BoundExpr call(NamedExpr.Call call) {
        if (call.userAggregate().isPresent()) {
            return aggregate(call, Optional.empty(), call.text());
        }
        String function = call.function().toLowerCase(Locale.ROOT);
        Optional<dev.headrace.function.UserFunction> users = dev.headrace.function.SessionFunctions.current(function);
        if (users.isPresent()) {
            return users.get().bind(bindArguments(call));
        }
        Optional<SqlFunction> defined = dev.headrace.function.SessionFunctions.currentDefined(function);
        if (defined.isPresent()) {
            return defined.get().bind(call, bindArguments(call), hooks.first.nextSlot());
        }
        if (HiddenColumn.isFunction(function)) {
            return HiddenColumn.function(call, scope);
        }
        if (GENERATORS.contains(function)) {
            throw new QueryException(
                    "UNSUPPORTED_GENERATOR",
                    "'" + call.text() + "' gives several rows, so it can only be a whole column of select(…) or"
                            + " withColumn(…), not a part of an expression or of " + place + ".");
        }
        if (call.arguments().stream().anyMatch(NamedExpr.Lambda.class::isInstance)) {
            return new Lambdas(this, call).bind();
        }
        if (call.arguments().stream().anyMatch(IntervalArithmetic::isMixed)
                && (function.equals("+") || function.equals("-"))) {
            return IntervalArithmetic.bind(call, this);
        }
        if (IntervalArithmetic.isMaker(function)) {
            throw IntervalArithmetic.misplaced(call);
        }
        if (FunctionRegistry.isAggregate(function)) {
            return aggregate(call, Optional.empty(), call.text());
        }
        return switch (function) {
            case "window", "session_window", "calendar_window", "cumulate_window", "count_window" ->
                new TimeWindowBinder(timeWindows(call), call, bindArguments(call)).bind(function);
            case "window_time" -> TimeWindowBinder.windowTime(call, bindArguments(call));
            case "struct" -> struct(call);
            case "grouping", "grouping_id" -> grouping(call);
            default -> {
                if (call.distinct()) {
                    throw new QueryException(
                            "DISTINCT_NOT_ALLOWED",
                            "'" + call.text() + "': DISTINCT is only for aggregate functions, which " + function
                                    + " is not.");
                }
                List<BoundExpr> arguments = CharColumns.compared(function, bindArguments(call), this::charLength);
                yield FunctionRegistry.bindScalar(
                        function,
                        ARITHMETIC.contains(function) && arguments.size() == 2 ? declared(call, arguments) : arguments);
            }
        };
    }

    /// The length of a column that is `char(n)`, of this query or of one around it.
    private OptionalInt charLength(BoundExpr expr) {
        if (!(expr instanceof BoundExpr.Column column)) {
            return OptionalInt.empty();
        }
        Optional<Scope> of = Optional.of(scope);
        while (Slots.isOuter(column)) {
            column = Slots.inward(column);
            of = of.flatMap(Scope::outer);
        }
        BoundExpr.Column own = column;
        return of.filter(found -> own.ordinal() < found.schema().size()
                        && found.column(own.ordinal()).equals(own))
                .map(found -> DeclaredText.charLength(found.schema().field(own.ordinal())))
                .orElse(OptionalInt.empty());
    }

    /// Beside a decimal an integer that is written counts as a decimal of as many digits. Another constant, such as
    /// that of a cast, or a variable's or parameter's value, counts as one of as many as its type has.
    private static List<BoundExpr> declared(NamedExpr.Call call, List<BoundExpr> arguments) {
        List<BoundExpr> declared = new ArrayList<>(arguments);
        for (int i = 0; i < 2; i++) {
            BoundExpr argument = arguments.get(i);
            if (argument instanceof BoundExpr.Literal(Scalar(Number value, NumericType type))
                    && !(value instanceof Float || value instanceof Double || value instanceof BigDecimal)
                    && arguments.get(1 - i).type() instanceof DecimalType
                    && !(call.arguments().get(i) instanceof NamedExpr.Literal)) {
                declared.set(i, Coercion.cast(argument, DecimalType.forType(type), CastFailure.ERROR));
            }
        }
        return declared;
    }

    private BoundExpr grouping(NamedExpr.Call call) {
        if (hooks.groupings == null) {
            throw new QueryException(
                    "UNSUPPORTED_GROUPING_EXPRESSION",
                    "'" + call.text() + "' can only be used with GROUPING SETS, ROLLUP or CUBE.");
        }
        return hooks.groupings.apply(call);
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

    private BoundExpr aggregate(NamedExpr.Call call, Optional<NamedExpr> filter, String text) {
        if (hooks.aggregates == null) {
            throw new QueryException(
                    "MISPLACED_AGGREGATE",
                    "'" + text + "' is an aggregate function, which can't stand in " + place
                            + ". Compute it with agg(…) first.");
        }
        AggregateCall bound = forArguments(call.function(), hooks.aggregates).aggregateCall(call, filter);
        return hooks.aggregates.add(bound, text);
    }

    /// The aggregate with its arguments bound by this.
    AggregateCall aggregateCall(NamedExpr.Call call, Optional<NamedExpr> filter) {
        AggregateCall bound = boundAggregate(call);
        return filter.isEmpty()
                ? bound
                : new AggregateCall(
                        bound.function(),
                        bound.arguments(),
                        bound.distinct(),
                        Optional.of(Conditions.bind(this, filter.get(), "FILTER (WHERE …)")));
    }

    private AggregateCall boundAggregate(NamedExpr.Call call) {
        Optional<UserAggregate> users = call.userAggregate();
        if (users.isPresent()) {
            return users.get().bind(bindArguments(call), call.distinct());
        }
        boolean countsRows = call.function().equalsIgnoreCase("count") && !call.distinct() && countsRows(call);
        List<BoundExpr> arguments = countsRows ? List.of() : bindArguments(call);
        return FunctionRegistry.bindAggregate(call.function(), arguments, call.distinct());
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
                        || argument instanceof NamedExpr.At
                        || argument instanceof NamedExpr.Alias
                        || argument instanceof NamedExpr.Extract;
                String name = named ? argument.outputName() : "col" + (columns.size() + 1);
                columns.add(new OutputColumn(name, bind(argument)));
            }
        }
        List<StructField> fields = columns.stream().map(OutputColumn::field).toList();
        return new BoundExpr.MakeStruct(columns.stream().map(OutputColumn::expr).toList(), new StructType(fields));
    }

    private TimeWindows timeWindows(NamedExpr.Call call) {
        if (hooks.timeWindows == null) {
            throw new QueryException(
                    "MISPLACED_WINDOW",
                    "'" + call.text() + "' can't stand in " + place + ". Use it in groupBy(…), select(…) or"
                            + " withColumn(…).");
        }
        return hooks.timeWindows;
    }

    private static BoundExpr literal(String text) {
        return new BoundExpr.Literal(Scalar.of(text));
    }
}
