package dev.headrace.state.memory;

import dev.headrace.chunk.ChunkBytes;
import dev.headrace.chunk.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// Writes a file that appears under its name only when it is whole and on disk. Numbers are little-endian; the last
/// four bytes are the CRC32C of all before them.
final class WholeFile implements ChunkBytes.Sink, AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    WholeFile(Path file) throws IOException {
        this.file = file;
        this.temporary = temporary(file);
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /// How many bytes have been put.
    long position() {
        return flushed + buffer.position();
    }

    @Override
    public void putInt(int value) throws IOException {
        reserve(Integer.BYTES);
        buffer.putInt(value);
    }

    @Override
    public void putLong(long value) throws IOException {
        reserve(Long.BYTES);
        buffer.putLong(value);
    }

    void put(@Nullable Object base, long offset, int length) throws IOException {
        reserve(length);
        Memory.copy(base, offset, buffer.array(), Memory.BYTES + buffer.position(), length);
        buffer.position(buffer.position() + length);
    }

    @Override
    public void put(ArrowBuf bytes) throws IOException {
        long address = bytes.memoryAddress() + bytes.readerIndex();
        long left = bytes.readableBytes();
        while (left > 0) {
            int part = (int) Math.min(left, BUFFER_BYTES);
            put(null, address, part);
            address += part;
            left -= part;
        }
    }

    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
            if (buffer.capacity() < bytes) {
                buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        flushed += buffer.remaining();
        crc.update(buffer.duplicate());
        write();
    }

    private void write() throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /// Completes the file and puts it in its place.
    void finish() throws IOException {
        flush();
        buffer.putInt((int) crc.getValue());
        buffer.flip();
        write();
        channel.force(true);
        channel.close();
        publish(temporary, file);
    }

    /// Gives a file that is on disk its name, on disk too.
    private static void publish(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Writes a file of lines, without a checksum.
    static void write(Path file, List<String> lines) throws IOException {
        Path temporary = temporary(file);
        Files.write(temporary, lines);
        force(temporary);
        publish(temporary, file);
    }

    /// Makes a directory, and those above it that are not there, on disk.
    static void createDirectories(Path directory) throws IOException {
        Path above = directory.toAbsolutePath().getParent();
        if (above == null || Files.isDirectory(directory)) {
            return;
        }
        createDirectories(above);
        Files.createDirectories(directory);
        force(above);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
