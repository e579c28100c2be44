package dev.headrace.expressions;

import dev.headrace.Column;
import dev.headrace.functions;
import dev.headrace.plan.WindowFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which rows a window function sees; made by [Window]. Immutable.
public final class WindowSpec {
    private final List<Column> partition;
    private final List<Column> order;
    private final Optional<WindowFrame<Long>> frame;

    WindowSpec() {
        this(List.of(), List.of(), Optional.empty());
    }

    private WindowSpec(List<Column> partition, List<Column> order, Optional<WindowFrame<Long>> frame) {
        this.partition = List.copyOf(partition);
        this.order = List.copyOf(order);
        this.frame = frame;
    }

    private static List<Column> columns(String first, String... others) {
        List<Column> columns = new ArrayList<>(List.of(functions.col(first)));
        for (String other : others) {
            columns.add(functions.col(other));
        }
        return columns;
    }

    /// Rows with equal values are seen together.
    public WindowSpec partitionBy(String first, String... others) {
        return new WindowSpec(columns(first, others), order, frame);
    }

    public WindowSpec partitionBy(Column... columns) {
        return new WindowSpec(List.of(columns), order, frame);
    }

    /// The order within a partition.
    public WindowSpec orderBy(String first, String... others) {
        return new WindowSpec(partition, columns(first, others), frame);
    }

    public WindowSpec orderBy(Column... columns) {
        return new WindowSpec(partition, List.of(columns), frame);
    }

    /// The rows from `start` to `end`, both included, counted from the current row: negative before it, 0 itself.
    public WindowSpec rowsBetween(long start, long end) {
        return new WindowSpec(partition, order, Optional.of(frame(WindowFrame.Unit.ROWS, start, end)));
    }

    /// The rows whose ordering value is between `start` and `end` more than the current row's, both included.
    public WindowSpec rangeBetween(long start, long end) {
        return new WindowSpec(partition, order, Optional.of(frame(WindowFrame.Unit.RANGE, start, end)));
    }

    private static WindowFrame<Long> frame(WindowFrame.Unit unit, long start, long end) {
        return new WindowFrame<>(unit, bound(start), bound(end));
    }

    private static WindowFrame.Bound<Long> bound(long distance) {
        if (distance == Window.unboundedPreceding()) {
            return new WindowFrame.Bound.UnboundedPreceding<>();
        }
        if (distance == Window.unboundedFollowing()) {
            return new WindowFrame.Bound.UnboundedFollowing<>();
        }
        if (distance == 0) {
            return new WindowFrame.Bound.CurrentRow<>();
        }
        return distance < 0
                ? new WindowFrame.Bound.Preceding<>(-distance)
                : new WindowFrame.Bound.Following<>(distance);
    }

    /// What has been given to [#partitionBy], for [Column#over].
    public List<Column> partition() {
        return partition;
    }

    /// What has been given to [#orderBy], for [Column#over].
    public List<Column> order() {
        return order;
    }

    /// What has been given to [#rowsBetween] or [#rangeBetween], for [Column#over].
    public Optional<WindowFrame<Long>> frame() {
        return frame;
    }
}
