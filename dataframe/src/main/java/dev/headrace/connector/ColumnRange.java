package dev.headrace.connector;

/// Between which numbers the values of a column are: of integers and decimals themselves, of dates the days since 1970,
/// of timestamps the microseconds.
public record ColumnRange(double least, double greatest) {
    /// The smallest range that holds both.
    public ColumnRange and(ColumnRange other) {
        return new ColumnRange(Math.min(least, other.least), Math.max(greatest, other.greatest));
    }
}
