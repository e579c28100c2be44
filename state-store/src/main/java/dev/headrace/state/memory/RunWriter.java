package dev.headrace.state.memory;

import dev.headrace.chunk.Memory;
import dev.headrace.state.KeyGroups;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes a [Run], which appears under its name only when it is whole and on disk.
///
/// ```text
/// int magic "HRST", int format 1, long from, long to, int key groups
/// per entry: int key length, int value length or -1 for a deletion, long expiry, long hash, key, value
/// per key group: long offset of its first entry, int entries
/// int entries in all, int CRC32C of everything before
/// ```
///
/// Entries are sorted by key group, hash and key, so that runs can be merged, and a range of key groups read, in one
/// pass. Numbers are little-endian.
final class RunWriter implements AutoCloseable {
    static final int MAGIC = 0x54535248;
    static final int FORMAT = 1;
    static final int HEADER_BYTES = 28;
    static final int ENTRY_HEADER_BYTES = 24;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Run run;
    private final Path temporary;
    private final FileChannel channel;
    private final KeyGroups groups;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long[] groupOffsets;
    private final int[] groupEntries;
    private long position;
    private int entries;

    RunWriter(Run run, KeyGroups groups) throws IOException {
        this.run = run;
        this.groups = groups;
        this.temporary = run.file().resolveSibling(run.file().getFileName() + ".tmp");
        this.groupOffsets = new long[groups.count()];
        this.groupEntries = new int[groups.count()];
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        buffer.putInt(MAGIC)
                .putInt(FORMAT)
                .putLong(run.from())
                .putLong(run.to())
                .putInt(groups.count());
        position = HEADER_BYTES;
    }

    /// Adds an entry, in the order of the file.
    ///
    /// @param valueLength -1 for a deletion
    void add(
            long hash,
            @Nullable Object keyBase,
            long key,
            int keyLength,
            @Nullable Object valueBase,
            long value,
            int valueLength,
            long expiry)
            throws IOException {
        int group = groups.groupOf(hash);
        if (groupEntries[group]++ == 0) {
            groupOffsets[group] = position;
        }
        int bytes = ENTRY_HEADER_BYTES + keyLength + Math.max(0, valueLength);
        reserve(bytes);
        buffer.putInt(keyLength).putInt(valueLength).putLong(expiry).putLong(hash);
        copy(keyBase, key, keyLength);
        copy(valueBase, value, Math.max(0, valueLength));
        position += bytes;
        entries++;
    }

    private void copy(@Nullable Object base, long offset, int length) {
        Memory.copy(base, offset, buffer.array(), Memory.BYTES + buffer.position(), length);
        buffer.position(buffer.position() + length);
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
        crc.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /// Completes the file and puts it in its place.
    void finish() throws IOException {
        for (int group = 0; group < groups.count(); group++) {
            reserve(12);
            buffer.putLong(groupOffsets[group]).putInt(groupEntries[group]);
        }
        reserve(4);
        buffer.putInt(entries);
        flush();
        buffer.putInt((int) crc.getValue());
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        channel.force(true);
        channel.close();
        Files.move(temporary, run.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(run.file().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
