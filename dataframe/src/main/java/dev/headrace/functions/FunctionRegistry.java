package dev.headrace.functions;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import java.util.List;
import java.util.Set;

/// Finds functions and operators by name and argument types.
///
/// Operators go by the names that [dev.headrace.plan.NamedExpr.Call] uses: `+`, `=`, `and`, `isnull`, `in`, `when` …
/// Names are compared without regard to case.
public final class FunctionRegistry {
    private FunctionRegistry() {}

    /// The call of a scalar function or operator, with every implicit cast made explicit.
    ///
    /// @throws QueryException `UNRESOLVED_FUNCTION`, `WRONG_NUM_ARGS` or `DATATYPE_MISMATCH`
    public static BoundExpr bindScalar(String name, List<BoundExpr> args) {
        throw new QueryException(
                "UNRESOLVED_FUNCTION", "'" + name + "' is not a function. " + Suggestion.didYouMean(name, names()));
    }

    /// Whether a name is that of an aggregate function.
    public static boolean isAggregate(String name) {
        return false;
    }

    /// The call of an aggregate function, with every implicit cast made explicit. `count(*)` has no arguments.
    ///
    /// @throws QueryException `UNRESOLVED_FUNCTION`, `WRONG_NUM_ARGS` or `DATATYPE_MISMATCH`
    public static AggregateCall bindAggregate(String name, List<BoundExpr> args, boolean distinct) {
        throw new QueryException(
                "UNRESOLVED_FUNCTION",
                "'" + name + "' is not an aggregate function. " + Suggestion.didYouMean(name, names()));
    }

    /// All names, in lower case.
    public static Set<String> names() {
        return Set.of();
    }
}
