package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import java.util.List;
import java.util.Map;

/// The values for `:name` and `?` in an SQL text.
///
/// @param named by name
/// @param positional in order
public record Parameters(Map<String, NamedExpr> named, List<NamedExpr> positional) {
    public static final Parameters NONE = new Parameters(Map.of(), List.of());

    public Parameters {
        named = Map.copyOf(named);
        positional = List.copyOf(positional);
    }
}
