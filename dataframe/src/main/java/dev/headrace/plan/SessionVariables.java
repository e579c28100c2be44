package dev.headrace.plan;

import java.util.List;
import java.util.Optional;

/// The variables of a session: what names mean that are neither columns nor anything else of the query.
public interface SessionVariables {
    /// Those of the session whose statement is being read or analyzed.
    ScopedValue<SessionVariables> CURRENT = ScopedValue.newInstance();

    /// The value of the variable of this name, without regard to case.
    Optional<Scalar> find(String name);

    /// The value of the variable of this name behind these qualifiers.
    default Optional<Scalar> find(List<String> qualifiers, String name) {
        return areQualifiers(qualifiers) ? find(name) : Optional.empty();
    }

    /// Whether these parts may stand before a variable's name: none, `session`, or `system.session`.
    static boolean areQualifiers(List<String> parts) {
        return switch (parts.size()) {
            case 0 -> true;
            case 1 -> parts.getFirst().equalsIgnoreCase("session");
            default ->
                parts.size() == 2
                        && parts.getFirst().equalsIgnoreCase("system")
                        && parts.getLast().equalsIgnoreCase("session");
        };
    }

    /// What a name means as that of a variable, or of a field of one.
    static Optional<BoundExpr> bound(NamedExpr.Name name) {
        if (!CURRENT.isBound() || name.planId().isPresent()) {
            return Optional.empty();
        }
        List<String> parts = name.parts();
        for (int at = Math.min(2, parts.size() - 1); at >= 0; at--) {
            Optional<Scalar> value = CURRENT.get().find(parts.subList(0, at), parts.get(at));
            if (value.isPresent()) {
                List<String> fields = parts.subList(at + 1, parts.size());
                return Optional.of(ExprBinder.fields(new BoundExpr.Literal(value.get()), fields));
            }
        }
        return Optional.empty();
    }
}
