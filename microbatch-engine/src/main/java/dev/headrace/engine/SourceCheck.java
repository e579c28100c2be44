package dev.headrace.engine;

import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.log.Recovery;
import dev.headrace.errors.CheckpointException;
import java.util.List;

/// Whether a checkpoint belongs to a query with these sources.
final class SourceCheck {
    private SourceCheck() {}

    /// @throws CheckpointException `SOURCES_CHANGED` if the log has offsets of another number of sources
    static void sameNumber(Recovery recovery, int sources) {
        switch (recovery) {
            case Recovery.Start() -> {}
            case Recovery.Replay(PlannedBatch batch, var _) -> sameNumber(batch, sources);
            case Recovery.Continue(PlannedBatch last, long _, var _) -> sameNumber(last, sources);
        }
    }

    /// @param beginnings where the sources begin that the query had when it was first started
    /// @throws CheckpointException `SOURCES_CHANGED` if that is another number of sources
    static void sameNumber(List<String> beginnings, int sources) {
        if (beginnings.size() != sources) {
            throw changed("The checkpoint says where " + beginnings.size() + " sources begin", sources);
        }
    }

    /// @throws CheckpointException `SOURCES_CHANGED` if the batch has offsets of another number of sources
    static void sameNumber(PlannedBatch batch, int sources) {
        if (batch.sources().size() != sources) {
            throw changed(
                    "The checkpoint's batch " + batch.id() + " has offsets of "
                            + batch.sources().size() + " sources",
                    sources);
        }
    }

    private static CheckpointException changed(String found, int sources) {
        return new CheckpointException(
                "SOURCES_CHANGED",
                found + ", but the query reads " + sources + ". A query's sources must stay the same: start "
                        + "with a new checkpointLocation, or bring back the old query.");
    }
}
