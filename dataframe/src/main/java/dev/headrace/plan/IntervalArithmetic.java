package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.DateType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.List;
import java.util.Optional;

/// Dates and timestamps with constant lengths of time added, such that have months beside days too: no type has values
/// like them.
final class IntervalArithmetic {
    private IntervalArithmetic() {}

    /// Whether the expression is a length of time without a type.
    static boolean isMixed(NamedExpr expr) {
        return expr instanceof NamedExpr.Interval interval && interval.type().isEmpty();
    }

    /// `+` or `-` with a mixed interval on one side.
    static BoundExpr bind(NamedExpr.Call call, ExprBinder binder) {
        NamedExpr left = call.arguments().get(0);
        if (call.arguments().size() == 2) {
            NamedExpr right = call.arguments().get(1);
            if (right instanceof NamedExpr.Interval interval && !(left instanceof NamedExpr.Interval)) {
                return add(binder.bind(left), call.function().equals("-") ? interval.negated() : interval);
            }
            if (left instanceof NamedExpr.Interval interval
                    && !(right instanceof NamedExpr.Interval)
                    && call.function().equals("+")) {
                return add(binder.bind(right), interval);
            }
        }
        throw new QueryException(
                "UNSUPPORTED_INTERVAL",
                "'" + call.text() + "': an interval with months beside days or times can only be added to or subtracted"
                        + " from a date or a timestamp.");
    }

    static BoundExpr add(BoundExpr time, NamedExpr.Interval interval) {
        Optional<Scalar> value = interval.value();
        if (value.isPresent()) {
            return bind("+", time, new BoundExpr.Literal(value.get()));
        }
        return switch (time.type()) {
            case DateType _ when interval.micros() == 0 ->
                bind("date_add", bind("add_months", time, literal(interval.months())), literal(interval.days()));
            case DateType _, StringType _ -> later(Selection.bindScalar("timestamp", time), interval);
            case TimestampType _, TimestampNTZType _ -> later(time, interval);
            default ->
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "'" + time + "' is " + time.type().simpleString()
                                + ": an interval can only be added to a date or a timestamp.");
        };
    }

    private static BoundExpr later(BoundExpr time, NamedExpr.Interval interval) {
        return bind(
                "timestamp_add_interval",
                time,
                literal(interval.months()),
                literal(interval.days()),
                new BoundExpr.Literal(Scalar.of(interval.micros())));
    }

    private static BoundExpr bind(String function, BoundExpr... arguments) {
        return FunctionRegistry.bindScalar(function, List.of(arguments));
    }

    private static BoundExpr literal(int value) {
        return new BoundExpr.Literal(Scalar.of(value));
    }
}
