package dev.headrace.delta;

import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.files.OutputFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.zip.CRC32;

/// The file in which a commit keeps its deletion vectors, in the form that [DeletionVectors] reads. One thread.
final class DeletionVectorFile {
    private static final byte FORMAT = 1;
    private static final int MAX_ARRAY = 4096;
    private static final int BITMAP_BYTES = 8192;

    private final Path table;
    private final UUID id;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    /// @param id no other file has it
    DeletionVectorFile(Path table, UUID id) {
        this.table = table;
        this.id = id;
        content.write(FORMAT);
    }

    /// Takes in the deleted rows of a data file, at least one.
    DeletionVector add(BitSet rows) {
        byte[] data = data(rows);
        CRC32 checksum = new CRC32();
        checksum.update(data);
        int offset = content.size();
        content.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
        content.writeBytes(data);
        content.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array());
        byte[] uuid = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return new DeletionVector("u", encode(uuid), OptionalInt.of(offset), data.length, rows.cardinality());
    }

    private static byte[] data(BitSet rows) {
        List<Integer> keys = new ArrayList<>();
        for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(((row >>> 16) + 1) << 16)) {
            keys.add(row >>> 16);
        }
        int header = 2 * Integer.BYTES + Long.BYTES;
        ByteBuffer out = ByteBuffer.allocate(header + 8 + keys.size() * (8 + BITMAP_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(DeletionVectors.MAGIC).putLong(1).putInt(0);
        out.putInt(DeletionVectors.WITHOUT_RUNS).putInt(keys.size());
        for (int key : keys) {
            out.putShort((short) key).putShort((short) (part(rows, key).cardinality() - 1));
        }
        int offsets = out.position();
        out.position(offsets + keys.size() * Integer.BYTES);
        for (int i = 0; i < keys.size(); i++) {
            out.putInt(offsets + i * Integer.BYTES, out.position() - header);
            container(part(rows, keys.get(i)), out);
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private static BitSet part(BitSet rows, int key) {
        return rows.get(key << 16, (key + 1) << 16);
    }

    private static void container(BitSet rows, ByteBuffer out) {
        if (rows.cardinality() <= MAX_ARRAY) {
            rows.stream().forEach(row -> out.putShort((short) row));
            return;
        }
        int end = out.position() + BITMAP_BYTES;
        for (long word : rows.toLongArray()) {
            out.putLong(word);
        }
        out.position(end);
    }

    private static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            long word = Integer.toUnsignedLong(in.getInt());
            char[] block = new char[5];
            for (int i = block.length - 1; i >= 0; i--) {
                block[i] = DeletionVectors.Z85.charAt((int) (word % 85));
                word /= 85;
            }
            text.append(block);
        }
        return text.toString();
    }

    private Path file() {
        return table.resolve("deletion_vector_" + id + ".bin");
    }

    /// Writes the file, durably, its name included.
    void write() {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            LocalCommitStore.force(table);
        } catch (IOException failed) {
            throw OutputFailure.of(file(), failed);
        }
    }

    /// Deletes the file, if it was written and nothing names it.
    void delete() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException failed) {
            throw OutputFailure.of(file(), failed);
        }
    }
}
