package dev.headrace.engine.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalCheckpointFilesTest {

    /// How a file gets its name.
    enum Publishing {
        BY_LINK(Files::createLink),
        LINKS_UNKNOWN((newName, existing) -> {
            throw new UnsupportedOperationException("no links");
        }),
        LINKS_FORBIDDEN((newName, existing) -> {
            throw new FileSystemException(newName.toString(), existing.toString(), "Operation not permitted");
        });

        private final LocalCheckpointFiles.Linker linker;

        Publishing(LocalCheckpointFiles.Linker linker) {
            this.linker = linker;
        }

        LocalCheckpointFiles files(Path directory) {
            return new LocalCheckpointFiles(directory, RunId.random(), linker);
        }
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void aCreatedFileCanBeReadAndNothingElseIsLeft(Publishing publishing) throws IOException {
        CheckpointFiles files = publishing.files(directory);
        files.createFolder("a/b");
        files.create("a/b/7", "seven".getBytes(UTF_8));

        assertArrayEquals("seven".getBytes(UTF_8), files.read("a/b/7"));
        assertEquals(List.of("7"), files.list("a/b"));
        assertEquals(List.of(), files.list("a"));
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsCreatedOnlyOnce(Publishing publishing) throws IOException {
        CheckpointFiles files = publishing.files(directory);
        files.create("7", "seven".getBytes(UTF_8));

        assertThrows(FileAlreadyExistsException.class, () -> files.create("7", "other".getBytes(UTF_8)));
        assertArrayEquals("seven".getBytes(UTF_8), files.read("7"));
        assertEquals(List.of("7"), files.list(""));
    }

    @ParameterizedTest
    @EnumSource
    void ofManyWritersOneWinsAndTheFileIsIts(Publishing publishing) throws Exception {
        int writers = 8;
        CyclicBarrier start = new CyclicBarrier(writers);
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (int round = 0; round < 25; round++) {
                String path = Integer.toString(round);
                List<Callable<String>> race = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    // Half of them link, so that both ways of publishing meet.
                    LocalCheckpointFiles files = (writer % 2 == 0 ? publishing : Publishing.BY_LINK).files(directory);
                    String content = ("writer " + writer + " ").repeat(1000);
                    race.add(() -> {
                        start.await();
                        try {
                            files.create(path, content.getBytes(UTF_8));
                            return content;
                        } catch (FileAlreadyExistsException lost) {
                            return "";
                        }
                    });
                }
                List<String> winners = new ArrayList<>();
                for (Future<String> result : threads.invokeAll(race)) {
                    if (!result.get().isEmpty()) {
                        winners.add(result.get());
                    }
                }
                assertEquals(List.of(Files.readString(directory.resolve(path))), winners);
            }
        }
    }

    @Test
    void aTemporaryFileOfAnEarlierTryIsOverwritten() throws IOException {
        RunId run = RunId.random();
        Files.writeString(directory.resolve(".7." + run + ".tmp"), "torn, and longer than what is written now");
        CheckpointFiles files = CheckpointFiles.local(directory, run);

        files.create("7", "seven".getBytes(UTF_8));

        assertArrayEquals("seven".getBytes(UTF_8), files.read("7"));
        assertEquals(List.of("7"), files.list(""));
    }

    @Test
    void aFailureOfBothWaysToPublishLeavesNothing() throws IOException {
        LocalCheckpointFiles files = new LocalCheckpointFiles(directory, RunId.random(), (newName, existing) -> {
            Files.delete(existing);
            throw new FileSystemException(newName.toString(), existing.toString(), "Operation not permitted");
        });

        NoSuchFileException error = assertThrows(NoSuchFileException.class, () -> files.create("7", new byte[1]));

        assertEquals("Operation not permitted", ((FileSystemException) error.getSuppressed()[0]).getReason());
        assertEquals(List.of(), files.list(""));
    }

    @Test
    void aCrashWithoutLinksLeavesAnEmptyFileThatIsReported() throws IOException {
        Files.createDirectories(directory.resolve("offsets"));
        Files.createFile(directory.resolve("offsets/0"));
        Files.writeString(directory.resolve("metadata"), "{\"id\":\"" + Batches.QUERY + "\"}");

        CheckpointException error = assertThrows(CheckpointException.class, () -> Batches.open(directory, Batches.ANN));

        assertTrue(error.text().startsWith(directory.resolve("offsets/0") + ": the file is empty."), error::text);
    }

    @Test
    void whatIsMissingIsNamed() {
        CheckpointFiles files = CheckpointFiles.local(directory, RunId.random());

        NoSuchFileException error = assertThrows(NoSuchFileException.class, () -> files.read("offsets/0"));

        assertEquals(files.locate("offsets/0"), error.getFile());
        assertThrows(NoSuchFileException.class, () -> files.create("offsets/0", new byte[1]));
    }

    @Test
    void aMissingFolderHasNoFilesAndDeletingAMissingFileIsFine() throws IOException {
        CheckpointFiles files = CheckpointFiles.local(directory, RunId.random());

        assertEquals(List.of(), files.list("offsets"));
        files.delete("offsets/0");
    }

    @Test
    void anInterruptedThreadStillWritesReadsAndStaysInterrupted() throws IOException {
        CheckpointFiles files = CheckpointFiles.local(directory, RunId.random());
        Thread.currentThread().interrupt();
        try {
            files.createFolder("a");
            files.create("a/7", "seven".getBytes(UTF_8));
            byte[] content = files.read("a/7");
            CheckpointFiles.Lease lease = files.lease("driver.lock", new byte[0]);

            assertArrayEquals("seven".getBytes(UTF_8), content);
            ((CheckpointFiles.Lease.Granted) lease).release().close();
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aPathHasOneOwnerWhateverNameItIsReachedBy() throws IOException {
        Path chk = Files.createDirectory(directory.resolve("chk"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), chk);
        CheckpointFiles files = CheckpointFiles.local(chk, RunId.random());
        CheckpointFiles same = CheckpointFiles.local(link, RunId.random());

        CheckpointFiles.Lease first = files.lease("lock", "ann".getBytes(UTF_8));
        CheckpointFiles.Lease second = same.lease("lock", "bob".getBytes(UTF_8));

        assertArrayEquals(
                "ann".getBytes(UTF_8),
                assertInstanceOf(CheckpointFiles.Lease.Refused.class, second)
                        .owner()
                        .orElseThrow());
        ((CheckpointFiles.Lease.Granted) first).release().close();
        CheckpointFiles.Lease third = same.lease("lock", "bob".getBytes(UTF_8));
        assertEquals("bob", Files.readString(chk.resolve("lock")));
        ((CheckpointFiles.Lease.Granted) third).release().close();
    }

    @Test
    void releasingTwiceDoesNotTakeTheLeaseFromTheNextOwner() throws IOException {
        CheckpointFiles files = CheckpointFiles.local(directory, RunId.random());
        CheckpointFiles.Lease.Granted first = (CheckpointFiles.Lease.Granted) files.lease("lock", new byte[1]);
        first.release().close();
        CheckpointFiles.Lease.Granted second = (CheckpointFiles.Lease.Granted) files.lease("lock", new byte[2]);

        first.release().close();

        assertInstanceOf(CheckpointFiles.Lease.Refused.class, files.lease("lock", new byte[3]));
        second.release().close();
    }

    @Test
    void foldersAreNotListedAsFiles() throws IOException {
        Files.createDirectory(directory.resolve("5"));
        Files.createFile(directory.resolve("6"));

        try (Stream<String> names = CheckpointFiles.local(directory, RunId.random()).list("").stream()) {
            assertEquals(List.of("6"), names.toList());
        }
    }
}
