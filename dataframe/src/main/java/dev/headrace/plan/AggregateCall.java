package dev.headrace.plan;

import dev.headrace.function.AggregateFunction;
import java.util.List;
import java.util.Optional;

/// An aggregate function applied to expressions over the rows of a group.
///
/// @param distinct whether rows with equal arguments count once
/// @param filter if present, only rows for which it is true count
public record AggregateCall(
        AggregateFunction function, List<BoundExpr> arguments, boolean distinct, Optional<BoundExpr> filter) {
    public AggregateCall {
        arguments = List.copyOf(arguments);
    }

    @Override
    public String toString() {
        String inner = arguments.isEmpty()
                ? "*"
                : arguments.stream().map(Object::toString).collect(java.util.stream.Collectors.joining(", "));
        return function.name() + "(" + (distinct ? "DISTINCT " : "") + inner + ")"
                + filter.map(f -> " FILTER (WHERE " + f + ")").orElse("");
    }
}
