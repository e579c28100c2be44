package dev.headrace.plan;

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

    private static Stream<NamedExpr.Name> qualified(NamedExpr expr, Scope scope) {
        return switch (expr) {
            case NamedExpr.Name name ->
                name.parts().size() > 1 || name.planId().isPresent() ? Stream.of(name) : Stream.empty();
            case NamedExpr.Star(List<String> qualifier) when qualifier.size() == 1 ->
                scope.entries().stream()
                        .map(Scope.Entry::name)
                        .distinct()
                        .map(name -> new NamedExpr.Name(List.of(qualifier.getFirst(), name), OptionalLong.empty()));
            case NamedExpr.StarExcept star -> qualified(star.star(), scope);
            default ->
                Stream.concat(
                        expr.operands().stream().flatMap(operand -> qualified(operand, scope)),
                        expr.subquery().stream().flatMap(plan -> qualified(plan, scope)));
        };
    }

    private static Stream<NamedExpr.Name> inSubqueries(NamedExpr expr, Scope scope) {
        return Stream.concat(
                expr.subquery().stream().flatMap(plan -> qualified(plan, scope)),
                expr.operands().stream().flatMap(operand -> inSubqueries(operand, scope)));
    }

    /// The names in a subquery: those that it does not find itself may be of the query around it.
    private static Stream<NamedExpr.Name> qualified(NamedPlan subquery, Scope scope) {
        return Stream.concat(
                subquery.expressions().stream()
                        .filter(expr -> !(expr instanceof NamedExpr.Star) && !(expr instanceof NamedExpr.StarExcept))
                        .flatMap(expr -> qualified(expr, scope)),
                subquery.inputs().stream().flatMap(input -> qualified(input, scope)));
    }

    private static Stream<NamedExpr.Name> names(NamedExpr expr) {
        return expr instanceof NamedExpr.Name name
                ? Stream.of(name)
                : expr.operands().stream().flatMap(DroppedColumns::names);
    }
}
