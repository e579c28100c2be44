package dev.headrace.notebook;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.floor;
import static dev.headrace.functions.greatest;
import static dev.headrace.functions.least;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.min;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.errors.QueryException;
import dev.headrace.plotting.Plot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Draws by XChart.
final class FramePlot implements Plot {
    private final DataFrame frame;
    private final String title;
    private final @Nullable String group;

    FramePlot(DataFrame frame) {
        this(frame, "", null);
    }

    private FramePlot(DataFrame frame, String title, @Nullable String group) {
        this.frame = frame;
        this.title = title;
        this.group = group;
    }

    @Override
    public FramePlot title(String text) {
        return new FramePlot(frame, text, group);
    }

    @Override
    public FramePlot by(String column) {
        return new FramePlot(frame, title, column);
    }

    @Override
    public FrameChart line(String x, String... ys) {
        return chart(FrameChart.Kind.LINE, x, ys);
    }

    @Override
    public FrameChart area(String x, String... ys) {
        return chart(FrameChart.Kind.AREA, x, ys);
    }

    @Override
    public FrameChart scatter(String x, String... ys) {
        return chart(FrameChart.Kind.SCATTER, x, ys);
    }

    @Override
    public FrameChart bar(String x, String... ys) {
        return chart(FrameChart.Kind.BAR, x, ys);
    }

    @Override
    public FrameChart box(String x, String y) {
        return chart(FrameChart.Kind.BOX, x, y);
    }

    @Override
    public FrameChart heatmap(String x, String y, String value) {
        if (group != null) {
            throw new QueryException(
                    "UNSUPPORTED_CHART",
                    "plot(…).by(\"" + group + "\").heatmap(…): a heat map has no groups but its two axes.");
        }
        return chart(FrameChart.Kind.HEAT_MAP, x, y, value);
    }

    @Override
    public FrameChart histogram(String column) {
        return histogram(column, 10);
    }

    @Override
    public FrameChart histogram(String column, int bins) {
        if (frame.isStreaming() || bins < 1) {
            throw new QueryException(
                    "UNSUPPORTED_CHART",
                    "plot(…).histogram(\"" + column + "\", " + bins + "): "
                            + (bins < 1
                                    ? "there must be at least 1 interval."
                                    : "a stream has no first and last value. Aggregate it, and draw it with bar(…)."));
        }
        Column value = col(column).cast("double");
        Row ends = frame.agg(min(value), max(value)).first();
        double low = ends.isNullAt(0) ? 0 : ends.getDouble(0);
        double width = ends.isNullAt(0) ? 1 : Math.max((ends.getDouble(1) - low) / bins, Double.MIN_NORMAL);
        Column bin =
                greatest(lit(0L), least(lit(bins - 1L), floor(value.minus(low).divide(width))));
        DataFrame known = frame.filter(value.isNotNull());
        Column start = col("bin").multiply(width).plus(low).as(column);
        if (group == null) {
            DataFrame counts = known.groupBy(bin.as("bin"))
                    .agg(count(lit(1)).as("count"))
                    .orderBy("bin")
                    .select(start, col("count"));
            return new FramePlot(counts, title, null).chart(FrameChart.Kind.HISTOGRAM, column, "count");
        }
        DataFrame counts = known.groupBy(
                        bin.as("bin"), col(group).cast("string").as("_group"))
                .agg(count(lit(1)).as("count"))
                .orderBy("bin", "_group")
                .select(start, col("_group"), col("count"));
        return new FramePlot(counts, title, "_group").chart(FrameChart.Kind.HISTOGRAM, column, "count");
    }

    /// What a column that is drawn is made: numbers, but for the labels at the side of a heat map.
    static String type(FrameChart.Kind kind, int y) {
        return kind == FrameChart.Kind.HEAT_MAP && y == 0 ? "string" : "double";
    }

    private FrameChart chart(FrameChart.Kind kind, String x, String... ys) {
        if (ys.length == 0) {
            throw new QueryException(
                    "UNSUPPORTED_CHART", "A chart over \"" + x + "\" needs the names of the columns to draw.");
        }
        List<Column> columns = new ArrayList<>();
        columns.add(FrameChart.horizontal(frame.select(col(x)), kind));
        for (int i = 0; i < ys.length; i++) {
            columns.add(col(ys[i]).cast(type(kind, i)));
        }
        if (group != null) {
            columns.add(col(group).cast("string"));
        }
        // Unknown columns are found here and not only when the chart is shown.
        frame.select(columns.toArray(Column[]::new));
        return new FrameChart(frame, kind, x, List.of(ys), title, group);
    }
}
