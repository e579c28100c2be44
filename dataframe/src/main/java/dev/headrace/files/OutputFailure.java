package dev.headrace.files;

import dev.headrace.errors.ResourceException;
import java.io.IOException;
import java.nio.file.Path;

/// The error for an output that can't be written.
public final class OutputFailure {
    private OutputFailure() {}

    public static ResourceException of(Path path, IOException cause) {
        return new ResourceException(
                "FILE_NOT_WRITABLE",
                "'" + path + "' can't be written: " + cause
                        + ". Check permissions and free space; what was there before is " + "unchanged.",
                cause);
    }
}
