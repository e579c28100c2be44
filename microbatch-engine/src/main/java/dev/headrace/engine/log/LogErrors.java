package dev.headrace.engine.log;

import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.FencedException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.ResourceException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The errors of this package, so that their texts can be read side by side.
final class LogErrors {

    private static final String REMEDY = "Restore it from a backup, or start with a new checkpoint directory.";

    private LogErrors() {}

    /// @param what the rest of a sentence that begins with the file
    static CheckpointException damaged(String location, String what) {
        return new CheckpointException(
                "LOG_ENTRY_DAMAGED", location + ": the file " + what + ". It was not used. " + REMEDY);
    }

    static CheckpointException empty(String location) {
        return damaged(location, "is empty");
    }

    static CheckpointException unknownVersion(String location, int version, int newest) {
        return new CheckpointException(
                "LOG_VERSION_UNKNOWN",
                location + ": the file has version " + version + ", and this release reads versions up to " + newest
                        + ". Run the release that has written it, or start with a new checkpoint directory.");
    }

    static CheckpointException sparkState(String location) {
        return new CheckpointException(
                "SPARK_STATE_UNSUPPORTED",
                location + ": the file belongs to a Spark query with state, which can't be read here. Only queries"
                        + " without state can move over with their checkpoint; start this one with a new checkpoint"
                        + " directory.");
    }

    static CheckpointException gap(String folder, long before, long after) {
        String missing =
                after - before == 2 ? "not " + (before + 1) : "none from " + (before + 1) + " to " + (after - 1);
        return new CheckpointException(
                "LOG_GAP",
                folder + ": found batches " + before + " and " + after + " but " + missing + ". A log has no gaps."
                        + " Restore what is missing from a backup, or start with a new checkpoint directory.");
    }

    static CheckpointException logsDisagree(String checkpoint, Optional<BatchId> planned, Optional<BatchId> committed) {
        return new CheckpointException(
                "LOGS_DISAGREE",
                checkpoint + ": offsets " + endOf(planned) + " and commits " + endOf(committed)
                        + ". Offsets are written one batch ahead of commits at most, so files were deleted or restored"
                        + " without their counterpart. Restore both folders from the same backup, or start with a new"
                        + " checkpoint directory.");
    }

    private static String endOf(Optional<BatchId> last) {
        return last.map(id -> "ends with batch " + id).orElse("is empty");
    }

    static CheckpointException queryIdMissing(String location) {
        return new CheckpointException(
                "QUERY_ID_MISSING",
                location + ": the file is missing, although batches were run. It holds the query's id, by which sinks"
                        + " know what they have committed; a new id would write rows twice. " + REMEDY);
    }

    static FencedException inUse(String checkpoint, Optional<Driver> owner) {
        return new FencedException(
                "CHECKPOINT_IN_USE",
                checkpoint + ": the checkpoint is in use by " + describe(owner)
                        + ". A checkpoint serves one query at a time. Stop that driver, or give this query a"
                        + " checkpoint directory of its own.");
    }

    static FencedException fenced(String location, Driver self, Optional<Driver> other) {
        return new FencedException(
                "FENCED",
                location + ": the file has been written by " + describe(other) + ". This driver (" + self
                        + ") has lost the race and stops; nothing of its batch is lost or doubled. Stop one of the two:"
                        + " a checkpoint serves one query at a time.");
    }

    private static String describe(Optional<Driver> driver) {
        return driver.map(known -> "the driver on " + known)
                .orElse("another driver, which has not left its name (Spark, or a Headrace that is just starting)");
    }

    /// @param doing what was tried, such as `writing`
    static HeadraceException io(String location, String doing, IOException cause) {
        String reason = reason(cause);
        String found = location + ": " + doing + " failed: " + reason + ". ";
        if (reason.contains("No space left")
                || reason.contains("quota exceeded")
                || reason.contains("not enough space")) {
            return new ResourceException(
                    "DISK_FULL",
                    found + "Nothing half-written is in the log. Free some space and start the query again; it goes on"
                            + " with the same batch.",
                    cause);
        }
        if (cause instanceof AccessDeniedException || reason.contains("Read-only file system")) {
            return new CheckpointException(
                    "CHECKPOINT_NOT_WRITABLE",
                    found + "Let the user that runs the query read and write the checkpoint directory, or choose"
                            + " another directory.",
                    cause);
        }
        if (cause instanceof NoSuchFileException) {
            return new CheckpointException(
                    "CHECKPOINT_FILE_MISSING",
                    found + "Something has deleted it while the query ran. " + REMEDY,
                    cause);
        }
        return new UnavailableException(
                "CHECKPOINT_UNAVAILABLE",
                found + "It is safe to try again; if it lasts, look at the disk or the mount.",
                cause);
    }

    static CheckpointException notADirectory(String location, IOException cause) {
        return new CheckpointException(
                "CHECKPOINT_NOT_A_DIRECTORY",
                location + ": there is a file where the checkpoint's directory should be. Choose another directory.",
                cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        @Nullable String reason = cause instanceof FileSystemException known ? known.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
