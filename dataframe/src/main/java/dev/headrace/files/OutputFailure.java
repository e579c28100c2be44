package dev.headrace.files;

import dev.headrace.errors.ResourceException;
import java.io.IOException;
import java.nio.file.Path;

/// The error for an output that can't be written.
public final class OutputFailure {
    private OutputFailure() {}

    /// For rows that are there, though their names may not outlast a power cut.
    static ResourceException notDurable(Path path, IOException cause) {
        return new ResourceException(
                "FILE_NOT_DURABLE",
                "'" + path + "' is written and can be read, but may be lost if the machine stops now: " + cause
                        + ". Check the disk; what was there before is replaced.",
                cause);
    }

    public static ResourceException of(Path path, IOException cause) {
        return new ResourceException(
                "FILE_NOT_WRITABLE",
                "'" + path + "' can't be written: " + cause
                        + ". Check permissions and free space; what was there before is " + "unchanged.",
                cause);
    }
}
