package dev.headrace.function;

import dev.headrace.plan.SqlFunction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The functions that a session has beside those of the library; they come first.
public interface SessionFunctions {
    /// Those of the session whose query is being analyzed.
    ScopedValue<SessionFunctions> CURRENT = ScopedValue.newInstance();

    Optional<UserFunction> find(String name);

    Optional<UserAggregate> findAggregate(String name);

    Optional<SqlFunction> findDefined(String name);

    /// The database of names that say none.
    String currentDatabase();

    /// What a function is found by that a text calls so.
    String named(List<String> written);

    /// What a function of the session whose query is being analyzed is found by.
    static String name(List<String> written) {
        return CURRENT.isBound()
                ? CURRENT.get().named(written)
                : written.getLast().toLowerCase(Locale.ROOT);
    }

    /// That of the session whose query is being analyzed.
    static String database() {
        return CURRENT.isBound() ? CURRENT.get().currentDatabase() : "default";
    }

    /// The function of this name of the session whose query is being analyzed.
    static Optional<UserFunction> current(String name) {
        return CURRENT.isBound() ? CURRENT.get().find(name) : Optional.empty();
    }

    /// The aggregate function of this name of the session whose query is being analyzed.
    static Optional<UserAggregate> currentAggregate(String name) {
        return CURRENT.isBound() ? CURRENT.get().findAggregate(name) : Optional.empty();
    }

    /// The function of this name that SQL has defined in the session whose query is being analyzed.
    static Optional<SqlFunction> currentDefined(String name) {
        return CURRENT.isBound() ? CURRENT.get().findDefined(name) : Optional.empty();
    }
}
