package dev.headrace.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The fields that `extract` takes from dates, times and intervals, and the functions that do.
public final class ExtractField {
    /// The fields, for messages.
    public static final String NAMES =
            "YEAR, YEAROFWEEK, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DAYOFWEEK_ISO, DOY, HOUR, MINUTE, SECOND";

    private ExtractField() {}

    /// The field of a value; empty if there is no field of this name.
    public static Optional<NamedExpr> of(String field, NamedExpr source) {
        return Optional.ofNullable(
                switch (field.toUpperCase(Locale.ROOT)) {
                    case "YEAR", "Y", "YEARS", "YR", "YRS" -> call("year", source);
                    case "YEAROFWEEK" -> call("year", thursday(source));
                    case "QUARTER", "QTR" -> call("quarter", source);
                    case "MONTH", "MON", "MONS", "MONTHS" -> call("month", source);
                    case "WEEK", "W", "WEEKS" -> call("weekofyear", source);
                    case "DAY", "D", "DAYS" -> call("dayofmonth", source);
                    case "DAYOFWEEK", "DOW" -> call("dayofweek", source);
                    case "DAYOFWEEK_ISO", "DOW_ISO" ->
                        call("+", call("weekday", source), new NamedExpr.Literal(Scalar.of(1)));
                    case "DOY" -> call("dayofyear", source);
                    case "HOUR", "H", "HOURS", "HR", "HRS" -> call("hour", source);
                    case "MINUTE", "M", "MIN", "MINS", "MINUTES" -> call("minute", source);
                    case "SECOND", "S", "SEC", "SECONDS", "SECS" -> call("second_with_fraction", source);
                    default -> null;
                });
    }

    /// Of the week that the date is in, which belongs to the year that its Thursday is in.
    private static NamedExpr thursday(NamedExpr date) {
        return call("date_add", date, call("-", new NamedExpr.Literal(Scalar.of(3)), call("weekday", date)));
    }

    private static NamedExpr call(String function, NamedExpr... arguments) {
        return new NamedExpr.Call(function, List.of(arguments), false);
    }
}
