package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.plan.BoundExpr;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/// Sorted rows that are there, of which a range is looked at. Places are counted from the first row that is there: what
/// begins before it has a negative start, and what may go on behind the last one has the end [#OPEN].
///
/// @param from the first row that is looked at
/// @param to behind the last one
/// @param partitionStart for each row, where its partition begins
/// @param partitionEnd for each row, where its partition ends
/// @param peerStart for each row, the first row of its partition that is equal in order
/// @param peerEnd for each row, behind the last one
/// @param order what the partitions are ordered by
record WindowRows(
        Chunk rows,
        int from,
        int to,
        int[] partitionStart,
        int[] partitionEnd,
        int[] peerStart,
        int[] peerEnd,
        List<SortColumn> order) {
    /// An end that is not known yet.
    static final int OPEN = Integer.MAX_VALUE;

    /// All rows of a chunk.
    ///
    /// @param firstPartition where the partition of the first row begins: 0, or less
    /// @param firstPeer where its peers begin
    /// @param ended whether no rows follow
    static WindowRows of(
            Chunk rows,
            int firstPartition,
            int firstPeer,
            boolean ended,
            List<SortColumn> partition,
            List<SortColumn> order) {
        int count = rows.rowCount();
        int[] partitionStart = new int[count];
        int[] peerStart = new int[count];
        RowComparator samePartition = comparator(rows, partition);
        RowComparator samePeer = comparator(rows, order);
        partitionStart[0] = firstPartition;
        peerStart[0] = firstPeer;
        for (int i = 1; i < count; i++) {
            Cancellation.checkThread(i);
            boolean newPartition = samePartition.compare(i - 1, i) != 0;
            partitionStart[i] = newPartition ? i : partitionStart[i - 1];
            peerStart[i] = newPartition || samePeer.compare(i - 1, i) != 0 ? i : peerStart[i - 1];
        }
        int end = ended ? count : OPEN;
        return new WindowRows(
                rows, 0, count, partitionStart, ends(partitionStart, end), peerStart, ends(peerStart, end), order);
    }

    static RowComparator comparator(Chunk rows, List<SortColumn> keys) {
        return new RowComparator.Chain(
                keys.stream().map(key -> RowComparator.of(key, rows)).toArray(RowComparator[]::new));
    }

    private static int[] ends(int[] starts, int last) {
        int[] ends = new int[starts.length];
        for (int i = starts.length - 1; i >= 0; i--) {
            boolean isLast = i == starts.length - 1;
            ends[i] = isLast ? last : starts[i + 1] != starts[i] ? i + 1 : ends[i + 1];
        }
        return ends;
    }

    /// The same rows, of which others are looked at.
    WindowRows range(int first, int end) {
        return new WindowRows(rows, first, end, partitionStart, partitionEnd, peerStart, peerEnd, order);
    }

    /// The same rows, of whose last partition it is known how large it is.
    WindowRows lastPartitionHas(int size) {
        int last = count() - 1;
        int end = Math.addExact(partitionStart[last], size);
        return new WindowRows(
                rows,
                from,
                to,
                partitionStart,
                ends(partitionStart, end),
                peerStart,
                ends(peerStart, end == count() ? end : OPEN),
                order);
    }

    /// How many rows are there.
    int count() {
        return rows.rowCount();
    }

    /// How many rows are looked at.
    int size() {
        return to - from;
    }

    /// How many partitions begin at one of the rows `[first, end)`.
    int partitionsIn(int first, int end) {
        int begun = 0;
        for (int row = first; row < end; row++) {
            begun += partitionStart[row] == row ? 1 : 0;
        }
        return begun;
    }

    /// The first row that is looked at whose partition is not there to its end; [#to] if there is none.
    int firstOfOpenPartition() {
        for (int row = from; row < to; row = partitionEnd[row]) {
            if (partitionEnd[row] > count()) {
                return row;
            }
        }
        return to;
    }

    FieldVector column(BoundExpr column) {
        return rows.column(((BoundExpr.Column) column).ordinal());
    }
}
