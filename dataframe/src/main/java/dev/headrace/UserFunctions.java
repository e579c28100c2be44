package dev.headrace;

import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.function.SessionFunctions;
import dev.headrace.function.UserAggregate;
import dev.headrace.function.UserFunction;
import dev.headrace.plan.SqlFunction;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The functions of the program, and those that SQL has defined, that a session knows by name, without regard to case.
final class UserFunctions implements SessionFunctions {
    private static final ScopedValue<JavaValues> VALUES = ScopedValue.newInstance();

    private final Map<String, UserFunction> byName = new ConcurrentHashMap<>();
    private final Map<String, UserAggregate> aggregates = new ConcurrentHashMap<>();
    private final Map<String, SqlFunction> defined = new ConcurrentHashMap<>();
    private final LastingFunctions lasting;

    UserFunctions(LastingFunctions lasting) {
        this.lasting = lasting;
    }

    LastingFunctions lasting() {
        return lasting;
    }

    @Override
    public String currentDatabase() {
        return lasting.currentDatabase();
    }

    @Override
    public String named(List<String> written) {
        return lasting.named(written);
    }

    void put(String name, UserDefinedFunction function) {
        String key = name.toLowerCase(Locale.ROOT);
        defined.remove(key);
        if (function instanceof DeclaredAggregate aggregate) {
            aggregates.put(key, aggregate.function());
            byName.remove(key);
        } else {
            byName.put(key, ((DeclaredFunction) function).function());
            aggregates.remove(key);
        }
    }

    @Override
    public Optional<UserFunction> find(String name) {
        return byName.isEmpty() ? Optional.empty() : Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Optional<UserAggregate> findAggregate(String name) {
        return Optional.ofNullable(aggregates.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Optional<SqlFunction> findDefined(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        SqlFunction ofSession = defined.get(key);
        return ofSession == null ? lasting.find(key) : Optional.of(ofSession);
    }

    void define(SqlFunction function) {
        defined.put(function.name().toLowerCase(Locale.ROOT), function);
    }

    /// Forgets a function of the session.
    ///
    /// @return whether there was one
    boolean remove(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        boolean known = isOfSession(key);
        defined.remove(key);
        byName.remove(key);
        aggregates.remove(key);
        return known;
    }

    boolean knows(String name) {
        return isOfProgram(name) || findDefined(name).isPresent();
    }

    boolean isOfSession(String name) {
        return isOfProgram(name) || defined.containsKey(name.toLowerCase(Locale.ROOT));
    }

    boolean isOfProgram(String name) {
        return find(name).isPresent() || findAggregate(name).isPresent();
    }

    /// Those of the session.
    Set<String> names() {
        Set<String> names = new TreeSet<>(byName.keySet());
        names.addAll(aggregates.keySet());
        names.addAll(defined.keySet());
        return names;
    }

    /// Runs what analyzes a query, which then finds these functions.
    <T> T within(JavaValues values, Supplier<T> analysis) {
        return ScopedValue.where(SessionFunctions.CURRENT, this)
                .where(VALUES, values)
                .call(analysis::get);
    }

    /// As which classes dates and times are given to functions.
    static JavaValues javaValues() {
        return VALUES.orElse(new JavaValues(false));
    }
}
