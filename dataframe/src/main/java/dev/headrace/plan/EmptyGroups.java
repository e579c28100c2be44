package dev.headrace.plan;

import dev.headrace.chunk.Cell;
import dev.headrace.errors.DataException;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.function.RowView;
import dev.headrace.types.TimestampType;
import java.time.ZoneOffset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

/// What aggregate functions give over no rows: found out by asking them.
final class EmptyGroups {
    private static final EvalContext UTC = new EvalContext(ZoneOffset.UTC, 0, 0);
    private static final RowView NO_ROW = ordinal -> {
        throw new IllegalStateException("a constant has column " + ordinal);
    };

    Scalar resultOf(AggregateFunction function) {
        try (BufferAllocator allocator = new RootAllocator();
                AggregateFunction.GroupAccumulator accumulator = function.newAccumulator(allocator)) {
            accumulator.resize(1);
            try (FieldVector result = accumulator.results(0, 1, allocator)) {
                return new Scalar(Cell.detach(Cell.read(result, 0)), function.resultType());
            }
        }
    }

    /// Whether a condition over such results is false or null for sure: not if it uses columns, or may be something
    /// else the next time or in another time zone.
    boolean isNeverTrue(BoundExpr condition) {
        if (!isConstant(condition)) {
            return false;
        }
        try {
            return !Boolean.TRUE.equals(Interpreter.evaluate(condition, NO_ROW, UTC));
        } catch (DataException failsWhenItRuns) {
            return false;
        }
    }

    private static boolean isConstant(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column _ -> false;
            case BoundExpr.Call call when !call.function().deterministic() || call.function().takesContext() -> false;
            case BoundExpr.Cast cast when isInstant(cast) != isInstant(cast.input()) -> false;
            default -> expr.operands().stream().allMatch(EmptyGroups::isConstant);
        };
    }

    private static boolean isInstant(BoundExpr expr) {
        return expr.type() instanceof TimestampType;
    }
}
