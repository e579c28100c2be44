package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.function.CalendarWindow;
import dev.headrace.plan.GapFilling;
import dev.headrace.plan.IntervalText;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Rows for the windows that have none, from [DataFrame#gapFill]: for each key, those between its first and its last
/// window.
///
/// Rows whose window is null are left out. In a row that is added a column is null, unless it is said what it has. Over
/// a stream the windows must come out once, as in append mode; those of a gap come out with the window behind it.
/// Immutable.
public final class GapFill {
    private final DataFrame input;
    private final String window;
    private final List<String> keys;
    private final GapFilling.Step step;
    private final Map<String, How> columns;
    private final OptionalLong longestMicros;

    /// What a column of an added row has.
    private sealed interface How {
        record Last() implements How {}

        record Linear() implements How {}

        record Constant(Column value) implements How {}
    }

    GapFill(DataFrame input, String window, List<String> keys) {
        this(input, window, keys, new GapFilling.Step.Tumbling(), Map.of(), OptionalLong.empty());
    }

    private GapFill(
            DataFrame input,
            String window,
            List<String> keys,
            GapFilling.Step step,
            Map<String, How> columns,
            OptionalLong longestMicros) {
        this.input = input;
        this.window = window;
        this.keys = List.copyOf(keys);
        this.step = step;
        this.columns = columns;
        this.longestMicros = longestMicros;
    }

    /// For sliding windows: a new one begins every `slide`.
    ///
    /// @throws QueryException `INVALID_INTERVAL`; `INVALID_GAP_FILL` if it is not longer than zero
    public GapFill every(String slide) {
        return with(new GapFilling.Step.Sliding(length("every", slide)));
    }

    /// For windows of the session's calendar.
    ///
    /// @param unit as [functions#calendar_window(Column, String)] takes it
    /// @throws QueryException `INVALID_GAP_FILL` if there is no such unit
    public GapFill calendar(String unit) {
        return with(new GapFilling.Step.Calendar(new CalendarWindow(unit(unit), Optional.empty())));
    }

    /// For windows of another zone's calendar.
    ///
    /// @throws QueryException `INVALID_GAP_FILL` if there is no such unit or zone
    public GapFill calendar(String unit, String timeZone) {
        ZoneId zone = CalendarWindow.zone(timeZone)
                .orElseThrow(() -> invalid("calendar(…): there is no time zone '" + timeZone + "'."));
        return with(new GapFilling.Step.Calendar(new CalendarWindow(unit(unit), Optional.of(zone))));
    }

    private static CalendarWindow.Unit unit(String name) {
        return CalendarWindow.Unit.of(name)
                .orElseThrow(() -> invalid(
                        "calendar(\"" + name + "\"): the unit must be 'day', 'week', 'month', 'quarter' or 'year'."));
    }

    /// The columns have what they have in the last window before the gap: the last observation, carried forward.
    public GapFill locf(String... names) {
        GapFill result = this;
        for (String name : names) {
            result = result.with(name, new How.Last());
        }
        return result;
    }

    /// The columns, which are numbers, go in a straight line from the window before the gap to the one behind it; those
    /// of whole numbers and decimals are rounded half up. Null where either is null.
    public GapFill interpolate(String... names) {
        GapFill result = this;
        for (String name : names) {
            result = result.with(name, new How.Linear());
        }
        return result;
    }

    /// The column has a constant, such as 0.
    public GapFill constant(String name, Object value) {
        return with(name, new How.Constant(functions.lit(value)));
    }

    /// Gaps that are longer are left open.
    ///
    /// @param interval such as `1 day`, from the end of the window before to the start of the one behind
    /// @throws QueryException `INVALID_INTERVAL`; `INVALID_GAP_FILL` if it is not longer than zero
    public GapFill maxGap(String interval) {
        return new GapFill(input, window, keys, step, columns, OptionalLong.of(length("maxGap", interval)));
    }

    private GapFill with(GapFilling.Step next) {
        return new GapFill(input, window, keys, next, columns, longestMicros);
    }

    private GapFill with(String name, How how) {
        Map<String, How> all = new LinkedHashMap<>(columns);
        all.put(name, how);
        return new GapFill(input, window, keys, step, all, longestMicros);
    }

    private static long length(String method, String interval) {
        long micros = IntervalText.micros(interval);
        if (micros <= 0) {
            throw invalid(method + "(\"" + interval + "\"): the interval must be longer than zero.");
        }
        return micros;
    }

    private static QueryException invalid(String message) {
        return new QueryException("INVALID_GAP_FILL", message);
    }

    /// The rows with those that are added, with the same columns.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN`; `INVALID_GAP_FILL` if the window is none, or a column can't be
    ///     filled as it is said
    public DataFrame toDF() {
        StructType schema = input.schema();
        int windowColumn = ordinal(window);
        requireWindow(schema, windowColumn);
        List<Column> selected = new ArrayList<>();
        List<GapFilling.Filling> fillings = new ArrayList<>();
        schema.names().forEach(name -> {
            selected.add(column(name));
            fillings.add(new GapFilling.Filling.Nothing());
        });
        List<Integer> keyColumns = new ArrayList<>();
        for (String key : keys) {
            keyColumns.add(ordinal(key));
            fillings.set(ordinal(key), new GapFilling.Filling.Last(ordinal(key)));
        }
        for (Map.Entry<String, How> each : columns.entrySet()) {
            int column = ordinal(each.getKey());
            if (column == windowColumn || keyColumns.contains(column)) {
                throw invalid("'" + each.getKey() + "' is the window or a key, which added rows have anyway.");
            }
            fillings.set(column, filling(column, each.getValue(), schema, selected));
        }
        DataFrame frame = input.select(selected.toArray(Column[]::new));
        GapFilling filling = new GapFilling(
                frame.schema(),
                schema.size(),
                windowColumn,
                keyColumns,
                step(schema, windowColumn),
                fillings,
                longestMicros);
        return DataFrame.of(input.session(), new NamedPlan.MapGroups(List.of(frame.identified()), filling), frame);
    }

    /// Windows of timestamps without a zone go by their own clock, whatever the zone: as [CalendarWindow#of] makes
    /// them.
    private GapFilling.Step step(StructType schema, int windowColumn) {
        boolean local = schema.field(windowColumn).dataType() instanceof StructType bounds
                && bounds.field(0).dataType() instanceof TimestampNTZType;
        return local && step instanceof GapFilling.Step.Calendar(CalendarWindow calendar)
                ? new GapFilling.Step.Calendar(new CalendarWindow(calendar.unit(), Optional.of(ZoneOffset.UTC)))
                : step;
    }

    /// A constant is a column more, which the rows of the window before have.
    private static GapFilling.Filling filling(int column, How how, StructType schema, List<Column> selected) {
        return switch (how) {
            case How.Last() -> new GapFilling.Filling.Last(column);
            case How.Linear() -> {
                if (!(schema.field(column).dataType() instanceof NumericType)) {
                    throw invalid("interpolate(\"" + schema.field(column).name() + "\"): the column is "
                            + schema.field(column).dataType().simpleString()
                            + ", not a number. Use locf(…) or constant(…).");
                }
                yield new GapFilling.Filling.Linear();
            }
            case How.Constant(Column value) -> {
                selected.add(value.cast(schema.field(column).dataType()).as("_constant" + selected.size()));
                yield new GapFilling.Filling.Last(selected.size() - 1);
            }
        };
    }

    private int ordinal(String name) {
        OptionalInt found = input.schema().indexOf(name);
        if (found.isEmpty()) {
            input.select(column(name));
            throw invalid("'" + name + "' is not a column of its own. Select it under a name before.");
        }
        return found.getAsInt();
    }

    private static Column column(String name) {
        return new Column(new NamedExpr.Name(List.of(name), OptionalLong.empty()));
    }

    private void requireWindow(StructType schema, int column) {
        boolean isWindow = schema.field(column).dataType() instanceof StructType struct
                && struct.names().equals(List.of("start", "end"))
                && struct.fieldList().stream()
                        .allMatch(field -> field.dataType() instanceof TimestampType
                                || field.dataType() instanceof TimestampNTZType);
        if (!isWindow) {
            throw invalid("gapFill(\"" + window + "\", …): the column is "
                    + schema.field(column).dataType().simpleString()
                    + ", not a window. Give the column of window(…), a struct of start and end.");
        }
    }
}
