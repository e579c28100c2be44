package dev.headrace.files;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/// Rows of a task that wait until others are in their files: in parts, which are written one after the other. They lie
/// in a file without a name, beside what is written, or in the machine's folder for temporary files if that is a store.
/// Used by one thread.
final class WaitingRows implements AutoCloseable {
    static final int PARTS = 32;

    /// So many bytes are enough to lend at once, however few rows they are.
    private static final long ENOUGH_BYTES = 16L << 20;

    private final Path directory;
    private final StructType schema;
    private final BufferAllocator allocator;
    private final ChunkFile file;
    private final List<List<Extent>> parts = new ArrayList<>();

    /// @param directory where the rows are to go
    /// @param allocator for chunks that are read again
    WaitingRows(Path directory, StructType schema, BufferAllocator allocator) {
        this.directory = directory;
        this.schema = schema;
        this.allocator = allocator;
        for (int part = 0; part < PARTS; part++) {
            parts.add(new ArrayList<>());
        }
        try {
            this.file = new ChunkFile(FileChannel.open(
                    place(directory),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException failed) {
            throw OutputFailure.of(directory, failed);
        }
    }

    private static Path place(Path directory) throws IOException {
        return DurableFiles.isLocal(directory)
                ? Files.createTempFile(Files.createDirectories(directory), ".waiting-", "")
                : Files.createTempFile("headrace-", ".waiting");
    }

    /// Takes in rows; the chunk is borrowed.
    void add(int part, Chunk rows) {
        try {
            parts.get(part).add(file.write(rows));
        } catch (IOException failed) {
            throw OutputFailure.of(directory, failed);
        }
    }

    boolean isEmpty(int part) {
        return parts.get(part).isEmpty();
    }

    /// Lends the rows of a part, in the order in which they came.
    void read(int part, Consumer<Chunk> to) {
        List<Chunk> read = new ArrayList<>();
        try {
            int rows = 0;
            long bytes = 0;
            for (Extent extent : parts.get(part)) {
                Cancellation.checkThread();
                read.add(file.read(extent, schema, allocator));
                rows += extent.rows();
                bytes += extent.bytes();
                if (rows >= Chunk.TARGET_ROWS || bytes >= ENOUGH_BYTES) {
                    lend(read, to);
                    rows = 0;
                    bytes = 0;
                }
            }
            lend(read, to);
        } catch (IOException failed) {
            throw OutputFailure.of(directory, failed);
        } finally {
            Closing.all(read);
        }
    }

    /// Lends chunks as one, and closes them.
    private void lend(List<Chunk> read, Consumer<Chunk> to) {
        if (read.isEmpty()) {
            return;
        }
        List<Chunk> taken = List.copyOf(read);
        read.clear();
        try (Chunk rows = Columns.concat(schema, taken, allocator)) {
            to.accept(rows);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw OutputFailure.of(directory, failed);
        }
    }
}
