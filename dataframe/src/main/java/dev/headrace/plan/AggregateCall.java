package dev.headrace.plan;

import dev.headrace.function.AggregateFunction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
        return text(BoundExpr::toString);
    }

    /// As its author may have written it, for messages.
    String text() {
        return text(BoundExpr::text);
    }

    private String text(Function<BoundExpr, String> expression) {
        String inner =
                arguments.isEmpty() ? "*" : arguments.stream().map(expression).collect(Collectors.joining(", "));
        return function.name() + "(" + (distinct ? "DISTINCT " : "") + inner + ")"
                + filter.map(expression)
                        .map(condition -> " FILTER (WHERE " + condition + ")")
                        .orElse("");
    }
}
