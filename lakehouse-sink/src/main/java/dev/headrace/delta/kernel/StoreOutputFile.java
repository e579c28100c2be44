package dev.headrace.delta.kernel;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that Delta Kernel writes beside the commits of a table in a store.
///
/// Kernel closes a file too when it failed in the middle of it, so it is handed to the store when it is whole, as
/// [LocalOutputFile] does.
record StoreOutputFile(Path file) implements OutputFile {
    @Override
    public String path() {
        return file.toString();
    }

    @Override
    public PositionOutputStream create(boolean overwrite) {
        return new Whole(file, overwrite);
    }

    @Override
    public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) throws IOException {
        StringBuilder text = new StringBuilder();
        try (lines) {
            lines.forEachRemaining(line -> text.append(line).append('\n'));
        }
        write(file, text.toString().getBytes(StandardCharsets.UTF_8), overwrite);
    }

    /// Writes a file in one go.
    ///
    /// @throws FileAlreadyExistsException if it is there and not to be overwritten
    static void write(Path file, byte[] bytes, boolean overwrite) throws IOException {
        OpenOption how = overwrite ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
        Files.write(file, bytes, how, StandardOpenOption.WRITE);
    }

    private static final class Whole extends PositionOutputStream {
        private final Path file;
        private final boolean overwrite;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean closed;

        Whole(Path file, boolean overwrite) {
            this.file = file;
            this.overwrite = overwrite;
        }

        @Override
        public long getPos() {
            return content.size();
        }

        @Override
        public void write(int b) {
            content.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            content.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            byte[] bytes = content.toByteArray();
            if (LocalOutputFile.isWhole(file, bytes.length, bytes)) {
                StoreOutputFile.write(file, bytes, overwrite);
            }
        }
    }
}
