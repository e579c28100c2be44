package dev.headrace.delta.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalOutputFileTest {
    @TempDir
    private Path directory;

    @Test
    void aCheckpointHasNoNameBeforeItIsWhole() throws IOException {
        Path file = directory.resolve("1.checkpoint.parquet");
        byte[] bytes = "PAR1 rows and footer PAR1".getBytes(StandardCharsets.US_ASCII);

        try (PositionOutputStream out = new LocalOutputFile(file).create(true)) {
            out.write(bytes, 0, bytes.length - 2);
            assertFalse(Files.exists(file));
            out.write(bytes[bytes.length - 2]);
            out.write(bytes[bytes.length - 1]);
            assertEquals(bytes.length, out.getPos());
        }

        assertArrayEquals(bytes, Files.readAllBytes(file));
        assertEquals(1, filesLeft());
    }

    @Test
    void halfACheckpointIsThrownAway() throws IOException {
        Path file = directory.resolve("1.checkpoint.parquet");

        try (PositionOutputStream out = new LocalOutputFile(file).create(true)) {
            out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
        }

        assertEquals(0, filesLeft());
    }

    @Test
    void theLastCheckpointIsReplaced() throws IOException {
        Path file = Files.writeString(directory.resolve("_last_checkpoint"), "old");

        try (PositionOutputStream out = new LocalOutputFile(file).create(true)) {
            out.write('n');
        }

        assertTrue(Files.readString(file).startsWith("n"));
        assertEquals(1, filesLeft());
    }

    private long filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
