package dev.headrace.plotting;

/// Charts of a DataFrame. Each method describes a chart; the query runs when it is shown, and then gives at most 10,000
/// points. Columns are names or paths into structs, such as `window.start`. Immutable.
public interface Plot {
    /// The same with a title.
    Plot title(String text);

    /// The same with a line, area, set of points or of bars per value of a column, each in its own colour; of a box
    /// plot, a box per place and value. There may be at most 20 values, of which those beyond are left out.
    Plot by(String column);

    /// A line per column of `ys` over `x`, which holds numbers, dates or timestamps. Points are joined in the order of
    /// `x`.
    Chart line(String x, String... ys);

    /// As [#line], the areas below the lines filled.
    Chart area(String x, String... ys);

    /// Points without lines.
    Chart scatter(String x, String... ys);

    /// A bar per row and column of `ys`; `x` may be of any type.
    Chart bar(String x, String... ys);

    /// A box per value of `x`, over the numbers in `y`: the middle half of them with its median, whiskers for the rest,
    /// and points far away one by one. Of a DataFrame with more than 10,000 rows, the first ones count.
    Chart box(String x, String y);

    /// A field of colours: a cell per pair of `x` and `y`, the darker the larger `value`. Of several rows with the same
    /// pair the last one counts.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_CHART` by group: its two axes are its groups
    Chart heatmap(String x, String y, String value);

    /// How many values of a column of numbers lie in each of 10 intervals of the same length. Reads all rows, twice.
    Chart histogram(String column);

    /// As [#histogram(String)], with another number of intervals.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_CHART` if the DataFrame is a stream, or `bins` is not
    ///     positive
    Chart histogram(String column, int bins);
}
