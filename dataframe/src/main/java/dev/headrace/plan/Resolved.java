package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// An analyzed query: its plan, and under which names its columns can be found by what is put on top. Immutable.
public final class Resolved {
    private final LogicalPlan plan;
    private final Scope scope;
    private final Optional<Selection> selection;
    /// The same query with a hidden column behind its own that is found by a name by which none of its own is.
    private final Wider wider;

    /// Finds columns below.
    private interface Wider {
        Wider NONE = (_, _) -> Optional.empty();

        Optional<Resolved> with(NamedExpr.Name name, Reach reach);
    }

    private Resolved(LogicalPlan plan, Scope scope, Optional<Selection> selection, Wider wider) {
        this.plan = plan;
        this.scope = scope;
        this.selection = selection;
        this.wider = wider;
    }

    static Resolved of(LogicalPlan plan, Scope scope) {
        return new Resolved(plan, scope, Optional.empty(), Wider.NONE);
    }

    /// A projection or aggregation, what is below which a sort or a condition on top may use.
    static Resolved selected(LogicalPlan plan, Scope scope, Selection selection) {
        return new Resolved(
                plan,
                scope,
                Optional.of(selection),
                (name, reach) -> reach == Reach.SELECTIONS ? selection.with(name) : Optional.empty());
    }

    /// A step over one input that has the input's columns and no others.
    static Resolved keeping(Resolved input, LogicalPlan plan) {
        return keeping(input, plan, more -> keeping(more, plan.mapInputs(_ -> more.plan)));
    }

    /// Such a step.
    ///
    /// @param anew the same step over an input with more columns
    static Resolved keeping(Resolved input, LogicalPlan plan, UnaryOperator<Resolved> anew) {
        return new Resolved(
                plan,
                input.scope,
                Optional.empty(),
                (name, reach) -> input.with(name, reach).map(anew));
    }

    /// This join, below which there may be other columns.
    Resolved widenedBy(Function<NamedExpr.Name, Optional<Resolved>> below) {
        return new Resolved(plan, scope, selection, (name, _) -> below.apply(name));
    }

    /// This join with each key once, to which those of both sides belong all the same.
    Resolved withKeysInReach() {
        return widenedBy(name -> wider.with(name, Reach.SELECTIONS).map(Resolved::withKeysInReach));
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
        if (!wider.hasHidden(HiddenColumn.NAME) || !name.equalsIgnoreCase(HiddenColumn.NAME)) {
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
        return new Resolved(plan, newScope, selection, wider);
    }

    /// This, behind whose columns is a hidden one of this name (and perhaps others), if something below has one.
    ///
    /// @param name by which none of the columns is found
    Optional<Resolved> with(NamedExpr.Name name, Reach reach) {
        return wider.with(name, reach).map(more -> more.withScope(scope.withHidden(more.scope)));
    }

    /// The same columns, the hidden ones behind the others.
    Resolved hiddenLast() {
        List<Integer> order = new ArrayList<>(scope.columnsOf(null));
        for (int i = 0; i < scope.entries().size(); i++) {
            if (scope.entries().get(i).hidden()) {
                order.add(i);
            }
        }
        if (order.equals(order.stream().sorted().toList())) {
            return this;
        }
        List<OutputColumn> columns = Decorrelation.identity(plan);
        LogicalPlan ordered =
                new LogicalPlan.Project(plan, order.stream().map(columns::get).toList());
        List<Scope.Entry> entries = order.stream().map(scope.entries()::get).toList();
        return of(ordered, new Scope(entries, ordered.schema(), scope.outer()));
    }

    /// This without the hidden columns, which are still there for what is put on top.
    Resolved visible() {
        int width = scope.columnsOf(null).size();
        if (width == scope.entries().size()) {
            return this;
        }
        LogicalPlan visible =
                new LogicalPlan.Project(plan, Decorrelation.identity(plan).subList(0, width));
        Scope own = new Scope(scope.entries().subList(0, width), visible.schema(), scope.outer());
        return new Resolved(
                visible,
                own,
                Optional.empty(),
                (name, reach) -> scope.matches(name).isEmpty() ? with(name, reach) : Optional.of(this));
    }

    /// This as a relation, whose columns are all that can be found.
    Resolved closed() {
        return new Resolved(plan, scope, selection, Wider.NONE);
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
