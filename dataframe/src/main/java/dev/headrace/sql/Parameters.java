package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import java.util.List;
import java.util.Map;

/// The values for `:name` and `?` in an SQL text.
///
/// @param named by name
/// @param positional in order
/// @param nameless of values that are given for either, those that have no name, as they are written
public record Parameters(Map<String, NamedExpr> named, List<NamedExpr> positional, List<String> nameless) {
    public static final Parameters NONE = new Parameters(Map.of(), List.of());

    public Parameters {
        named = Map.copyOf(named);
        positional = List.copyOf(positional);
        nameless = List.copyOf(nameless);
    }

    /// Values for the one or the other.
    public Parameters(Map<String, NamedExpr> named, List<NamedExpr> positional) {
        this(named, positional, List.of());
    }
}
