package dev.headrace.engine.log;

import static dev.headrace.engine.log.Batches.ANN;
import static dev.headrace.engine.log.Batches.QUERY;
import static dev.headrace.engine.log.Batches.committed;
import static dev.headrace.engine.log.Batches.open;
import static dev.headrace.engine.log.Batches.planned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens to a file that Headrace has written, it is reported with the file's name and never read as data.
class DamageTest {

    private static final int UPPER_OR_LOWER_CASE = 0x20;

    @TempDir
    Path directory;

    @BeforeEach
    void planTwoBatchesAndCommitOne() {
        try (Checkpoint checkpoint = open(directory, ANN)) {
            checkpoint.plan(planned(0));
            checkpoint.commit(committed(0));
            checkpoint.plan(planned(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsets/1", "commits/0", "metadata"})
    void everyTruncationIsRefused(String file) throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve(file));
        for (int length = 0; length < whole.length; length++) {
            assertRefused(file, Arrays.copyOf(whole, length), "LOG_ENTRY_DAMAGED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsets/1", "commits/0", "metadata"})
    void aFlippedBitInAnyByteIsRefused(String file) throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve(file));
        for (int i = 0; i < whole.length; i++) {
            for (int mask : new int[] {1 << (i % 8), UPPER_OR_LOWER_CASE}) {
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) mask;
                CheckpointException error = refused(file, flipped);
                assertTrue(
                        error.code().equals("LOG_ENTRY_DAMAGED") || error.code().equals("LOG_VERSION_UNKNOWN"),
                        "byte " + i + ": " + error.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsets/1", "commits/0", "metadata"})
    void zerosInsteadOfTheEndAreRefused(String file) throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve(file));
        for (int length = 0; length < whole.length; length += 7) {
            byte[] zeroed = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length);
            assertRefused(file, zeroed, "LOG_ENTRY_DAMAGED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsets/1", "commits/0", "metadata"})
    void everyAppendedByteIsRefused(String file) throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve(file));
        for (int added = 0; added < 256; added++) {
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            longer[whole.length] = (byte) added;
            assertRefused(file, longer, "LOG_ENTRY_DAMAGED");
        }
    }

    @Test
    void anEntryUnderAnotherNumberIsRefused() throws IOException {
        CheckpointException error = refused("offsets/1", Files.readAllBytes(directory.resolve("offsets/0")));

        assertEquals(damaged("offsets/1", "is the entry of another batch"), error.getMessage());
    }

    @Test
    void aNewerVersionIsRefused() throws IOException {
        String newer = Files.readString(directory.resolve("offsets/1")).replaceFirst("v1", "v7");

        CheckpointException error = refused("offsets/1", newer.getBytes(StandardCharsets.UTF_8));

        assertEquals(
                "[LOG_VERSION_UNKNOWN] " + directory.resolve("offsets/1") + ": the file has version 7, and this release"
                        + " reads versions up to 1. Run the release that has written it, or start with a new checkpoint"
                        + " directory.",
                error.getMessage());
    }

    @Test
    void theMessageSaysWhatWasFoundAndWhatToDo() {
        assertDamage("offsets/1", "", "is empty");
        assertDamage("offsets/1", "v1", "ends after its first line");
        assertDamage("offsets/1", "\0\0", "begins with '\0\0' where a version such as 'v1' should be");
        assertDamage("offsets/1", "v1\n{\"batch", "has '{\"batch' where one whole JSON object should be");
        assertDamage("offsets/1", "v1\n{}", "names no source");
        assertDamage("offsets/1", "v1\n{}\n{\"a\":", "has an offset of source 0 that is not whole JSON");
        assertDamage(
                "offsets/1",
                "v1\n{\"batchWatermarkMs\":\"x\"}\n1\n-",
                "has '\"x\"' for 'batchWatermarkMs' where a number should be");
        assertDamage("offsets/1", "v1\n{\"conf\":{\"k\":1}}\n1\n-", "has a setting 'k' that is not a text");
        assertDamage("offsets/1", "v1\n{}\n1", "has 1 sources where 2 should be");
        assertDamage("offsets/1", "v1\n{\"headrace\":{}}\n1\n-", "has no checksum at the end of its header");
        assertDamage(
                "offsets/1",
                "v1\n{\"headrace\":{},\"crc32c\":\"00000000\"}\n1\n-",
                "has the checksum 'ac0467a7' where '00000000' should be");
        assertDamage("metadata", "{\"id\":\"seven\"}", "has 'seven' where the query's id (a UUID) should be");
        assertDamage("metadata", "{}", "has '' where the query's id (a UUID) should be");
    }

    private void assertDamage(String file, String content, String what) {
        assertEquals(
                damaged(file, what),
                refused(file, content.getBytes(StandardCharsets.UTF_8)).getMessage());
    }

    private String damaged(String file, String what) {
        return "[LOG_ENTRY_DAMAGED] " + directory.resolve(file) + ": the file " + what + ". It was not used. Restore it"
                + " from a backup, or start with a new checkpoint directory.";
    }

    private void assertRefused(String file, byte[] content, String code) {
        CheckpointException error = refused(file, content);
        assertEquals(code, error.code(), error::getMessage);
    }

    private CheckpointException refused(String file, byte[] content) {
        FaultyCheckpointFiles files = new FaultyCheckpointFiles(CheckpointFiles.local(directory, ANN.run()));
        files.damage(file, content);
        CheckpointException error = assertThrows(
                CheckpointException.class,
                () -> Checkpoint.open(files, ANN, QUERY).close());
        assertTrue(error.text().startsWith(directory.resolve(file) + ": "), error::getMessage);
        return error;
    }
}
