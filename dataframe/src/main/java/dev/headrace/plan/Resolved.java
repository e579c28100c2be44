package dev.headrace.plan;

import dev.headrace.types.StructType;
import java.util.Optional;

/// An analyzed query: its plan, and under which names its columns can be found by what is put on top. Immutable.
public final class Resolved {
    private final LogicalPlan plan;
    private final Scope scope;
    private final Optional<Resolved> selectedFrom;

    private Resolved(LogicalPlan plan, Scope scope, Optional<Resolved> selectedFrom) {
        this.plan = plan;
        this.scope = scope;
        this.selectedFrom = selectedFrom;
    }

    static Resolved of(LogicalPlan plan, Scope scope) {
        return new Resolved(plan, scope, Optional.empty());
    }

    /// A projection, whose input's other columns a sort on top may use.
    static Resolved selected(LogicalPlan.Project plan, Scope scope, Resolved from) {
        return new Resolved(plan, scope, Optional.of(from));
    }

    public LogicalPlan plan() {
        return plan;
    }

    public StructType schema() {
        return scope.schema();
    }

    Scope scope() {
        return scope;
    }

    Optional<Resolved> selectedFrom() {
        return selectedFrom;
    }

    Resolved withScope(Scope newScope) {
        return new Resolved(plan, newScope, selectedFrom);
    }

    /// The same query as one DataFrame, whose columns are found by its id.
    Resolved identified(long planId) {
        return withScope(scope.withPlanId(planId));
    }
}
