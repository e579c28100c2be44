package dev.headrace.delta.kernel;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// A file that Delta Kernel writes beside the commits: a checkpoint, or the pointer to the last one.
///
/// Kernel writes a checkpoint straight to its name, so a crash could leave half a checkpoint, and no reader could open
/// the table any more. Here a file gets its name only when it is closed, and a Parquet file only if it ends as one
/// does: Kernel closes a file too when it failed in the middle of it.
record LocalOutputFile(Path file) implements OutputFile {
    private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String path() {
        return file.toString();
    }

    @Override
    public PositionOutputStream create(boolean overwrite) throws IOException {
        return new AtomicStream(file, overwrite);
    }

    @Override
    public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) throws IOException {
        StringBuilder text = new StringBuilder();
        try (lines) {
            lines.forEachRemaining(line -> text.append(line).append('\n'));
        }
        try (AtomicStream out = new AtomicStream(file, overwrite)) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Whether a file is not cut off in the middle.
    ///
    /// @param end the last bytes of the file, at least as many as the mark that Parquet files end with
    static boolean isWhole(Path file, long length, byte[] end) {
        return !file.toString().endsWith(".parquet")
                || (length > PARQUET_MAGIC.length
                        && Arrays.equals(
                                Arrays.copyOfRange(end, end.length - PARQUET_MAGIC.length, end.length), PARQUET_MAGIC));
    }

    private static final class AtomicStream extends PositionOutputStream {
        private final Path file;
        private final boolean overwrite;
        private final Path unnamed;
        private final FileChannel channel;
        private final OutputStream out;
        private final byte[] tail = new byte[PARQUET_MAGIC.length];
        private long position;
        private boolean closed;

        AtomicStream(Path file, boolean overwrite) throws IOException {
            this.file = file;
            this.overwrite = overwrite;
            unnamed = PathFileIO.unnamed(file);
            channel = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            position += length;
            int kept = Math.min(length, tail.length);
            System.arraycopy(tail, kept, tail, 0, tail.length - kept);
            System.arraycopy(bytes, from + length - kept, tail, tail.length - kept, kept);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (channel) {
                out.flush();
                channel.force(true);
            }
            if (isWhole(file, position, tail)) {
                PathFileIO.publish(unnamed, file, overwrite);
            } else {
                Files.delete(unnamed);
            }
        }
    }
}
