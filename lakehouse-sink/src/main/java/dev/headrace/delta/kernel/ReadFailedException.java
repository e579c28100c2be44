package dev.headrace.delta.kernel;

import java.io.IOException;

/// The disk or the store did not give what it was asked for: what is read may be as right as ever. Kernel's own
/// exceptions have it as a cause, which tells them from those about damaged files.
final class ReadFailedException extends IOException {
    private static final long serialVersionUID = 1;

    ReadFailedException(String path, IOException cause) {
        super(path + ": " + cause.getMessage(), cause);
    }
}
