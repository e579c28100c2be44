package dev.headrace.plan;

import dev.headrace.function.FunctionRegistry;
import java.util.List;

/// Limits of the rows of each of many partitions: by their numbers in an order.
final class RowNumbers {
    private RowNumbers() {}

    /// Limits on top of each other, as one.
    ///
    /// @param input below all of them
    /// @param offset how many rows are left out first
    /// @param count how many follow at most
    record Range(LogicalPlan input, long offset, long count) {
        static Range of(LogicalPlan.Limit limit) {
            if (!(limit.input() instanceof LogicalPlan.Limit below)) {
                return new Range(limit.input(), limit.offset(), limit.count());
            }
            Range rows = of(below);
            long left = rows.count == Long.MAX_VALUE ? rows.count : Math.max(0, rows.count - limit.offset());
            return new Range(rows.input, saturated(rows.offset, limit.offset()), Math.min(limit.count(), left));
        }

        private static long saturated(long a, long b) {
            return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
        }

        private long end() {
            return saturated(offset, count);
        }
    }

    /// The rows with their numbers, from 1, behind their columns.
    static LogicalPlan numbered(LogicalPlan rows, List<BoundExpr> partition, List<SortKey> order) {
        WindowFunction number = new WindowFunction.Rank(WindowFunction.Rank.Kind.ROW_NUMBER);
        return new LogicalPlan.Window(
                rows,
                partition,
                order,
                List.of(new LogicalPlan.Window.Column("_number", new WindowCall(number, WindowFrame.all()))));
    }

    /// The rows within a range.
    ///
    /// @param numbered whose last column is the number
    static LogicalPlan within(Range range, LogicalPlan numbered) {
        BoundExpr number = Decorrelation.column(numbered, numbered.schema().size() - 1);
        BoundExpr upTo = compared("<=", number, range.end());
        return new LogicalPlan.Filter(
                numbered, range.offset == 0 ? upTo : new BoundExpr.And(compared(">", number, range.offset), upTo));
    }

    private static BoundExpr compared(String operator, BoundExpr number, long with) {
        return FunctionRegistry.bindScalar(operator, List.of(number, new BoundExpr.Literal(Scalar.of(with))));
    }
}
