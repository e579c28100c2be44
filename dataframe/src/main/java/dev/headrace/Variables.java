package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SessionVariables;
import dev.headrace.types.DataType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/// The variables of a session. Names are without letter case. Thread-safe.
final class Variables implements SessionVariables {
    private final Map<String, Variable> byName = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

    /// A variable as it is now.
    ///
    /// @param otherwise what DEFAULT means
    record Variable(DataType type, NamedExpr otherwise, Scalar value) {
        Variable with(Scalar newValue) {
            return new Variable(type, otherwise, newValue);
        }
    }

    @Override
    public Optional<Scalar> find(String name) {
        return get(name).map(Variable::value);
    }

    Optional<Variable> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    void put(String name, Variable variable) {
        byName.put(name, variable);
    }

    /// @return whether there was one
    boolean remove(String name) {
        return byName.remove(name) != null;
    }

    Set<String> names() {
        return byName.keySet();
    }

    /// Runs what reads or analyzes a statement, which then finds these variables, unless it is a part of what may have
    /// none.
    <T> T within(Supplier<T> analysis) {
        return CURRENT.isBound()
                ? analysis.get()
                : ScopedValue.where(CURRENT, this).call(analysis::get);
    }

    /// Runs what reads and analyzes a view or function that outlives the session, and so its variables.
    ///
    /// @param kind which of both it is
    /// @param isNew whether it is being made, so that it is an error to mean a variable
    <T> T outlivedBy(String kind, boolean isNew, Supplier<T> analysis) {
        SessionVariables none = name -> {
            boolean isOfScript = ScriptScope.innermost()
                    .flatMap(scope -> scope.holder(List.of(name)))
                    .isPresent();
            if (isNew && (isOfScript || byName.containsKey(name))) {
                throw new QueryException(
                        "INVALID_TEMP_OBJ_REFERENCE",
                        "A " + kind + " that outlives the session can't use '" + name + "', a variable of the "
                                + (isOfScript ? "script" : "session") + ". Write CREATE TEMPORARY "
                                + kind.toUpperCase(Locale.ROOT) + ".");
            }
            return Optional.empty();
        };
        return ScopedValue.where(CURRENT, none).call(analysis::get);
    }
}
