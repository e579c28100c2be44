package dev.headrace.notebook;

import static dev.headrace.functions.col;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.plotting.Chart;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.NumericType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// A chart of a DataFrame, as a picture in SVG.
final class FrameChart implements Chart {
    private static final int POINTS = 10_000;
    private static final int GROUPS = 20;

    private final DataFrame frame;
    private final Kind kind;
    private final String x;
    private final List<String> ys;
    private final String title;
    private final @Nullable String group;

    enum Kind {
        LINE,
        AREA,
        SCATTER,
        BAR,
        HISTOGRAM,
        BOX,
        HEAT_MAP;

        /// Whether places on the horizontal axis are labels and not numbers.
        boolean isByLabel() {
            return !(this == LINE || this == AREA || this == SCATTER);
        }
    }

    FrameChart(DataFrame frame, Kind kind, String x, List<String> ys, String title, @Nullable String group) {
        this.frame = frame;
        this.kind = kind;
        this.x = x;
        this.ys = ys;
        this.title = title;
        this.group = group;
    }

    DataFrame frame() {
        return frame;
    }

    /// The column of places on the horizontal axis: labels, numbers, or milliseconds.
    static Column horizontal(DataFrame x, Kind kind) {
        Column column = col("`" + x.columns()[0].replace("`", "``") + "`");
        return kind.isByLabel() ? column.cast("string") : column.cast("double");
    }

    @Override
    public String svg() {
        return drawing().svg();
    }

    /// The points of a DataFrame that is no stream.
    Drawing drawing() {
        return drawing(points(frame));
    }

    DisplayData display() {
        if (frame.isStreaming()) {
            return DisplayData.fromText("A chart of a stream: display(…) draws it as rows come.");
        }
        return display(points(frame));
    }

    private TablePreview points(DataFrame rows) {
        return TablePreview.of(columns(rows), POINTS);
    }

    private DataFrame columns(DataFrame rows) {
        List<Column> columns = new ArrayList<>();
        Column across = col(x);
        DataType type = rows.select(across).schema().field(0).dataType();
        if (kind.isByLabel()) {
            across = type instanceof NumericType && kind == Kind.HISTOGRAM
                    ? across.cast("double")
                    : across.cast("string");
        } else if (isTime(type)) {
            across = across.cast("timestamp").cast("double").multiply(1000);
        } else {
            across = across.cast("double");
        }
        columns.add(across.as("x"));
        for (int i = 0; i < ys.size(); i++) {
            columns.add(col(ys.get(i)).cast(FramePlot.type(kind, i)).as("y" + i));
        }
        if (group != null) {
            columns.add(col(group).cast("string").as("g"));
        }
        DataFrame points = rows.select(columns.toArray(Column[]::new));
        return kind.isByLabel() || rows.isStreaming() ? points : points.orderBy("x");
    }

    private static boolean isTime(DataType type) {
        return type instanceof TimestampType || type instanceof TimestampNTZType || type instanceof DateType;
    }

    private DisplayData display(TablePreview points) {
        if (points.rows().isEmpty()) {
            DisplayData none = DisplayData.fromHtml("<p>No rows to draw.</p>");
            none.putText("No rows to draw.");
            return none;
        }
        DisplayData data = DisplayData.fromText("A chart of " + String.join(", ", ys) + " over " + x + ", "
                + points.rows().size() + " points"
                + (points.extent() instanceof TablePreview.Extent.First ? ", the first only" : ""));
        data.putData("image/svg+xml", drawing(points).svg());
        return data;
    }

    private Drawing drawing(TablePreview points) {
        boolean time = isTime(frame.select(col(x)).schema().field(0).dataType());
        List<List<@Nullable String>> rows = points.rows().stream()
                .filter(row -> row.getFirst() != null || kind.isByLabel())
                .toList();
        if (group == null) {
            return plain(rows, time);
        }
        List<String> groups = rows.stream()
                .map(row -> String.valueOf(row.getLast()))
                .distinct()
                .sorted()
                .limit(GROUPS)
                .toList();
        return switch (kind) {
            case BOX -> plain(rows.stream().map(FrameChart::withGroupInLabel).toList(), time);
            case BAR, HISTOGRAM -> grouped(rows, groups, places(rows), time);
            default -> grouped(rows, groups, null, time);
        };
    }

    private Drawing plain(List<List<@Nullable String>> rows, boolean time) {
        List<String> across = new ArrayList<>();
        List<String> down = new ArrayList<>();
        List<List<@Nullable Double>> values = new ArrayList<>();
        ys.forEach(_ -> values.add(new ArrayList<>()));
        for (List<@Nullable String> row : rows) {
            across.add(String.valueOf(row.getFirst()));
            for (int i = 0; i < ys.size(); i++) {
                String value = row.get(i + 1);
                if (kind == Kind.HEAT_MAP && i == 0) {
                    down.add(String.valueOf(value));
                } else {
                    values.get(i).add(value == null ? null : Double.valueOf(value));
                }
            }
        }
        return kind == Kind.HEAT_MAP
                ? new Drawing(kind, title, x, ys, across, down, List.of(values.get(1)), time)
                : new Drawing(kind, title, x, ys, across, List.of(), values, time);
    }

    private static List<String> places(List<List<@Nullable String>> rows) {
        return rows.stream()
                .map(row -> String.valueOf(row.getFirst()))
                .distinct()
                .toList();
    }

    private static List<@Nullable String> withGroupInLabel(List<@Nullable String> row) {
        List<@Nullable String> labelled = new ArrayList<>(row);
        labelled.set(0, row.getFirst() + ", " + row.getLast());
        return labelled;
    }

    /// A series per group and column.
    ///
    /// @param places the places that all series share, as bars do; null if each row is a point of its own
    private Drawing grouped(
            List<List<@Nullable String>> rows, List<String> groups, @Nullable List<String> places, boolean time) {
        List<String> across = places == null
                ? rows.stream().map(row -> String.valueOf(row.getFirst())).toList()
                : places;
        List<String> names = new ArrayList<>();
        List<List<@Nullable Double>> values = new ArrayList<>();
        for (String one : groups) {
            for (String y : ys) {
                names.add(ys.size() == 1 ? one : one + ", " + y);
                values.add(new ArrayList<>(Collections.nCopies(across.size(), null)));
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            List<@Nullable String> row = rows.get(i);
            int series = groups.indexOf(String.valueOf(row.getLast())) * ys.size();
            int place = places == null ? i : places.indexOf(String.valueOf(row.getFirst()));
            for (int y = 0; y < ys.size() && series >= 0; y++) {
                String value = row.get(y + 1);
                values.get(series + y).set(place, value == null ? null : Double.valueOf(value));
            }
        }
        return new Drawing(kind, title, x, names, across, List.of(), values, time);
    }

    /// How `display` shows it.
    LiveTable.Look look() {
        return new LiveTable.Look() {
            @Override
            public int limit() {
                return POINTS;
            }

            @Override
            public DataFrame columns(DataFrame rows) {
                return FrameChart.this.columns(rows);
            }

            @Override
            public DisplayData display(TablePreview points) {
                return FrameChart.this.display(points);
            }
        };
    }
}
