package dev.headrace.plan;

/// A window function over columns of its input, and the rows around a row that it sees.
///
/// @param frame for ROWS, distances are constant numbers of rows; for RANGE, they are not distances any more but the
///     values of the ordering expression at which the frame begins or ends
public record WindowCall(WindowFunction function, WindowFrame<BoundExpr> frame) {
    @Override
    public String toString() {
        return function + " " + frame;
    }
}
