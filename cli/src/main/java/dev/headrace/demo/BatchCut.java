package dev.headrace.demo;

import java.util.List;
import java.util.Map;

/// Where a micro-batch ended, as the query's write-ahead log says. It began where the batch before it ended.
///
/// @param batchId counted from 0
/// @param watermarkMillis the watermark it ran with, in milliseconds since 1970; 0 when there was none yet
/// @param ends by partition of the topic, the offset after the batch's last event
record BatchCut(long batchId, long watermarkMillis, Map<Integer, Long> ends) {
    BatchCut {
        ends = Map.copyOf(ends);
    }

    /// The offset after the batch's last event of a partition; 0 if it has seen none.
    long end(int partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /// Checks that no batch is missing.
    ///
    /// @param cuts in the order of their ids
    /// @return the cuts
    /// @throws IllegalArgumentException if the ids are not 0, 1, 2 and so on
    static List<BatchCut> contiguous(List<BatchCut> cuts) {
        for (int i = 0; i < cuts.size(); i++) {
            if (cuts.get(i).batchId != i) {
                throw new IllegalArgumentException("Batch " + i + " is missing: the next one is " + cuts.get(i)
                        + ". The log of the query must keep all batches to prove anything.");
            }
        }
        return List.copyOf(cuts);
    }
}
