package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineBlocksTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "a", "a\n", "a\nb", "a\n\nb\n", "\n\n\n", "ab\ncd\nef", "a\r\nb\r\n"})
    void partsTogetherHoldEachLineOnceWhereverTheyAreCut(String content) throws IOException {
        InputFile file = write("x.txt", content.getBytes(StandardCharsets.UTF_8));
        String whole = read(FileRange.whole(file));

        assertEquals(content.isEmpty() || content.endsWith("\n") ? content : content + "\n", whole);
        for (int first = 1; first < content.length() + 2; first++) {
            for (int second = first; second < content.length() + 3; second++) {
                String parts = read(new FileRange(file, 0, first))
                        + read(new FileRange(file, first, second))
                        + read(new FileRange(file, second, Long.MAX_VALUE));
                assertEquals(whole, parts, "cut at " + first + " and " + second);
            }
        }
    }

    @Test
    void longFilesAreReadInBlocksOfWholeLines() throws IOException {
        Random random = new Random(3);
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            content.append(i)
                    .append('-')
                    .append("x".repeat(random.nextInt(i % 5_000 == 0 ? 900_000 : 100)))
                    .append('\n');
        }
        InputFile file = write("x.txt", content.toString().getBytes(StandardCharsets.UTF_8));
        StringBuilder parts = new StringBuilder();
        for (FileRange range : FileRange.split(List.of(file), true, 4)) {
            parts.append(read(range));
        }

        assertTrue(content.toString().contentEquals(read(FileRange.whole(file))));
        assertTrue(content.toString().contentEquals(parts));
        assertTrue(FileRange.split(List.of(file), true, 4).size() > 1);
    }

    @ParameterizedTest
    @EnumSource
    void compressedFilesAreReadByTheirExtension(Compression compression) throws IOException {
        byte[] content = "one\ntwo\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        Path path = root.resolve("x.txt" + compression.extension());
        try (OutputStream out = compression.compress(Files.newOutputStream(path))) {
            out.write(content);
        }
        InputFile file = InputFiles.list(List.of(path.toString())).getFirst();

        assertEquals(new String(content, StandardCharsets.UTF_8), read(FileRange.whole(file)));
        assertArrayEquals(
                Arrays.copyOf(content, content.length + LineBlocks.PADDING),
                LineBlocks.readAll(file, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.gz", "x.zst", "x.deflate", "x.bz2", "x.lz4", "x.snappy"})
    void aDamagedFileIsAnErrorThatNamesIt(String name) throws IOException {
        Path path = root.resolve(name);
        try (OutputStream out = Compression.of(path).compress(Files.newOutputStream(path))) {
            out.write("line\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = Files.readAllBytes(path);
        InputFile torn = write(name, Arrays.copyOf(whole, whole.length / 2));

        DataException error = assertThrows(DataException.class, () -> read(FileRange.whole(torn)));

        assertEquals("DAMAGED_FILE", error.code());
        assertTrue(error.getMessage().contains(path.toString()), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.gz", "x.zst", "x.deflate", "x.bz2", "x.lz4", "x.snappy"})
    void bytesThatAreNoneAreAnError(String name) throws IOException {
        byte[] noise = new byte[5_000];
        new Random(7).nextBytes(noise);
        InputFile file = write(name, noise);

        DataException error = assertThrows(DataException.class, () -> read(FileRange.whole(file)));

        assertEquals("DAMAGED_FILE", error.code());
        assertTrue(error.getMessage().contains(file.path().toString()), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.gz", "x.zst", "x.deflate", "x.bz2", "x.lz4", "x.snappy"})
    void aFileOfNoBytesHasNoLines(String name) throws IOException {
        assertEquals("", read(FileRange.whole(write(name, new byte[0]))));
    }

    @Test
    void aFileThatEndsWithinItsHeaderIsAnError() throws IOException {
        InputFile file = write("x.gz", new byte[] {0x1f, (byte) 0x8b});

        DataException error = assertThrows(DataException.class, () -> read(FileRange.whole(file)));

        assertEquals(
                "[DAMAGED_FILE] '" + file.path()
                        + "' can't be decompressed after byte 0: it ends too early. Restore the"
                        + " file, or leave it out.",
                error.getMessage());
    }

    /// As the programs lz4 and snzip write them.
    @ParameterizedTest
    @CsvSource({"x.lz4, 04224d186440a7", "x.snappy, ff060000734e61507059"})
    void otherFramesAreAnErrorThatTakesNoMemory(String name, String begin) throws IOException {
        byte[] first = java.util.HexFormat.of().parseHex(begin);
        InputFile file = write(name, Arrays.copyOf(first, 100));

        DataException error = assertThrows(DataException.class, () -> read(FileRange.whole(file)));

        assertEquals(
                "[DAMAGED_FILE] '" + file.path() + "' can't be decompressed after byte 0: it is not in Hadoop's frames,"
                        + " which hold up to 67108864 bytes each. Restore the file, or leave it out.",
                error.getMessage());
    }

    /// Twenty thousand times `one` and `two`, by the program bzip2.
    @Test
    void filesOfBzip2AreRead() throws IOException {
        byte[] whole = java.util.Base64.getDecoder()
                .decode("QlpoOTFBWSZTWa4fgFIA6l/BgAAQAgGEgCAAcDAApUaaYCFR0EKjAQqOghUaCFR4CFRoIVHxdyRThQkK"
                        + "4fgFIA==");

        assertEquals("one\ntwo\n".repeat(20_000), read(FileRange.whole(write("x.bz2", whole))));
        InputFile torn = write("torn.bz2", Arrays.copyOf(whole, whole.length / 2));
        assertEquals(
                "DAMAGED_FILE",
                assertThrows(DataException.class, () -> read(FileRange.whole(torn)))
                        .code());
    }

    /// What blocks may hold: nothing, one byte, runs of all lengths, one text over and over, and more than a block of
    /// what is hardly compressed.
    @Test
    void filesOfBzip2HoldWhatHasBeenWritten() throws IOException {
        Random random = new Random(11);
        byte[] noise = new byte[950_000];
        random.nextBytes(noise);
        ByteArrayOutputStream runs = new ByteArrayOutputStream();
        for (int i = 0; i < 600; i++) {
            runs.write(Collections.nCopies(i, Character.toString('a' + i % 3))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
            runs.write("x".repeat(i).getBytes(StandardCharsets.UTF_8));
        }
        StringBuilder skewed = new StringBuilder();
        for (int i = 0; i < 300_000; i++) {
            skewed.append((char) ('a' + Math.min(25, Integer.numberOfTrailingZeros(random.nextInt() | 1 << 26))));
        }
        for (byte[] content : List.of(
                new byte[0],
                new byte[] {-1},
                "\n".repeat(1_000_000).getBytes(StandardCharsets.UTF_8),
                "one\ntwo\n".repeat(300_000).getBytes(StandardCharsets.UTF_8),
                runs.toByteArray(),
                skewed.toString().getBytes(StandardCharsets.UTF_8),
                noise)) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            try (OutputStream out = Compression.BZIP2.compress(written)) {
                out.write(content);
            }
            try (InputStream in = Compression.BZIP2.decompress(new ByteArrayInputStream(written.toByteArray()))) {
                assertArrayEquals(content, in.readAllBytes());
            }
        }
    }

    @Test
    void otherCompressionsAreRefused() throws IOException {
        InputFile file = write("x.xz", new byte[0]);

        assertEquals(
                "[UNSUPPORTED_COMPRESSION] '" + file.path()
                        + "' is compressed as .xz, which can't be read. Compress it as " + ".gz or .zst.",
                assertThrows(QueryException.class, () -> read(FileRange.whole(file)))
                        .getMessage());
    }

    @Test
    void aByteOrderMarkIsSkippedAndOtherCharacterSetsBecomeUtf8() throws IOException {
        String text = "Zürich €5 \ud83d\ude00\n".repeat(3_000);
        assertEquals("x\n", read(FileRange.whole(write("bom.txt", "\ufeffx".getBytes(StandardCharsets.UTF_8)))));
        for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, Charset.forName("UTF-32"))) {
            InputFile file = write(charset.name(), text.getBytes(charset));
            assertEquals(text, read(FileRange.whole(file), charset));
        }
    }

    private InputFile write(String name, byte[] content) throws IOException {
        Files.write(root.resolve(name), content);
        return InputFiles.list(List.of(root.resolve(name).toString())).getFirst();
    }

    private static String read(FileRange range) {
        return read(range, StandardCharsets.UTF_8);
    }

    private static String read(FileRange range, Charset charset) {
        List<String> parts = new ArrayList<>();
        try (LineBlocks blocks = LineBlocks.open(range, charset)) {
            while (blocks.next()) {
                assertEquals('\n', blocks.data()[blocks.to() - 1]);
                assertTrue(blocks.data().length >= blocks.to() + LineBlocks.PADDING);
                parts.add(
                        new String(blocks.data(), blocks.from(), blocks.to() - blocks.from(), StandardCharsets.UTF_8));
            }
        }
        return String.join("", parts);
    }
}
