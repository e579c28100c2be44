package dev.headrace.delta.kernel;

import static dev.headrace.delta.log.Commits.append;
import static dev.headrace.delta.log.Commits.create;
import static dev.headrace.delta.log.Commits.file;
import static dev.headrace.delta.log.Commits.paths;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.Commits;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.delta.log.LogRewriter;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableLogContract;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.UnavailableException;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class KernelTableLogTest extends TableLogContract {
    @Override
    protected TableLog open(Path directory) {
        return new KernelTableLog(directory);
    }

    @Test
    void aCompactedLogIsReadInsteadOfItsCommits() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        for (long version = 0; version < 6; version++) {
            log.commit(append(version, file("f" + version)));
        }
        Path compacted;
        try (Session session = Session.builder().master("local[1]").getOrCreate()) {
            compacted = new LogRewriter(session, table).compact(2, 5);
        }
        Files.writeString(commitFile(3), "not read");

        assertEquals(6, paths(open(table).latest().orElseThrow()).size());

        Files.writeString(compacted, "{\"add\":");
        CheckpointException error = assertThrows(
                CheckpointException.class, () -> paths(open(table).latest().orElseThrow()));
        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + commitFile(3)), error.getMessage());
        Files.writeString(commitFile(3), "{\"commitInfo\":{\"operation\":\"none\"}}");
        error = assertThrows(
                CheckpointException.class, () -> paths(open(table).latest().orElseThrow()));
        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + compacted), error.getMessage());
    }

    @Test
    void aLogThatCantBeReadForAMomentIsNotDamaged() {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        KernelTableLog flaky = new KernelTableLog(
                table, new LocalCommitStore(table.resolve("_delta_log")), failingOnce(commitFile(1)));

        UnavailableException error = assertThrows(
                UnavailableException.class, () -> paths(flaky.latest().orElseThrow()));
        assertEquals("DELTA_LOG_UNREADABLE", error.code());
        assertEquals(1, paths(flaky.latest().orElseThrow()).size());
    }

    /// A disk that gives an error when a file is read for the first time.
    private FileIO failingOnce(Path file) {
        FileIO disk = new PathFileIO();
        AtomicBoolean hasFailed = new AtomicBoolean();
        return (FileIO) Proxy.newProxyInstance(
                FileIO.class.getClassLoader(), new Class<?>[] {FileIO.class}, (_, method, given) -> {
                    if (method.getName().equals("newInputFile")
                            && given[0].equals(file.toString())
                            && !hasFailed.getAndSet(true)) {
                        // A directory can be opened, but not read.
                        return disk.newInputFile(table.toString(), 1);
                    }
                    try {
                        return method.invoke(disk, given);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Test
    void commitsThatSayTheirTimesAreBelieved() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        log.commit(append(1, file("b")));
        Instant start = Instant.parse("2020-01-01T00:00:00Z");
        for (long version = 0; version <= 2; version++) {
            String commit = Files.readString(commitFile(version));
            Files.writeString(
                    commitFile(version),
                    commit.replaceFirst(
                                    "\"commitInfo\":\\{",
                                    "\"commitInfo\":{\"inCommitTimestamp\":"
                                            + start.plusSeconds(60 * version).toEpochMilli() + ",")
                            .replace(
                                    "\"delta.checkpointInterval\":\"5\"", "\"delta.enableInCommitTimestamps\":\"true\"")
                            .replace(
                                    "\"minReaderVersion\":1,\"minWriterVersion\":2",
                                    "\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"inCommitTimestamp\"]"));
        }
        TableLog stated = open(table);

        assertEquals(1, stated.atTime(start.plusSeconds(119)).version());
        assertEquals(2, stated.atTime(start.plusSeconds(120)).version());
        assertEquals(1, stated.firstCommitSince(start.plusSeconds(1)));
        assertEquals(3, stated.firstCommitSince(start.plusSeconds(121)));
        assertEquals(
                List.of(start.plusSeconds(60).toEpochMilli()),
                stated.commitOf(1).orElseThrow().stream()
                        .filter(CommitInfo.class::isInstance)
                        .map(info -> ((CommitInfo) info).timestampMillis())
                        .toList());
    }

    /// A table that was copied: its commits that don't say their times seem to be younger than those that do.
    @Test
    void commitsThatSayTheirTimesAreBelievedBehindOthersThatDoNot() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        log.commit(append(1, file("b")));
        log.commit(append(2, file("c")));
        Instant start = Instant.parse("2020-01-01T00:00:00Z");
        for (long version = 2; version <= 3; version++) {
            long time = start.plusSeconds(60 * version).toEpochMilli();
            Files.writeString(
                    commitFile(version),
                    Files.readString(commitFile(version))
                            .replaceFirst("\"commitInfo\":\\{", "\"commitInfo\":{\"inCommitTimestamp\":" + time + ","));
        }

        assertEquals(3, log.firstCommitSince(start.plusSeconds(121)));
        assertEquals(4, log.firstCommitSince(start.plusSeconds(181)));
        assertEquals(0, log.firstCommitSince(start));
        for (long version = 0; version <= 1; version++) {
            Files.setLastModifiedTime(commitFile(version), FileTime.from(start.plusSeconds(60 * version)));
        }
        assertEquals(1, log.firstCommitSince(start.plusSeconds(60)));
        assertEquals(2, log.firstCommitSince(start.plusSeconds(61)));
    }

    @Test
    void manyProcessesAppendAndNothingIsLost() throws IOException, InterruptedException {
        open(table).commit(create());

        List<Process> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            writers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Appender.class.getName(),
                            table.toString(),
                            "process-" + i)
                    .inheritIO()
                    .start());
        }
        for (Process writer : writers) {
            assertEquals(0, writer.waitFor());
        }

        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(60, snapshot.version());
        assertEquals(60, paths(snapshot).stream().distinct().count());
        assertEquals(OptionalLong.of(29), snapshot.lastTransaction("process-1"));
    }

    /// Appends thirty files from a process of its own.
    static final class Appender {
        private Appender() {}

        public static void main(String[] args) {
            Commits.appendAll(new KernelTableLog(Path.of(args[0])), args[1], 30);
        }
    }
}
