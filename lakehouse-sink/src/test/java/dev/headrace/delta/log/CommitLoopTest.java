package dev.headrace.delta.log;

import static dev.headrace.delta.log.Commits.append;
import static dev.headrace.delta.log.Commits.create;
import static dev.headrace.delta.log.Commits.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLoopTest {
    @TempDir
    private Path directory;

    @Test
    void aCommitWhoseAnswerIsLostIsFoundInTheLog() {
        FaultyStore store = new FaultyStore(directory).next(Fault.WRITE_AND_LOSE_THE_ANSWER);

        assertEquals(new CommitOutcome.Committed(0), new CommitLoop(store).commit(create()));
    }

    @Test
    void aCommitWhoseAnswerIsLostWhileAnotherTookItsPlaceGoesBehindIt() {
        new CommitLoop(new LocalCommitStore(directory)).commit(create());
        FaultyStore store = new FaultyStore(directory).next(Fault.LET_ANOTHER_WRITE_AND_FAIL);

        CommitOutcome outcome = new CommitLoop(store).commit(append(0, file("mine")));

        assertEquals(new CommitOutcome.Committed(2), outcome);
    }

    @Test
    void aCommitThatFailsWithoutATraceMayBeTriedAgain() {
        FaultyStore store = new FaultyStore(directory).next(Fault.FAIL);

        UnavailableException error =
                assertThrows(UnavailableException.class, () -> new CommitLoop(store).commit(create()));

        assertEquals(
                "[DELTA_COMMIT_FAILED] " + store.fileOf(0)
                        + ": can't be written (java.io.IOException: disk full). Nothing "
                        + "was committed; see to the disk and its permissions, then run the write again.",
                error.getMessage());
        assertInstanceOf(CommitOutcome.Committed.class, new CommitLoop(store).commit(create()));
    }

    @Test
    void aCommitThatCannotBeReadBackIsUnknown() {
        FaultyStore store = new FaultyStore(directory).next(Fault.WRITE_AND_GO_DARK);

        CommitUnknownException error =
                assertThrows(CommitUnknownException.class, () -> new CommitLoop(store).commit(create()));

        assertEquals(
                "[DELTA_COMMIT_UNKNOWN] " + store.fileOf(0) + ": the write failed and the file can't be read back "
                        + "(java.io.IOException: disk away), so it is not known whether the rows are in the table. Look at "
                        + "the file when the disk is back.",
                error.getMessage());
    }

    @Test
    void aWriterThatOthersAlwaysOvertakeGivesUp() {
        CommitStore store = new CommitStore() {
            private long newest;

            @Override
            public String fileOf(long version) {
                return "log/" + version;
            }

            @Override
            public Optional<byte[]> read(long version) {
                return version <= newest ? Optional.of(CommitJson.write(List.of(file("theirs")))) : Optional.empty();
            }

            @Override
            public boolean exists(long version) {
                return true;
            }

            @Override
            public Put putIfAbsent(long version, byte[] bytes) {
                newest = version;
                return Put.TAKEN;
            }
        };

        UnavailableException error =
                assertThrows(UnavailableException.class, () -> new CommitLoop(store).commit(append(0, file("mine"))));

        assertEquals(
                "[DELTA_COMMIT_CONTENTION] log/1000: other writers were faster 1000 times in a row. Nothing was committed; "
                        + "let fewer writers share the table.",
                error.getMessage());
    }

    @Test
    void aCommitGoesBehindHoweverManyHaveComeSinceTheTableWasRead() throws IOException {
        CommitLoop loop = new CommitLoop(new LocalCommitStore(directory));
        loop.commit(create());
        byte[] theirs = CommitJson.write(List.of(file("theirs")));
        for (int version = 1; version <= 1001; version++) {
            Files.write(directory.resolve(LocalCommitStore.fileName(version)), theirs);
        }

        assertEquals(new CommitOutcome.Committed(1002), loop.commit(append(0, file("mine"))));
    }

    /// A free name below the newest version is no version that may be written.
    @Test
    void aCommitThatACleanupOvertakesIsNotWrittenIntoTheGap() throws IOException {
        LocalCommitStore log = new LocalCommitStore(directory);
        new CommitLoop(log).commit(create());
        byte[] theirs = CommitJson.write(List.of(file("theirs")));
        for (int version = 1; version <= 9; version++) {
            Files.write(directory.resolve(LocalCommitStore.fileName(version)), theirs);
        }
        CommitStore cleanedUpMeanwhile = new CommitStore() {
            @Override
            public String fileOf(long version) {
                return log.fileOf(version);
            }

            @Override
            public Optional<byte[]> read(long version) throws IOException {
                Optional<byte[]> commit = log.read(version);
                if (version == 3) {
                    for (int old = 0; old <= 6; old++) {
                        Files.delete(directory.resolve(LocalCommitStore.fileName(old)));
                    }
                }
                return commit;
            }

            @Override
            public boolean exists(long version) {
                return log.exists(version);
            }

            @Override
            public Put putIfAbsent(long version, byte[] bytes) throws IOException {
                return log.putIfAbsent(version, bytes);
            }
        };

        assertEquals(
                new CommitOutcome.ReadVersionGone(0),
                new CommitLoop(cleanedUpMeanwhile).commit(append(0, file("mine"))));
    }

    @Test
    void nothingButCommitsIsLeftInTheDirectory() throws IOException {
        CommitLoop loop = new CommitLoop(new LocalCommitStore(directory));
        loop.commit(create());
        loop.commit(append(0, file("a")));
        loop.commit(append(0, file("b")));

        try (Stream<Path> files = Files.list(directory)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertEquals(
                    List.of("00000000000000000000.json", "00000000000000000001.json", "00000000000000000002.json"),
                    names);
        }
    }

    private enum Fault {
        FAIL,
        WRITE_AND_LOSE_THE_ANSWER,
        WRITE_AND_GO_DARK,
        LET_ANOTHER_WRITE_AND_FAIL
    }

    /// A local store that fails as told, once per fault.
    private static final class FaultyStore implements CommitStore {
        private final LocalCommitStore store;
        private final Deque<Fault> faults = new ArrayDeque<>();
        private boolean dark;

        FaultyStore(Path directory) {
            store = new LocalCommitStore(directory);
        }

        FaultyStore next(Fault fault) {
            faults.add(fault);
            return this;
        }

        @Override
        public String fileOf(long version) {
            return store.fileOf(version);
        }

        @Override
        public Optional<byte[]> read(long version) throws IOException {
            if (dark) {
                throw new IOException("disk away");
            }
            return store.read(version);
        }

        @Override
        public boolean exists(long version) {
            return store.exists(version);
        }

        @Override
        public Put putIfAbsent(long version, byte[] bytes) throws IOException {
            Fault fault = faults.poll();
            if (fault == null) {
                return store.putIfAbsent(version, bytes);
            }
            switch (fault) {
                case FAIL -> {}
                case WRITE_AND_LOSE_THE_ANSWER -> store.putIfAbsent(version, bytes);
                case WRITE_AND_GO_DARK -> {
                    store.putIfAbsent(version, bytes);
                    dark = true;
                }
                case LET_ANOTHER_WRITE_AND_FAIL -> {
                    CommitOutcome other = new CommitLoop(store).commit(append(version - 1, file("theirs")));
                    assertTrue(other instanceof CommitOutcome.Committed);
                }
            }
            throw new IOException("disk full");
        }
    }
}
