package dev.headrace.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Columns that a step has left out, which a filter or a sort above it may use all the same:
/// `df.select("a").filter("b > 1")`. As in Spark they are found up to the first relation with a name, join, union,
/// removal of duplicates or aggregation, of which only what is grouped by is found.
final class DroppedColumns {
    private DroppedColumns() {}

    /// The input, and behind its columns those that the expressions name and that it does not have, as far as
    /// something below has them, and `_metadata`.
    ///
    /// @param missing of names by which none of the input's columns is found, which ones to look for
    static Resolved within(Resolved input, List<NamedExpr> users, Predicate<NamedExpr.Name> missing) {
        Resolved wider = input;
        for (NamedExpr.Name name : users.stream().flatMap(DroppedColumns::names).toList()) {
            if (wider.scope().matches(name).isEmpty() && missing.test(name)) {
                wider = wider.with(name, Reach.SELECTIONS).orElse(wider);
            }
        }
        Resolved all = withKeys(wider, users.stream().flatMap(user -> inSubqueries(user, input.scope())));
        return HiddenColumn.within(all, users);
    }

    /// The input, and behind its columns the keys of joins in it that the expressions name by their side, as in
    /// `a LEFT JOIN b USING (k)` the one of `b`, and `_metadata`.
    static Resolved keysWithin(Resolved input, List<? extends NamedExpr> users) {
        return HiddenColumn.within(
                withKeys(input, users.stream().flatMap(user -> qualified(user, input.scope()))), users);
    }

    /// The same for what a query names that stands beside the input and may use its columns.
    static Resolved keysWithin(Resolved input, NamedPlan lateral) {
        return withKeys(input, qualified(lateral, input.scope()));
    }

    private static Resolved withKeys(Resolved input, Stream<NamedExpr.Name> names) {
        Resolved wider = input;
        for (NamedExpr.Name name : names.toList()) {
            if (wider.scope().matches(name).isEmpty()) {
                wider = wider.with(name, Reach.JOINS).orElse(wider);
            }
        }
        return wider;
    }

    private static Stream<NamedExpr.Name> qualified(NamedExpr user, Scope scope) {
        List<NamedExpr.Name> found = new ArrayList<>();
        for (NamedExpr expr : parts(user)) {
            switch (expr) {
                case NamedExpr.Name name when name.parts().size() > 1 || name.planId().isPresent() -> found.add(name);
                case NamedExpr.Outer(NamedExpr.Name name)
                        when name.parts().size() > 1 || name.planId().isPresent() -> found.add(name);
                case NamedExpr.Star(List<String> qualifier) when qualifier.size() == 1 ->
                    scope.entries().stream()
                            .map(Scope.Entry::name)
                            .distinct()
                            .map(name -> new NamedExpr.Name(List.of(qualifier.getFirst(), name), OptionalLong.empty()))
                            .forEach(found::add);
                default ->
                    expr.subquery().ifPresent(plan -> qualified(plan, scope).forEach(found::add));
            }
        }
        return found.stream();
    }

    /// The names in a subquery: those that it does not find itself may be of the query around it.
    private static Stream<NamedExpr.Name> qualified(NamedPlan subquery, Scope scope) {
        return steps(subquery).stream()
                .flatMap(step -> step.expressions().stream())
                .filter(expr -> !(expr instanceof NamedExpr.Star) && !(expr instanceof NamedExpr.StarExcept))
                .flatMap(expr -> qualified(expr, scope));
    }

    /// A query and all that it is made of, found without recursion: programs make long chains of DataFrames.
    private static List<NamedPlan> steps(NamedPlan query) {
        List<NamedPlan> steps = new ArrayList<>();
        Deque<NamedPlan> open = new ArrayDeque<>(List.of(query));
        while (!open.isEmpty()) {
            NamedPlan next = open.removeFirst();
            steps.add(next);
            next.inputs().reversed().forEach(open::addFirst);
        }
        return steps;
    }

    private static Stream<NamedExpr.Name> inSubqueries(NamedExpr user, Scope scope) {
        return parts(user).stream().flatMap(expr -> expr.subquery().stream()).flatMap(plan -> qualified(plan, scope));
    }

    private static Stream<NamedExpr.Name> names(NamedExpr user) {
        return parts(user).stream().filter(NamedExpr.Name.class::isInstance).map(NamedExpr.Name.class::cast);
    }

    /// An expression and all that it is made of, found without recursion: chains of operators may be long.
    private static List<NamedExpr> parts(NamedExpr expr) {
        List<NamedExpr> parts = new ArrayList<>();
        Deque<NamedExpr> open = new ArrayDeque<>(List.of(expr));
        while (!open.isEmpty()) {
            NamedExpr next = open.removeFirst();
            parts.add(next);
            List<NamedExpr> operands =
                    next instanceof NamedExpr.StarExcept star ? List.of(star.star()) : next.operands();
            operands.reversed().forEach(open::addFirst);
        }
        return parts;
    }
}
