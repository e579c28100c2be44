package dev.headrace.plotting;

/// A chart of a DataFrame: below a cell of a notebook it shows itself.
public interface Chart {
    /// The picture, as SVG. Runs the query, for at most 10,000 points.
    ///
    /// @throws dev.headrace.errors.QueryException if the DataFrame is a stream, which a notebook's `display` draws
    String svg();
}
