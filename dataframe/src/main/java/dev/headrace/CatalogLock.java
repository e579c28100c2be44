package dev.headrace;

import dev.headrace.files.OutputFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// A file that one program at a time has.
final class CatalogLock {
    /// File locks are between programs.
    private static final Object IN_THIS_PROGRAM = new Object();

    private final Path file;

    CatalogLock(Path file) {
        this.file = file;
    }

    /// What is done by one at a time.
    interface Steps {
        void run() throws IOException;
    }

    void within(Steps steps) {
        synchronized (IN_THIS_PROGRAM) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                steps.run();
            } catch (IOException failed) {
                throw OutputFailure.of(Objects.requireNonNull(file.getParent()), failed);
            }
        }
    }
}
