package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.LongType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Dates and timestamps with constant lengths of time added, such that have months beside days too: no type has values
/// like them.
final class IntervalArithmetic {
    private IntervalArithmetic() {}

    /// Years, months, weeks, days, hours, minutes, seconds.
    private static final int PARTS = 7;

    private static final int DATE_PARTS = 4;
    private static final DecimalType SECONDS = new DecimalType(18, 6);

    /// Whether the expression is a length of time without a type.
    static boolean isMixed(NamedExpr expr) {
        return expr instanceof NamedExpr.Interval interval && interval.type().isEmpty() || isMade(expr);
    }

    private static boolean isMade(NamedExpr expr) {
        return expr instanceof NamedExpr.Call call && isMaker(call.function());
    }

    static boolean isMaker(String function) {
        return function.equalsIgnoreCase("make_interval") || function.equalsIgnoreCase("try_make_interval");
    }

    static QueryException misplaced(NamedExpr.Call call) {
        return new QueryException(
                "UNSUPPORTED_INTERVAL",
                "'" + call.text()
                        + "' has months beside days and times: it can only be added to or subtracted from a date"
                        + " or a timestamp. For a value of its own use make_ym_interval(…) or make_dt_interval(…).");
    }

    /// `+` or `-` with a mixed interval on one side.
    static BoundExpr bind(NamedExpr.Call call, ExprBinder binder) {
        NamedExpr left = call.arguments().get(0);
        if (call.arguments().size() == 2) {
            NamedExpr right = call.arguments().get(1);
            if (right instanceof NamedExpr.Call made && isMade(made)) {
                return add(binder.bind(left), made, binder, call.function().equals("-"));
            }
            if (left instanceof NamedExpr.Call made
                    && isMade(made)
                    && call.function().equals("+")) {
                return add(binder.bind(right), made, binder, false);
            }
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
                        "'" + time.text() + "' is " + time.type().simpleString()
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

    // ---- make_interval

    /// A date or timestamp, and the length of time that `make_interval` makes of its arguments.
    private static BoundExpr add(BoundExpr time, NamedExpr.Call made, ExprBinder binder, boolean subtracts) {
        if (made.arguments().size() > PARTS) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    made.function() + "(…) takes up to " + PARTS
                            + " arguments: years, months, weeks, days, hours, minutes, seconds.");
        }
        List<BoundExpr> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            BoundExpr part =
                    i < made.arguments().size() ? binder.bind(made.arguments().get(i)) : literal(0);
            parts.add(Coercion.cast(part, i == PARTS - 1 ? SECONDS : DataTypes.IntegerType, CastFailure.ERROR));
        }
        Length length =
                new Length(made.function().toLowerCase(Locale.ROOT).startsWith("try_") ? "try_" : "", subtracts);
        BoundExpr months = length.of(parts.get(0), 12, parts.get(1));
        BoundExpr days = length.of(parts.get(2), 7, parts.get(3));
        return switch (time.type()) {
            case DateType _
                    when made.arguments().size() <= DATE_PARTS -> bind("date_add", bind("add_months", time, months), days);
            case DateType _ ->
                throw new QueryException(
                        "UNSUPPORTED_INTERVAL",
                        "'" + made.text() + "' has hours, minutes or seconds, which can't be added to the date '"
                                + time.text() + "'. Cast the date to a timestamp, or leave them out.");
            case StringType _ ->
                bind("timestamp_add_interval", bind("timestamp", time), months, days, length.micros(parts));
            case TimestampType _, TimestampNTZType _ ->
                bind("timestamp_add_interval", time, months, days, length.micros(parts));
            default ->
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "'" + time.text() + "' is " + time.type().simpleString()
                                + ": an interval can only be added to a date or a timestamp.");
        };
    }

    /// Arithmetic of the parts.
    ///
    /// @param prefix `try_` to have null for what is out of range
    private record Length(String prefix, boolean negative) {
        /// `large * factor + small`
        BoundExpr of(BoundExpr large, long factor, BoundExpr small) {
            BoundExpr scale = new BoundExpr.Literal(
                    small.type() instanceof LongType ? Scalar.of(factor) : Scalar.of((int) factor));
            return signed(plus(times(large, scale), small));
        }

        BoundExpr micros(List<BoundExpr> parts) {
            BoundExpr hours = Coercion.cast(parts.get(4), DataTypes.LongType, CastFailure.ERROR);
            BoundExpr minutes = Coercion.cast(parts.get(5), DataTypes.LongType, CastFailure.ERROR);
            BoundExpr seconds =
                    Coercion.cast(bind("*", parts.get(6), literal(1_000_000)), DataTypes.LongType, CastFailure.ERROR);
            BoundExpr ofHours = times(hours, new BoundExpr.Literal(Scalar.of(3_600_000_000L)));
            BoundExpr ofMinutes = times(minutes, new BoundExpr.Literal(Scalar.of(60_000_000L)));
            return signed(plus(plus(ofHours, ofMinutes), seconds));
        }

        private BoundExpr times(BoundExpr a, BoundExpr b) {
            return bind(prefix.isEmpty() ? "*" : "try_multiply", a, b);
        }

        private BoundExpr plus(BoundExpr a, BoundExpr b) {
            return bind(prefix.isEmpty() ? "+" : "try_add", a, b);
        }

        private BoundExpr signed(BoundExpr value) {
            return negative ? bind("negative", value) : value;
        }
    }

    private static BoundExpr bind(String function, BoundExpr... arguments) {
        return FunctionRegistry.bindScalar(function, List.of(arguments));
    }

    private static BoundExpr literal(int value) {
        return new BoundExpr.Literal(Scalar.of(value));
    }
}
