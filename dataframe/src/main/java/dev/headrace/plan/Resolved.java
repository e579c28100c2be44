package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// An analyzed query: its plan, and under which names its columns can be found by what is put on top. Immutable.
public final class Resolved {
    private final LogicalPlan plan;
    private final Scope scope;
    private final Optional<Selection> selection;

    private Resolved(LogicalPlan plan, Scope scope, Optional<Selection> selection) {
        this.plan = plan;
        this.scope = scope;
        this.selection = selection;
    }

    static Resolved of(LogicalPlan plan, Scope scope) {
        return new Resolved(plan, scope, Optional.empty());
    }

    /// A projection or aggregation, what is below which a sort or a condition on top may use.
    static Resolved selected(LogicalPlan plan, Scope scope, Selection selection) {
        return new Resolved(plan, scope, Optional.of(selection));
    }

    public LogicalPlan plan() {
        return plan;
    }

    public StructType schema() {
        return scope.schema();
    }

    /// Checks that a name refers to exactly one column, and the fields behind it exist.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN`, `AMBIGUOUS_REFERENCE` or `FIELD_NOT_FOUND`
    public void checkName(List<String> parts) {
        NamedExpr.Name name = new NamedExpr.Name(parts, OptionalLong.empty());
        ExprBinder.in(HiddenColumn.within(this, List.of(name)).scope, "col(…)").bind(name);
    }

    /// Checks that a name is that of a column that is there beside those of the schema.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN`
    public void checkHidden(String name) {
        NamedExpr.Name asName = new NamedExpr.Name(List.of(name), OptionalLong.empty());
        Scope wider = HiddenColumn.within(this, List.of(asName)).scope;
        if (!wider.hasHidden() || !name.equalsIgnoreCase(HiddenColumn.NAME)) {
            throw new QueryException(
                    "UNRESOLVED_COLUMN",
                    "'" + name + "' is not a column that " + scope + " has beside its own. Files have '"
                            + HiddenColumn.NAME + "', up to the first join or aggregation.");
        }
    }

    /// The ordinal of the only column of this name.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN` or `AMBIGUOUS_REFERENCE`
    public int ordinal(String column) {
        return scope.only(column);
    }

    Scope scope() {
        return scope;
    }

    Optional<Selection> selection() {
        return selection;
    }

    Resolved withScope(Scope newScope) {
        return new Resolved(plan, newScope, selection);
    }

    /// Other rows under the same names.
    ///
    /// @param rows its first columns are this query's columns, of the same names and types; more may follow
    public Resolved over(LogicalPlan rows) {
        return of(rows, scope.extendedTo(rows.schema()));
    }

    /// The same query as one DataFrame, whose columns are found by its id.
    Resolved identified(long planId) {
        return withScope(scope.withPlanId(planId));
    }

    Resolved within(Optional<Scope> enclosing) {
        return withScope(scope.within(enclosing));
    }
}
