package dev.headrace;

import dev.headrace.plan.Scalar;
import dev.headrace.plan.SessionVariables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The variables that a statement of a script sees: those of the block that it stands in, of the blocks around it, from
/// the inside to the outside, and of the session.
///
/// @param label by which variables of the block may be qualified
/// @param own those of the block
/// @param around absent for the script itself
record ScriptScope(Optional<String> label, Variables own, Optional<ScriptScope> around, Variables ofSession)
        implements SessionVariables {
    private static final ScopedValue<Optional<ScriptScope>> INNERMOST = ScopedValue.newInstance();

    static ScriptScope of(Session session) {
        return new ScriptScope(Optional.empty(), new Variables(), Optional.empty(), session.variables());
    }

    /// That of the statement that this thread runs, if it stands in a script.
    static Optional<ScriptScope> innermost() {
        return INNERMOST.orElse(Optional.empty());
    }

    /// Runs what stands in no script, though one may run it.
    static <T> T outside(Variables ofSession, Supplier<T> work) {
        return ScopedValue.where(INNERMOST, Optional.empty())
                .where(CURRENT, ofSession)
                .call(work::get);
    }

    ScriptScope inner(Optional<String> innerLabel) {
        return new ScriptScope(innerLabel, new Variables(), Optional.of(this), ofSession);
    }

    /// Runs what reads, analyzes or sets variables.
    <T> T within(Supplier<T> work) {
        return ScopedValue.where(INNERMOST, Optional.of(this))
                .where(CURRENT, this)
                .call(work::get);
    }

    /// Among which variables of the script the one of this name is.
    ///
    /// @param parts with the label before the name, or without
    Optional<Variables> holder(List<String> parts) {
        boolean here = parts.size() == 1
                || parts.size() == 2
                        && label.filter(parts.getFirst()::equalsIgnoreCase).isPresent();
        return here && own.get(parts.getLast()).isPresent()
                ? Optional.of(own)
                : around.flatMap(scope -> scope.holder(parts));
    }

    @Override
    public Optional<Scalar> find(String name) {
        return find(List.of(), name);
    }

    @Override
    public Optional<Scalar> find(List<String> qualifiers, String name) {
        List<String> parts = new ArrayList<>(qualifiers);
        parts.add(name);
        return holder(parts).map(holder -> holder.find(name)).orElseGet(() -> ofSession.find(qualifiers, name));
    }
}
