package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.function.aggregate.Aggregates;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.types.DataTypes;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What looks at all rows of a window's partition, which may be millions, is given up meanwhile.
class LongPartitionsTest {
    private static final SortColumn ORDER = new SortColumn(0, Direction.ASC, NullOrder.FIRST);

    @AutoClose
    private final ManyRows many = new ManyRows("k BIGINT", row -> (long) row);

    private static WindowRows all(Chunk rows) {
        return WindowRows.of(rows, 0, 0, true, List.of(), List.of(ORDER));
    }

    @Test
    void peers() {
        many.assertGivenUp((rows, _) -> all(rows), 1);
    }

    @Test
    void framesOfValues() {
        WindowFrame<BoundExpr> frame = new WindowFrame<>(
                WindowFrame.Unit.RANGE, new WindowFrame.Bound.CurrentRow<>(), new WindowFrame.Bound.CurrentRow<>());

        // The peers, the starts and the ends.
        many.assertGivenUp((rows, _) -> new WindowFrames(all(rows), frame, WindowFrames.Reached.NONE).end(0), 3);
    }

    @Test
    void ranks() {
        many.assertGivenUp(
                (rows, run) -> {
                    try (IntVector ranks = new IntVector("rank", run.allocator())) {
                        new WindowRanks(WindowFunction.Rank.Kind.RANK).write(all(rows), ranks);
                    }
                },
                2);
    }

    @Test
    void aggregatesOfWholePartitions() {
        WindowFrame<BoundExpr> frame = new WindowFrame<>(
                WindowFrame.Unit.ROWS,
                new WindowFrame.Bound.UnboundedPreceding<>(),
                new WindowFrame.Bound.UnboundedFollowing<>());

        many.assertGivenUp(
                (rows, run) -> {
                    try (WindowAggregation sum = new WindowAggregation(count(), frame, run);
                            BigIntVector target = new BigIntVector("sum", run.allocator())) {
                        sum.write(all(rows), target);
                    }
                },
                // Beside the peers and the frames, which are looked at in smaller blocks.
                16);
    }

    @Test
    void blocksOfLongFrames() {
        many.assertGivenUp((rows, run) -> new FrameTree(rows, count(), 0, rows.rowCount(), run.allocator()).close(), 4);
    }

    /// Texts whose first bytes are the same.
    @Test
    void rowsWhoseKeysBeginAlike() {
        try (ManyRows alike = new ManyRows("k STRING", row -> Slice.utf8("beginning " + row * 7 % 1000))) {
            // Halves are put together again and again, of which only where they begin would be asked 14 times as often.
            alike.assertGivenUp((rows, run) -> Sorting.order(rows, List.of(ORDER), run), 20);
        }
    }

    private static AggregateCall count() {
        return Aggregates.bind("count", List.of(new BoundExpr.Column(0, "k", DataTypes.LongType, true)), false);
    }
}
