package dev.headrace.plan;

import java.util.function.UnaryOperator;

/// A window function over columns of its input, and the rows around a row that it sees.
///
/// @param frame for ROWS, distances are constant numbers of rows; for RANGE, they are not distances any more but the
///     values of the ordering expression at which the frame begins or ends
public record WindowCall(WindowFunction function, WindowFrame<BoundExpr> frame) {
    /// This with each expression replaced.
    WindowCall map(UnaryOperator<BoundExpr> f) {
        return new WindowCall(function.map(f), frame.map(f));
    }

    @Override
    public String toString() {
        return function + " " + frame;
    }
}
