package dev.headrace.engine.source;

import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// When the query began for the first time, kept in the checkpoint: rows are numbered from then on.
final class RateStart {
    private final Path checkpoint;
    private final Path file;
    private long millis = -1;

    RateStart(Path checkpoint) {
        this.checkpoint = checkpoint;
        this.file = checkpoint.resolve("start");
    }

    /// @param now the start, if there was none before
    /// @throws UnavailableException `CHECKPOINT_NOT_WRITABLE`
    long millis(long now) {
        if (millis >= 0) {
            return millis;
        }
        try {
            if (!Files.exists(file)) {
                DurableFiles.createDirectories(checkpoint);
                DurableFiles.write(file, Long.toString(now));
            }
            String text = Files.readString(file).trim();
            if (!text.matches("\\d{1,18}")) {
                throw new CheckpointException(
                        "INVALID_RATE_START",
                        file + " has '" + text
                                + "' where milliseconds since 1970 should be. Restore the checkpoint, or "
                                + "start with a new one.");
            }
            millis = Long.parseLong(text);
            return millis;
        } catch (IOException failed) {
            throw new UnavailableException(
                    "CHECKPOINT_NOT_WRITABLE", "'" + file + "' can't be read or written: " + failed + ".", failed);
        }
    }
}
