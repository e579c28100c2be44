package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataTypes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The windows of `calendar_window(timestamp, "month")`: from midnight to midnight of a time zone, however long the
/// days between are.
///
/// A day that has no midnight, because clocks are set forward there and then, begins with its first moment.
///
/// @param unit how long a window is
/// @param zone whose calendar it is; empty: the session's
public record CalendarWindow(Unit unit, Optional<ZoneId> zone) {
    private static final long MICROS = 1_000_000;

    /// A length of time on the calendar.
    public enum Unit {
        DAY,
        /// From Monday.
        WEEK,
        MONTH,
        QUARTER,
        YEAR;

        /// The unit of this name.
        public static Optional<Unit> of(String name) {
            for (Unit unit : values()) {
                if (unit.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
                    return Optional.of(unit);
                }
            }
            return Optional.empty();
        }

        private LocalDate start(LocalDate date) {
            return switch (this) {
                case DAY -> date;
                case WEEK -> date.with(TemporalAdjusters.previousOrSame(java.time.DayOfWeek.MONDAY));
                case MONTH -> date.withDayOfMonth(1);
                case QUARTER -> date.with(IsoFields.DAY_OF_QUARTER, 1);
                case YEAR -> date.withDayOfYear(1);
            };
        }

        private LocalDate next(LocalDate start) {
            return switch (this) {
                case DAY -> start.plusDays(1);
                case WEEK -> start.plusWeeks(1);
                case MONTH -> start.plusMonths(1);
                case QUARTER -> start.plusMonths(3);
                case YEAR -> start.plusYears(1);
            };
        }
    }

    /// The zone of this name; empty if there is none.
    public static Optional<ZoneId> zone(String name) {
        try {
            return Optional.of(TimeZones.of(name));
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    /// The window that a timestamp lies in. A timestamp without a zone is put into windows as its clock shows it.
    ///
    /// @param time a timestamp that is never null
    public static BoundExpr of(BoundExpr time, Unit unit, Optional<ZoneId> zone) {
        boolean local = time.type().equals(DataTypes.TimestampNTZType);
        CalendarWindow window = new CalendarWindow(unit, local ? Optional.of(ZoneOffset.UTC) : zone);
        return TimeWindow.window(
                new BoundExpr.Call(window.function("calendar_start", "start"), List.of(time), time.type()),
                new BoundExpr.Call(window.function("calendar_end", "end"), List.of(time), time.type()));
    }

    /// The timestamp that an expression made by [#of] puts into windows.
    public static Optional<BoundExpr> timeOf(BoundExpr expr) {
        return expr instanceof BoundExpr.MakeStruct struct
                        && struct.values().size() == 2
                        && struct.values().getFirst() instanceof BoundExpr.Call start
                        && struct.values().getLast() instanceof BoundExpr.Call end
                        && start.function().receiver().orElse(null) instanceof CalendarWindow window
                        && window.function("calendar_start", "start").equals(start.function())
                        && window.function("calendar_end", "end").equals(end.function())
                        && start.arguments().equals(end.arguments())
                ? Optional.of(start.arguments().getFirst())
                : Optional.empty();
    }

    private ScalarFunction function(String name, String method) {
        try {
            return new ScalarFunction(
                    name,
                    CalendarWindow.class.getMethod(method, EvalContext.class, long.class),
                    ScalarFunction.Nulls.STRICT,
                    true,
                    Optional.of(this));
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(method, impossible);
        }
    }

    /// The first moment of the window that `time` lies in, in microseconds.
    public long start(EvalContext context, long time) {
        ZoneId in = zone.orElse(context.zone());
        return micros(unit.start(date(time, in)), in);
    }

    /// The first moment after the window that `time` lies in.
    public long end(EvalContext context, long time) {
        ZoneId in = zone.orElse(context.zone());
        return micros(unit.next(unit.start(date(time, in))), in);
    }

    private static LocalDate date(long micros, ZoneId in) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(in).toLocalDate();
    }

    private static long micros(LocalDate date, ZoneId in) {
        return Math.multiplyExact(date.atStartOfDay(in).toEpochSecond(), MICROS);
    }
}
