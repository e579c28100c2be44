package dev.headrace.delta;

import dev.headrace.delta.log.DeletionVector;
import dev.headrace.errors.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.UUID;
import java.util.zip.CRC32;

/// Reads which rows of a data file are deleted though they still lie in it.
///
/// ```text
/// in a file   at the offset: the data's length (big-endian int), the data, its CRC-32 (big-endian int)
/// in the log  the data in base 85 (Z85)
/// data        1681511377 (little-endian, as all that follows), how many bitmaps (long), for each: the upper half of
/// its
///             rows' numbers (int), then a Roaring bitmap of the lower halves in its portable form
/// ```
final class DeletionVectors {
    static final int MAGIC = 1681511377;
    private static final int WITH_RUNS = 12347;
    static final int WITHOUT_RUNS = 12346;
    private static final int FEW_CONTAINERS = 4;
    private static final int MAX_ARRAY = 4096;
    private static final int UUID_CHARACTERS = 20;
    static final String Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private final Path table;
    private final DeletionVector vector;

    private DeletionVectors(Path table, DeletionVector vector) {
        this.table = table;
        this.vector = vector;
    }

    /// The places of the deleted rows in their file.
    ///
    /// @throws DataException `DELTA_DELETION_VECTOR_DAMAGED`, `DELTA_FILE_MISSING`
    static BitSet read(Path table, DeletionVector vector) {
        return new DeletionVectors(table, vector).read();
    }

    /// The file that holds a vector that is not inline.
    static Path file(Path table, DeletionVector vector) {
        return new DeletionVectors(table, vector).file();
    }

    /// The same vector, named so that other tables may name it.
    static DeletionVector absolute(Path table, DeletionVector vector) {
        if (vector.storageType().equals("i")) {
            return vector;
        }
        String place = TableClone.uri(file(table, vector));
        return new DeletionVector("p", place, vector.offset(), vector.sizeInBytes(), vector.cardinality());
    }

    private BitSet read() {
        BitSet rows;
        try {
            ByteBuffer data =
                    vector.storageType().equals("i") ? ByteBuffer.wrap(decode(vector.pathOrInlineDv())) : stored();
            rows = rows(data.order(ByteOrder.LITTLE_ENDIAN));
        } catch (NoSuchFileException gone) {
            throw new DataException(
                    "DELTA_FILE_MISSING",
                    table + ": the table's log names the file '" + file()
                            + "' of deletion vectors, which is gone. If this is an old version of the "
                            + "table, a vacuum has deleted it: read a newer one. Otherwise restore the file from a copy.",
                    gone);
        } catch (IOException | RuntimeException failed) {
            if (failed instanceof DataException known) {
                throw known;
            }
            throw damaged("it can't be read (" + failed + ")", failed);
        }
        if (rows.cardinality() != vector.cardinality()) {
            throw damaged("it has " + rows.cardinality() + " rows, but the log says " + vector.cardinality(), null);
        }
        return rows;
    }

    /// The file that holds the vector.
    private Path file() {
        String place = vector.pathOrInlineDv();
        return switch (vector.storageType()) {
            case "p" -> DataFile.resolve(table, place);
            case "u" -> {
                int prefix = place.length() - UUID_CHARACTERS;
                ByteBuffer bytes = ByteBuffer.wrap(decode(place.substring(prefix)));
                String name = "deletion_vector_" + new UUID(bytes.getLong(), bytes.getLong()) + ".bin";
                yield prefix == 0
                        ? table.resolve(name)
                        : table.resolve(place.substring(0, prefix)).resolve(name);
            }
            default -> throw damaged("'" + vector.storageType() + "' is not a way to store one", null);
        };
    }

    private ByteBuffer stored() throws IOException {
        int offset = vector.offset().orElse(0);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            ByteBuffer all = ByteBuffer.allocate(vector.sizeInBytes() + 2 * Integer.BYTES);
            while (all.hasRemaining() && channel.read(all, offset + all.position()) >= 0) {
                // Reads on until all of it is there.
            }
            all.flip();
            int size = all.getInt();
            if (size != vector.sizeInBytes()) {
                throw damaged("it has " + size + " bytes, but the log says " + vector.sizeInBytes(), null);
            }
            ByteBuffer data = all.slice(Integer.BYTES, size);
            CRC32 checksum = new CRC32();
            checksum.update(data.duplicate());
            if ((int) checksum.getValue() != all.getInt(Integer.BYTES + size)) {
                throw damaged("its checksum is wrong", null);
            }
            return data;
        }
    }

    private BitSet rows(ByteBuffer data) {
        if (data.getInt() != MAGIC) {
            throw damaged("it does not begin with " + MAGIC, null);
        }
        BitSet rows = new BitSet();
        long bitmaps = data.getLong();
        for (long i = 0; i < bitmaps; i++) {
            int upper = data.getInt();
            if (upper != 0) {
                throw damaged("it has rows beyond 4294967295", null);
            }
            bitmap(data, rows);
        }
        return rows;
    }

    private void bitmap(ByteBuffer data, BitSet rows) {
        int cookie = data.getInt();
        int containers;
        byte[] runs;
        if ((cookie & 0xffff) == WITH_RUNS) {
            containers = (cookie >>> 16) + 1;
            runs = new byte[(containers + 7) / 8];
            data.get(runs);
        } else if (cookie == WITHOUT_RUNS) {
            containers = data.getInt();
            runs = new byte[(containers + 7) / 8];
        } else {
            throw damaged(cookie + " begins no Roaring bitmap", null);
        }
        int[] keys = new int[containers];
        int[] counts = new int[containers];
        for (int i = 0; i < containers; i++) {
            keys[i] = Short.toUnsignedInt(data.getShort());
            counts[i] = Short.toUnsignedInt(data.getShort()) + 1;
        }
        if (cookie == WITHOUT_RUNS || containers >= FEW_CONTAINERS) {
            data.position(data.position() + containers * Integer.BYTES);
        }
        for (int i = 0; i < containers; i++) {
            boolean isRun = (runs[i / 8] >> (i % 8) & 1) != 0;
            container(data, keys[i] << 16, counts[i], isRun, rows);
        }
    }

    private static void container(ByteBuffer data, int first, int count, boolean isRun, BitSet rows) {
        if (isRun) {
            int runs = Short.toUnsignedInt(data.getShort());
            for (int run = 0; run < runs; run++) {
                int from = first + Short.toUnsignedInt(data.getShort());
                rows.set(from, from + Short.toUnsignedInt(data.getShort()) + 1);
            }
        } else if (count <= MAX_ARRAY) {
            for (int i = 0; i < count; i++) {
                rows.set(first + Short.toUnsignedInt(data.getShort()));
            }
        } else {
            for (int word = 0; word < 1 << 10; word++) {
                long bits = data.getLong();
                for (; bits != 0; bits &= bits - 1) {
                    rows.set(first + 64 * word + Long.numberOfTrailingZeros(bits));
                }
            }
        }
    }

    private byte[] decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() / 5 * 4);
        for (int at = 0; at + 5 <= text.length(); at += 5) {
            long word = 0;
            for (int i = 0; i < 5; i++) {
                int digit = Z85.indexOf(text.charAt(at + i));
                if (digit < 0) {
                    throw damaged("'" + text.charAt(at + i) + "' is no digit of base 85", null);
                }
                word = word * 85 + digit;
            }
            bytes.putInt((int) word);
        }
        return bytes.array();
    }

    private DataException damaged(String what, @org.jspecify.annotations.Nullable Throwable cause) {
        String text = table + ": the deletion vector '" + vector.pathOrInlineDv() + "' is damaged: " + what
                + ". Restore its file from a copy, or the table to a version before it.";
        return cause == null
                ? new DataException("DELTA_DELETION_VECTOR_DAMAGED", text)
                : new DataException("DELTA_DELETION_VECTOR_DAMAGED", text, cause);
    }
}
