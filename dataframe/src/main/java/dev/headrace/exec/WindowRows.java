package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import java.util.List;

/// Rows sorted by partition and order.
///
/// @param partitionStart for each row, where its partition begins
/// @param partitionEnd for each row, where its partition ends
/// @param peerStart for each row, the first row of its partition that is equal in order
/// @param peerEnd for each row, behind the last one
/// @param order what the partitions are ordered by
record WindowRows(
        Chunk rows, int[] partitionStart, int[] partitionEnd, int[] peerStart, int[] peerEnd, List<SortColumn> order) {

    static WindowRows of(Chunk rows, List<SortColumn> partition, List<SortColumn> order) {
        int count = rows.rowCount();
        int[] partitionStart = new int[count];
        int[] peerStart = new int[count];
        RowComparator samePartition = comparator(rows, partition);
        RowComparator samePeer = comparator(rows, order);
        for (int i = 1; i < count; i++) {
            boolean newPartition = samePartition.compare(i - 1, i) != 0;
            partitionStart[i] = newPartition ? i : partitionStart[i - 1];
            peerStart[i] = newPartition || samePeer.compare(i - 1, i) != 0 ? i : peerStart[i - 1];
        }
        return new WindowRows(rows, partitionStart, ends(partitionStart), peerStart, ends(peerStart), order);
    }

    private static RowComparator comparator(Chunk rows, List<SortColumn> keys) {
        return new RowComparator.Chain(
                keys.stream().map(key -> RowComparator.of(key, rows)).toArray(RowComparator[]::new));
    }

    private static int[] ends(int[] starts) {
        int[] ends = new int[starts.length];
        for (int i = starts.length - 1; i >= 0; i--) {
            boolean last = i == starts.length - 1 || starts[i + 1] != starts[i];
            ends[i] = last ? i + 1 : ends[i + 1];
        }
        return ends;
    }

    int count() {
        return rows.rowCount();
    }
}
