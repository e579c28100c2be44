package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NullType;

/// Conditions of filters and joins: expressions that must be boolean.
final class Conditions {
    private Conditions() {}

    /// @throws QueryException `DATATYPE_MISMATCH` if it is not boolean
    static BoundExpr bind(Scope scope, NamedExpr expr, String place) {
        return bind(ExprBinder.in(scope, place), expr, place);
    }

    /// @throws QueryException `DATATYPE_MISMATCH` if it is not boolean
    static BoundExpr bind(ExprBinder binder, NamedExpr expr, String place) {
        BoundExpr bound = binder.bind(expr);
        return switch (bound.type()) {
            case BooleanType _ -> bound;
            case NullType _ -> Coercion.cast(bound, DataTypes.BooleanType, CastFailure.ERROR);
            default ->
                throw new QueryException(
                                "DATATYPE_MISMATCH",
                                "'" + expr.text() + "' in " + place + " is "
                                        + bound.type().simpleString()
                                        + ": expected boolean. Compare it with something, as in col(\"…\").gt(0).")
                        .within(expr);
        };
    }
}
