package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Analyzes lookup joins.
final class LookupAnalysis {
    private LookupAnalysis() {}

    /// @throws QueryException `LOOKUP_JOIN_TYPE`, `LOOKUP_KEY`
    static Resolved of(Resolved input, NamedPlan.LookupJoin node) {
        if (node.type() != JoinType.INNER && node.type() != JoinType.LEFT_OUTER) {
            throw new QueryException(
                    "LOOKUP_JOIN_TYPE",
                    "A lookup join can't be " + node.type()
                            + ": it is inner or left, because only the rows of the left " + "side are looked up.");
        }
        LookupCall lookup = node.lookup();
        List<StructField> wanted = lookup.keySchema().fieldList();
        if (node.keys().size() != wanted.size()) {
            throw new QueryException(
                    "LOOKUP_KEY",
                    "The lookup '" + lookup.name() + "' has the keys "
                            + lookup.keySchema().names() + ", but "
                            + node.keys().size() + " columns were given.");
        }
        List<BoundExpr> keys = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            keys.add(key(input, node.keys().get(i), wanted.get(i), lookup));
        }
        LogicalPlan join = new LogicalPlan.LookupJoin(input.plan(), keys, lookup, node.type());
        return Resolved.of(
                join, input.scope().followedBy(Scope.of(lookup.valueSchema())).withSchema(join.schema()));
    }

    private static BoundExpr key(Resolved input, NamedExpr given, StructField wanted, LookupCall lookup) {
        BoundExpr bound = ExprBinder.in(input.scope(), "joinLookup(…)").bind(given);
        if (bound.type().equals(wanted.dataType())) {
            return bound;
        }
        if (!Coercion.commonType(bound.type(), wanted.dataType()).equals(Optional.of(wanted.dataType()))) {
            throw new QueryException(
                    "LOOKUP_KEY",
                    "'" + given.text() + "' is " + bound.type().simpleString() + ", but the key '" + wanted.name()
                            + "' of the lookup '" + lookup.name() + "' is "
                            + wanted.dataType().simpleString() + ". Cast it.");
        }
        return Coercion.cast(bound, wanted.dataType(), CastFailure.ERROR);
    }
}
