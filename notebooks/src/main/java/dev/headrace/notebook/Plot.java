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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Charts of a DataFrame. Each method describes a chart; the query runs when it is shown, and then gives at most 10,000
/// points. Columns are names or paths into structs, such as `window.start`. Immutable.
public final class Plot {
    private final DataFrame frame;
    private final String title;
    private final @Nullable String group;

    Plot(DataFrame frame) {
        this(frame, "", null);
    }

    private Plot(DataFrame frame, String title, @Nullable String group) {
        this.frame = frame;
        this.title = title;
        this.group = group;
    }

    /// The same with a title.
    public Plot title(String text) {
        return new Plot(frame, text, group);
    }

    /// The same with a line, area, set of points or of bars per value of a column, each in its own colour; of a box
    /// plot, a box per place and value. There may be at most 20 values, of which those beyond are left out.
    public Plot by(String column) {
        return new Plot(frame, title, column);
    }

    /// A line per column of `ys` over `x`, which holds numbers, dates or timestamps. Points are joined in the order of
    /// `x`.
    public Chart line(String x, String... ys) {
        return chart(Chart.Kind.LINE, x, ys);
    }

    /// As [#line], the areas below the lines filled.
    public Chart area(String x, String... ys) {
        return chart(Chart.Kind.AREA, x, ys);
    }

    /// Points without lines.
    public Chart scatter(String x, String... ys) {
        return chart(Chart.Kind.SCATTER, x, ys);
    }

    /// A bar per row and column of `ys`; `x` may be of any type.
    public Chart bar(String x, String... ys) {
        return chart(Chart.Kind.BAR, x, ys);
    }

    /// A box per value of `x`, over the numbers in `y`: the middle half of them with its median, whiskers for the rest,
    /// and points far away one by one. Of a DataFrame with more than 10,000 rows, the first ones count.
    public Chart box(String x, String y) {
        return chart(Chart.Kind.BOX, x, y);
    }

    /// A field of colours: a cell per pair of `x` and `y`, the darker the larger `value`. Of several rows with the same
    /// pair the last one counts.
    ///
    /// @throws QueryException `UNSUPPORTED_CHART` by group: its two axes are its groups
    public Chart heatmap(String x, String y, String value) {
        if (group != null) {
            throw new QueryException(
                    "UNSUPPORTED_CHART",
                    "plot(…).by(\"" + group + "\").heatmap(…): a heat map has no groups but its two axes.");
        }
        return chart(Chart.Kind.HEAT_MAP, x, y, value);
    }

    /// How many values of a column of numbers lie in each of 10 intervals of the same length. Reads all rows, twice.
    public Chart histogram(String column) {
        return histogram(column, 10);
    }

    /// As [#histogram(String)], with another number of intervals.
    ///
    /// @throws QueryException `UNSUPPORTED_CHART` if the DataFrame is a stream, or `bins` is not positive
    public Chart histogram(String column, int bins) {
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
            return new Plot(counts, title, null).chart(Chart.Kind.HISTOGRAM, column, "count");
        }
        DataFrame counts = known.groupBy(
                        bin.as("bin"), col(group).cast("string").as("_group"))
                .agg(count(lit(1)).as("count"))
                .orderBy("bin", "_group")
                .select(start, col("_group"), col("count"));
        return new Plot(counts, title, "_group").chart(Chart.Kind.HISTOGRAM, column, "count");
    }

    /// What a column that is drawn is made: numbers, but for the labels at the side of a heat map.
    static String type(Chart.Kind kind, int y) {
        return kind == Chart.Kind.HEAT_MAP && y == 0 ? "string" : "double";
    }

    private Chart chart(Chart.Kind kind, String x, String... ys) {
        if (ys.length == 0) {
            throw new QueryException(
                    "UNSUPPORTED_CHART", "A chart over \"" + x + "\" needs the names of the columns to draw.");
        }
        List<Column> columns = new ArrayList<>();
        columns.add(Chart.horizontal(frame.select(col(x)), kind));
        for (int i = 0; i < ys.length; i++) {
            columns.add(col(ys[i]).cast(type(kind, i)));
        }
        if (group != null) {
            columns.add(col(group).cast("string"));
        }
        // Unknown columns are found here and not only when the chart is shown.
        frame.select(columns.toArray(Column[]::new));
        return new Chart(frame, kind, x, List.of(ys), title, group);
    }
}
