package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables with rows that are deleted though they still lie in their files, as other writers leave them.
class DeletionVectorsTest {
    private static final int ROWS = 150_000;
    private static final Set<String> FEATURE = Set.of("deletionVectors");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 30_000})
    void rowsDeletedByAVectorInAFileAreNotRead(int count) throws IOException {
        BitSet deleted = random(count);
        table(deleted, false);

        assertLeft(deleted);
    }

    @Test
    void rowsDeletedByAVectorInTheLogAreNotRead() throws IOException {
        BitSet deleted = random(5);
        table(deleted, true);

        assertLeft(deleted);
    }

    @Test
    void aFilterStillLeavesOutDeletedRows() {
        BitSet deleted = new BitSet();
        deleted.set(100_000, 100_050);
        table(deleted, false);

        assertEquals(50, read(col("id").between(100_000, 100_099)).size());
    }

    @Test
    void rowsOfSuchATableCanBeChanged() throws IOException {
        BitSet deleted = new BitSet();
        deleted.set(0, 149_990);
        table(deleted, false);

        DeltaTable.forPath(session, place().toString()).update(col("id").equalTo(149_995L), Map.of("id", lit(-1L)));

        List<Long> left = read(lit(true));
        assertEquals(10, left.size());
        assertTrue(left.contains(-1L));
        assertEquals(10, KernelReader.read(place()).size());
    }

    @Test
    void aDamagedVectorIsAnErrorThatNamesIt() throws IOException {
        table(random(10), false);
        try (var files = Files.list(place())) {
            Path vector = files.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(vector);
            bytes[20] ^= 1;
            Files.write(vector, bytes);
        }

        DataException damaged = assertThrows(DataException.class, () -> read(lit(true)));

        assertTrue(
                damaged.getMessage()
                        .endsWith("' is damaged: its checksum is wrong. Restore its file from a copy, or the table to"
                                + " a version before it."),
                damaged.getMessage());
    }

    private static BitSet random(int count) {
        BitSet rows = new BitSet();
        Random random = new Random(count);
        while (rows.cardinality() < count) {
            rows.set(random.nextInt(count == 30_000 ? 65_536 : ROWS));
        }
        return rows;
    }

    private void assertLeft(BitSet deleted) throws IOException {
        List<Long> left = read(lit(true));
        BitSet found = new BitSet();
        left.forEach(id -> found.set(Math.toIntExact(id)));
        BitSet expected = new BitSet();
        expected.set(0, ROWS);
        expected.andNot(deleted);
        assertEquals(expected, found);
        assertEquals(expected.cardinality(), left.size());
        assertEquals(
                OptionalLong.of(expected.cardinality()),
                OptionalLong.of(KernelReader.read(place()).size()));
        assertEquals(
                expected.cardinality(),
                session.read().format("delta").load(place().toString()).count());
    }

    private List<Long> read(dev.headrace.Column condition) {
        return session.read().format("delta").load(place().toString()).filter(condition).collectAsList().stream()
                .map((Row row) -> row.getLong(0))
                .toList();
    }

    private Path place() {
        return directory.resolve("table");
    }

    /// A table of one file with the ids from 0 on, some of them deleted.
    private void table(BitSet deleted, boolean inline) {
        session.range(0, ROWS, 1, 1).write().format("delta").save(place().toString());
        KernelTableLog log = new KernelTableLog(place());
        TableSnapshot snapshot = log.latest().orElseThrow();
        AddFile file = snapshot.files(FileFilter.everything()).getFirst();
        AddFile less = new AddFile(
                file.path(),
                file.partitionValues(),
                file.size(),
                file.modificationTimeMillis(),
                true,
                file.stats(),
                Optional.of(inline ? inline(deleted) : stored(deleted)));
        CommitInfo info = new CommitInfo(
                0, "DELETE", Map.of(), OptionalLong.of(0), false, Map.of(), Optional.empty(), Optional.of("x"));
        CommitOutcome outcome = log.commit(new Commit(
                0,
                new ReadSet.WholeTable(),
                info,
                List.of(new Protocol(3, 7, FEATURE, FEATURE), file.remove(0), less)));
        assertEquals(new CommitOutcome.Committed(1), outcome);
    }

    private DeletionVector stored(BitSet rows) {
        byte[] data = data(rows);
        CRC32 checksum = new CRC32();
        checksum.update(data);
        ByteBuffer file = ByteBuffer.allocate(1 + 8 + data.length).put((byte) 1);
        file.putInt(data.length).put(data).putInt((int) checksum.getValue());
        UUID id = UUID.randomUUID();
        try {
            Files.write(place().resolve("deletion_vector_" + id + ".bin"), file.array());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        byte[] uuid = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return new DeletionVector("u", z85(uuid), OptionalInt.of(1), data.length, rows.cardinality());
    }

    private static DeletionVector inline(BitSet rows) {
        byte[] data = data(rows);
        byte[] padded = java.util.Arrays.copyOf(data, (data.length + 3) / 4 * 4);
        return new DeletionVector("i", z85(padded), OptionalInt.empty(), data.length, rows.cardinality());
    }

    private static byte[] data(BitSet rows) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(1681511377).putLong(1).putInt(0);
        List<Integer> keys =
                rows.stream().mapToObj(row -> row >>> 16).distinct().toList();
        out.putInt(12346).putInt(keys.size());
        for (int key : keys) {
            out.putShort((short) key).putShort((short) (of(rows, key).cardinality() - 1));
        }
        int offsets = out.position();
        out.position(offsets + 4 * keys.size());
        for (int i = 0; i < keys.size(); i++) {
            out.putInt(offsets + 4 * i, out.position() - 16);
            BitSet ofKey = of(rows, keys.get(i));
            if (ofKey.cardinality() <= 4096) {
                ofKey.stream().forEach(row -> out.putShort((short) row));
            } else {
                long[] words = java.util.Arrays.copyOf(ofKey.toLongArray(), 1024);
                for (long word : words) {
                    out.putLong(word);
                }
            }
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private static BitSet of(BitSet rows, int key) {
        return rows.get(key << 16, (key + 1) << 16);
    }

    private static String z85(byte[] bytes) {
        String digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
        StringBuilder text = new StringBuilder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            long word = Integer.toUnsignedLong(in.getInt());
            char[] block = new char[5];
            for (int i = 4; i >= 0; i--) {
                block[i] = digits.charAt((int) (word % 85));
                word /= 85;
            }
            text.append(block);
        }
        return text.toString();
    }
}
