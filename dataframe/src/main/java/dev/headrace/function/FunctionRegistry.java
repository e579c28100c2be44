package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.aggregate.Aggregates;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Finds functions and operators by name and argument types.
///
/// Operators go by the names that [dev.headrace.plan.NamedExpr.Call] uses: `+`, `=`, `and`, `isnull`, `in`, `when` …
/// Names are compared without regard to case. What there is stands in one table of text, [FunctionTable]; a line of it
/// is taken apart, and its method looked up, when the function is bound, so that starting costs next to nothing.
public final class FunctionRegistry {
    private static final Map<String, List<String>> LINES = lines();

    private FunctionRegistry() {}

    private static Map<String, List<String>> lines() {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        FunctionTable.lines().forEach(line -> {
            for (String name : Signature.names(line)) {
                lines.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(line);
            }
        });
        return lines;
    }

    /// The call of a scalar function or operator, with every implicit cast made explicit.
    ///
    /// @throws QueryException `UNRESOLVED_ROUTINE`, `WRONG_NUM_ARGS` or `DATATYPE_MISMATCH`; `AGGREGATE_NOT_ALLOWED`
    ///     for the name of an aggregate function
    public static BoundExpr bindScalar(String name, List<BoundExpr> args) {
        List<Signature> signatures = find(name);
        if (signatures.getFirst().kind() == Signature.Kind.AGGREGATE) {
            throw new QueryException(
                    "AGGREGATE_NOT_ALLOWED",
                    "The aggregate function '" + name
                            + "' is used where each row has its own value. Use it in agg() or "
                            + "in the select list of a query with GROUP BY.");
        }
        if (signatures.getFirst().kind() == Signature.Kind.SPECIAL) {
            throw new QueryException(
                    "MISPLACED_FUNCTION",
                    "'" + name
                            + "' can't stand here. A window function needs OVER (…), a generator is a whole column of"
                            + " a select list, and grouping goes with GROUPING SETS, ROLLUP or CUBE.");
        }
        List<Signature> fitting = fitting(name, signatures, args.size());
        if (fitting.getFirst().kind() == Signature.Kind.LAMBDA) {
            throw new QueryException(
                    "INVALID_LAMBDA",
                    "'" + name + "' was called without a lambda. Expected: "
                            + fitting.getFirst().text() + ", such as x -> x + 1 for a lambda.");
        }
        return ScalarBinder.bind(name.toLowerCase(Locale.ROOT), fitting, args);
    }

    /// The signature with lambdas that takes so many arguments.
    static Signature lambdaSignature(String name, int arguments) {
        List<Signature> signatures = find(name);
        if (signatures.stream().noneMatch(signature -> signature.kind() == Signature.Kind.LAMBDA)) {
            throw new QueryException("INVALID_LAMBDA", "'" + name + "' takes no lambda.");
        }
        return fitting(name, signatures, arguments).stream()
                .filter(signature -> signature.kind() == Signature.Kind.LAMBDA)
                .findFirst()
                .orElseThrow(() -> new QueryException(
                        "INVALID_LAMBDA", "'" + name + "' takes no lambda when it has " + arguments + " arguments."));
    }

    /// Whether a name is that of an aggregate function.
    public static boolean isAggregate(String name) {
        List<String> lines = LINES.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return !lines.isEmpty() && Signature.parse(lines.getFirst()).kind() == Signature.Kind.AGGREGATE;
    }

    /// The call of an aggregate function, with every implicit cast made explicit. `count(*)` has no arguments.
    ///
    /// @throws QueryException `UNRESOLVED_ROUTINE`, `WRONG_NUM_ARGS` or `DATATYPE_MISMATCH`
    public static AggregateCall bindAggregate(String name, List<BoundExpr> args, boolean distinct) {
        List<Signature> signatures = find(name);
        if (signatures.getFirst().kind() != Signature.Kind.AGGREGATE) {
            throw new QueryException("NOT_AN_AGGREGATE", "'" + name + "' is not an aggregate function.");
        }
        Signature signature = fitting(name, signatures, args.size()).getFirst();
        List<BoundExpr> values =
                distinct ? args.stream().map(FunctionRegistry::comparable).toList() : args;
        return Aggregates.bind(signature.names().getFirst(), values, distinct);
    }

    /// The expression in a form in which equal values are made of the same bytes: with the entries of maps in order.
    /// Itself if there are no maps in it.
    public static BoundExpr comparable(BoundExpr expr) {
        return hasMap(expr.type()) ? ScalarBinder.strict("map_sort", "MapFunctions.inOrder", expr.type(), expr) : expr;
    }

    private static boolean hasMap(DataType type) {
        return switch (type) {
            case MapType _ -> true;
            case ArrayType array -> hasMap(array.elementType());
            case StructType struct -> struct.fieldList().stream().anyMatch(field -> hasMap(field.dataType()));
            default -> false;
        };
    }

    /// What stands in the place of a subquery's value if there are several: it fails when it is evaluated.
    public static BoundExpr tooManyRows(DataType type) {
        return ScalarBinder.call(
                "scalar_subquery", "ConditionFunctions.tooManyRows", ScalarFunction.Nulls.CALLED, type, List.of());
    }

    /// Whether the library has a function or an operator of this name.
    public static boolean isKnown(String name) {
        return LINES.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /// All names and aliases of functions and operators, sorted.
    public static Set<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(LINES.keySet()));
    }

    /// What a function does, a line for its name, each way of calling it, and its description.
    ///
    /// @throws QueryException `UNRESOLVED_ROUTINE`
    public static List<String> describe(String name) {
        List<Signature> signatures = find(name);
        List<String> lines = new ArrayList<>();
        lines.add("Function: " + name.toLowerCase(Locale.ROOT));
        signatures.forEach(signature -> lines.add("Usage: " + signature.text()));
        signatures.stream()
                .map(Signature::description)
                .filter(description -> !description.isEmpty())
                .forEach(description -> lines.add("Description: " + description));
        return lines;
    }

    private static List<Signature> find(String name) {
        List<String> lines = LINES.get(name.toLowerCase(Locale.ROOT));
        if (lines == null) {
            throw new QueryException(
                    "UNRESOLVED_ROUTINE",
                    "'" + name + "' is not a function. " + Suggestion.didYouMean(name, LINES.keySet()));
        }
        return lines.stream().map(Signature::parse).toList();
    }

    private static List<Signature> fitting(String name, List<Signature> signatures, int arguments) {
        List<Signature> fitting = signatures.stream()
                .filter(signature -> signature.takes(arguments))
                .toList();
        if (fitting.isEmpty()) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "'" + name + "' was called with " + arguments + (arguments == 1 ? " argument" : " arguments")
                            + ". Expected: "
                            + signatures.stream()
                                    .map(Signature::text)
                                    .distinct()
                                    .collect(Collectors.joining(" or "))
                            + ".");
        }
        return fitting;
    }
}
