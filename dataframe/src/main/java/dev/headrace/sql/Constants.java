package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.function.RowView;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/// The values of expressions that have to be known when a text is read: names in `IDENTIFIER(…)`, numbers after LIMIT.
final class Constants {
    private static final RowView NO_ROW = ordinal -> {
        throw new IllegalStateException("a constant has column " + ordinal);
    };

    /// What is wrong with an expression that needs a row or rows.
    private static final Set<String> NEEDS_ROWS = Set.of(
            "UNRESOLVED_COLUMN",
            "MISPLACED_AGGREGATE",
            "MISPLACED_WINDOW",
            "MISPLACED_WINDOW_FUNCTION",
            "UNSUPPORTED_SUBQUERY",
            "UNSUPPORTED_GENERATOR",
            "INVALID_STAR");

    private final EvalContext context;

    /// @param zone the session time zone
    Constants(ZoneId zone) {
        this.context = new EvalContext(zone, 0, 0);
    }

    /// The value of an expression of constants, parameters and variables; empty if it needs a row, or may be something
    /// else the next time.
    ///
    /// @throws QueryException if the expression is wrong in another way
    /// @throws dev.headrace.errors.DataException such as `DIVIDE_BY_ZERO`
    Optional<Scalar> value(NamedExpr expr) {
        if (expr instanceof NamedExpr.Literal(Scalar value)) {
            return Optional.of(value);
        }
        BoundExpr bound;
        try {
            bound = Analyzer.bind(expr, new StructType(), "a constant");
        } catch (QueryException failed) {
            if (NEEDS_ROWS.contains(failed.code())) {
                return Optional.empty();
            }
            throw failed;
        }
        return isConstant(bound)
                ? Optional.of(new Scalar(Interpreter.evaluate(bound, NO_ROW, context), bound.type()))
                : Optional.empty();
    }

    private static boolean isConstant(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column _ -> false;
            case BoundExpr.Call call when !call.function().deterministic() || call.function().takesContext() -> false;
            default -> expr.operands().stream().allMatch(Constants::isConstant);
        };
    }
}
