package dev.headrace.delta.log;

import static dev.headrace.delta.log.Commits.append;
import static dev.headrace.delta.log.Commits.batch;
import static dev.headrace.delta.log.Commits.compacted;
import static dev.headrace.delta.log.Commits.compactedAway;
import static dev.headrace.delta.log.Commits.create;
import static dev.headrace.delta.log.Commits.file;
import static dev.headrace.delta.log.Commits.fileInDay;
import static dev.headrace.delta.log.Commits.fileWithStats;
import static dev.headrace.delta.log.Commits.paths;
import static dev.headrace.delta.log.Commits.replaceAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every implementation of [TableLog] keeps.
public abstract class TableLogContract {
    @TempDir
    protected Path table;

    /// A log of the table in a directory, independent of all other logs of it, as another process would have it.
    protected abstract TableLog open(Path directory);

    @Test
    void thereIsNoTableBeforeTheFirstCommit() {
        TableLog log = open(table.resolve("absent"));

        assertEquals(Optional.empty(), log.latest());
        QueryException error = assertThrows(QueryException.class, () -> log.atVersion(0));
        assertEquals(
                "[DELTA_TABLE_NOT_FOUND] " + table.resolve("absent")
                        + " is not a Delta table: it has no '_delta_log' with "
                        + "commits. Check the path, or write the table first.",
                error.getMessage());
    }

    @Test
    void theFirstCommitCreatesTheTable() {
        assertEquals(new CommitOutcome.Committed(0), open(table).commit(create("day")));

        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(0, snapshot.version());
        assertEquals(Commits.metadata("day"), snapshot.metadata());
        assertEquals(Protocol.BASIC, snapshot.protocol());
        assertEquals(List.of(), snapshot.files(FileFilter.everything()));
    }

    @Test
    void ofTwoThatCreateTheTableOneIsTold() {
        open(table).commit(create());

        Conflict conflict = conflict(open(table).commit(create()));

        assertTrue(
                Set.of(Conflict.Kind.PROTOCOL_CHANGED, Conflict.Kind.METADATA_CHANGED)
                        .contains(conflict.kind()),
                conflict.describe());
        assertEquals(0, conflict.version());
    }

    @Test
    void aFileComesBackAsItWasAdded() {
        TableLog log = open(table);
        log.commit(create("day"));
        AddFile withNull = fileInDay("day=__HIVE_DEFAULT_PARTITION__/a%20b%2525.parquet", null);
        AddFile withStats = new AddFile(
                "day=2026-11-20/c.parquet",
                Map.of("day", "2026-11-20"),
                841,
                Commits.NOW,
                true,
                Optional.of("{\"numRecords\":3,\"minValues\":{\"customer_name\":\"\\\"ann\\\"\"}}"),
                Optional.empty());
        log.commit(append(0, withNull, withStats));

        List<AddFile> files = new ArrayList<>(log.latest().orElseThrow().files(FileFilter.everything()));

        files.sort((a, b) -> a.path().compareTo(b.path()));
        assertEquals(List.of(withStats, withNull), files);
    }

    @Test
    void aCommitCanBeReadAgain() {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));

        List<Action> actions = open(table).commitOf(1).orElseThrow();

        assertTrue(actions.contains(file("a")), actions.toString());
        assertEquals(Optional.empty(), open(table).commitOf(2));
    }

    @Test
    void theNewestVersionIsThatOfTheLastCommit() {
        TableLog log = open(table);
        assertEquals(
                "DELTA_TABLE_NOT_FOUND",
                assertThrows(QueryException.class, log::newestVersion).code());
        log.commit(create());
        assertEquals(0, log.latest().orElseThrow().version());
        assertEquals(0, log.newestVersion());
        open(table).commit(append(0, file("a")));
        assertEquals(1, log.newestVersion());
    }

    @Test
    void theLogSaysFromWhichVersionOnItHasCommits() {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));

        assertEquals(OptionalLong.of(0), log.earliestCommit(0));
        assertEquals(OptionalLong.of(1), log.earliestCommit(1));
        assertEquals(OptionalLong.empty(), log.earliestCommit(2));
    }

    @Test
    void aTimeMeansTheFirstVersionSinceThen() {
        TableLog log = open(table);
        log.commit(create());

        assertEquals(0, log.firstCommitSince(Instant.EPOCH));
        assertEquals(1, log.firstCommitSince(Instant.parse("9999-01-01T00:00:00Z")));
    }

    @Test
    void aRemovedFileIsNoLongerInTheTable() {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a"), file("b")));
        log.commit(replaceAll(1, file("a").remove(Commits.NOW), file("c")));

        assertEquals(List.of("b", "c"), paths(log.latest().orElseThrow()));
    }

    @Test
    void everyVersionCanBeReadAgain() {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        log.commit(append(1, file("b")));

        assertEquals(List.of(), paths(log.atVersion(0)));
        assertEquals(List.of("a"), paths(log.atVersion(1)));
        assertEquals(List.of("a", "b"), paths(log.atVersion(2)));
    }

    @Test
    void aVersionThatIsNotThereIsAnError() {
        TableLog log = open(table);
        log.commit(create());

        QueryException error = assertThrows(QueryException.class, () -> log.atVersion(7));

        assertEquals(
                "[DELTA_NO_SUCH_VERSION] " + table + " has no version 7: its log holds the versions 0 to 0.",
                error.getMessage());
    }

    @Test
    void aTimeMeansTheVersionThatWasTheNewest() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        log.commit(append(1, file("b")));
        for (int version = 0; version <= 2; version++) {
            Instant written = Instant.parse("2026-11-20T10:00:00Z").plusSeconds(60 * version);
            Files.setLastModifiedTime(commitFile(version), FileTime.from(written));
        }

        assertEquals(1, log.atTime(Instant.parse("2026-11-20T10:01:59Z")).version());
        assertEquals(2, log.atTime(Instant.parse("2026-11-20T10:02:00Z")).version());
        QueryException error =
                assertThrows(QueryException.class, () -> log.atTime(Instant.parse("2026-11-20T09:00:00Z")));
        assertTrue(error.getMessage().startsWith("[DELTA_NO_SUCH_VERSION] " + table), error.getMessage());
    }

    @Test
    void theLastBatchOfAnApplicationIsFound() {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, batch("query-1", 0), file("a")));
        log.commit(append(1, batch("query-2", 9), file("b")));
        log.commit(append(2, batch("query-1", 1), file("c")));

        TableSnapshot snapshot = log.latest().orElseThrow();
        assertEquals(OptionalLong.of(1), snapshot.lastTransaction("query-1"));
        assertEquals(OptionalLong.of(9), snapshot.lastTransaction("query-2"));
        assertEquals(OptionalLong.empty(), snapshot.lastTransaction("query-3"));
    }

    @Test
    void aBlindAppendOnAnOldVersionGoesBehindTheOthers() {
        open(table).commit(create());
        open(table).commit(append(0, file("a")));
        open(table).commit(append(0, file("b")));

        assertEquals(new CommitOutcome.Committed(3), open(table).commit(append(0, file("c"))));
        assertEquals(List.of("a", "b", "c"), paths(open(table).latest().orElseThrow()));
    }

    @Test
    void anAppendConflictsWithAChangedSchema() {
        open(table).commit(create());
        open(table).commit(replaceAll(0, Commits.metadata("day")));

        Conflict conflict = conflict(open(table).commit(append(0, file("a"))));

        assertEquals(Conflict.Kind.METADATA_CHANGED, conflict.kind());
    }

    @Test
    void anOverwriteIsToldWhoAppendedMeanwhile() {
        open(table).commit(create());
        open(table).commit(append(0, file("a")));

        Conflict conflict = conflict(open(table).commit(replaceAll(0, file("b"))));

        String text = conflict.describe();
        assertTrue(text.startsWith("version 1 ('WRITE' by 'test-writer"), text);
        assertTrue(text.endsWith(", mode=Append) added rows: file 'a'"), text);
        assertEquals(List.of("a"), paths(open(table).latest().orElseThrow()));
    }

    @Test
    void theSameApplicationCannotCommitABatchBehindItsOwnBack() {
        open(table).commit(create());
        open(table).commit(append(0, batch("query-1", 0), file("a")));

        Conflict conflict = conflict(open(table).commit(append(0, batch("query-1", 0), file("b"))));

        assertEquals(Conflict.Kind.SAME_APPLICATION, conflict.kind());
        assertEquals("batch 0 of 'query-1'", conflict.subject());
    }

    @Test
    void batchesOfDifferentApplicationsGoTogether() {
        open(table).commit(create());
        open(table).commit(append(0, batch("query-1", 0), file("a")));

        assertEquals(new CommitOutcome.Committed(2), open(table).commit(append(0, batch("query-2", 0), file("b"))));
    }

    @Test
    void aFileIsRemovedOnce() {
        open(table).commit(create());
        open(table).commit(append(0, file("a")));
        Action remove = file("a").remove(Commits.NOW);
        open(table).commit(append(1, remove));

        assertEquals(
                Conflict.Kind.FILE_REMOVED,
                conflict(open(table).commit(append(1, remove))).kind());
    }

    @Test
    void aCompactionGetsInNobodysWayButItsOwnFiles() {
        open(table).commit(create());
        open(table).commit(append(0, file("a")));
        open(table).commit(append(1, compactedAway(file("a")), compacted("big")));

        assertInstanceOf(CommitOutcome.Committed.class, open(table).commit(append(1, file("b"))));
        Conflict conflict = conflict(open(table).commit(replaceAll(1, file("a").remove(Commits.NOW))));
        assertEquals(Conflict.Kind.FILE_REMOVED, conflict.kind());
    }

    @Test
    void manyThreadsAppendAndNothingIsLost() throws InterruptedException, ExecutionException {
        open(table).commit(create());

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int id = writer;
                writers.add(threads.submit(() -> Commits.appendAll(open(table), "writer-" + id, 25)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(100, snapshot.version());
        assertEquals(100, paths(snapshot).stream().distinct().count());
        for (int writer = 0; writer < 4; writer++) {
            assertEquals(OptionalLong.of(24), snapshot.lastTransaction("writer-" + writer));
        }
    }

    @Test
    void aCheckpointStandsInForTheCommitsBeforeIt() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        LongStream.range(0, 6)
                .forEach(i -> log.commit(
                        append(i, batch("query-1", i), fileWithStats("f" + i, "{\"numRecords\":" + i + "}"))));
        log.checkpoint(4);
        log.checkpoint(4);
        for (int version = 0; version <= 3; version++) {
            Files.delete(commitFile(version));
        }

        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(6, snapshot.version());
        assertEquals(List.of("f0", "f1", "f2", "f3", "f4", "f5"), paths(snapshot));
        assertEquals(OptionalLong.of(5), snapshot.lastTransaction("query-1"));
        assertEquals(Commits.metadata(), snapshot.metadata());
        assertTrue(snapshot.files(FileFilter.everything()).stream()
                .allMatch(file -> file.stats().isPresent()));
        QueryException tooOld =
                assertThrows(QueryException.class, () -> open(table).atVersion(3));
        assertTrue(tooOld.getMessage().endsWith("its log holds the versions 4 to 6."), tooOld.getMessage());
    }

    @Test
    void theLogForgetsWhatNoVersionSinceATimeNeeds() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        LongStream.range(0, 8).forEach(i -> log.commit(append(i, file("f" + i))));
        log.checkpoint(2);
        log.checkpoint(5);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int version = 0; version <= 8; version++) {
            Files.setLastModifiedTime(commitFile(version), FileTime.from(start.plus(version, ChronoUnit.DAYS)));
        }

        assertEquals(0, open(table).forgetBefore(start.plus(2, ChronoUnit.DAYS)));
        assertTrue(open(table).forgetBefore(start.plus(5, ChronoUnit.DAYS)) >= 2);
        assertEquals(OptionalLong.of(2), log.earliestCommit(0));
        assertEquals(List.of("f0", "f1", "f2"), paths(open(table).atVersion(3)));

        assertTrue(open(table).forgetBefore(start.plus(100, ChronoUnit.DAYS)) >= 4);
        assertEquals(OptionalLong.of(5), log.earliestCommit(0));
        assertEquals(8, paths(open(table).latest().orElseThrow()).size());
        assertEquals(new CommitOutcome.Committed(9), log.commit(append(8, file("f8"))));
    }

    @Test
    void aWriterWhoseVersionIsCleanedUpStartsAgain() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        LongStream.range(0, 3).forEach(i -> log.commit(append(i, file("f" + i))));
        log.checkpoint(3);
        for (int version = 0; version <= 2; version++) {
            Files.delete(commitFile(version));
        }

        assertEquals(new CommitOutcome.ReadVersionGone(1), log.commit(append(1, file("late"))));
        assertEquals(new CommitOutcome.Committed(4), log.commit(append(3, file("next"))));
        assertEquals(
                List.of("f0", "f1", "f2", "next"), paths(open(table).latest().orElseThrow()));
    }

    @Test
    void aTableReplacedByAnotherIsNoticed() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        assertEquals(List.of("a"), paths(log.latest().orElseThrow()));
        Files.delete(commitFile(0));
        Files.delete(commitFile(1));
        open(table).commit(create("day"));

        assertEquals(new CommitOutcome.ReadVersionGone(1), log.commit(append(1, file("b"))));
        assertEquals(0, log.latest().orElseThrow().version());
    }

    @Test
    void aTornCommitIsReportedWithItsName() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        String text = Files.readString(commitFile(1));
        Files.writeString(commitFile(1), text.substring(0, text.length() - 20));

        CheckpointException error = assertThrows(
                CheckpointException.class, () -> paths(open(table).latest().orElseThrow()));

        assertTrue(
                error.getMessage()
                        .startsWith("[DELTA_LOG_DAMAGED] " + commitFile(1) + ": line 2 is not an action: '{\"add\":"),
                error.getMessage());
        assertTrue(
                error.getMessage()
                        .endsWith("A commit file is never changed once it is written: restore it from a copy, or "
                                + "restore the table to a version before it."),
                error.getMessage());
    }

    @Test
    void anEmptyCommitIsReportedWithItsName() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        Files.writeString(commitFile(1), "");

        CheckpointException error =
                assertThrows(CheckpointException.class, () -> open(table).latest());

        assertTrue(
                error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + commitFile(1) + ": the file is empty."),
                error.getMessage());
    }

    @Test
    void aMissingCommitIsReportedWithItsName() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        LongStream.range(0, 3).forEach(i -> log.commit(append(i, file("f" + i))));
        Files.delete(commitFile(2));

        CheckpointException error =
                assertThrows(CheckpointException.class, () -> open(table).latest());

        assertEquals(
                "[DELTA_LOG_DAMAGED] " + commitFile(2) + " is missing: the log goes up to version 3 and has no "
                        + "gaps by design. Restore the file from a copy.",
                error.getMessage());
    }

    @Test
    void aTornCommitOfAnotherWriterStopsTheAppend() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        Files.writeString(commitFile(1), "{\"commitInfo\":{\"timestamp\":1}}\n{\"add\":{\"path\"");

        CheckpointException error = assertThrows(CheckpointException.class, () -> log.commit(append(0, file("a"))));

        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + commitFile(1)), error.getMessage());
    }

    @Test
    void aDamagedCheckpointIsReportedWithItsName() throws IOException {
        TableLog log = open(table);
        log.commit(create());
        log.commit(append(0, file("a")));
        log.checkpoint(1);
        Path checkpoint = table.resolve("_delta_log/00000000000000000001.checkpoint.parquet");
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, java.util.Arrays.copyOf(bytes, bytes.length - 100));

        CheckpointException error = assertThrows(
                CheckpointException.class, () -> paths(open(table).latest().orElseThrow()));

        assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + checkpoint), error.getMessage());
    }

    // ---- Checkpoints and logs in other forms

    @Test
    void aCheckpointInPartsStandsInForTheCommitsBeforeIt() throws IOException {
        TableLog log = checkpointed();
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, table);
            rewriter.inParts(4, 3);
            rewriter.forgetCommitsBefore(4);
        }

        assertCheckpointed();
        assertEquals(
                new CommitOutcome.Committed(7),
                log.commit(replaceAll(6, file("f0").remove(Commits.NOW), batch("query-1", 6), file("last"))));
        assertEquals(
                List.of("f1", "f2", "f3", "f4", "f5", "last"),
                paths(open(table).latest().orElseThrow()));
        QueryException tooOld =
                assertThrows(QueryException.class, () -> open(table).atVersion(3));
        assertTrue(tooOld.getMessage().endsWith("its log holds the versions 4 to 7."), tooOld.getMessage());
    }

    @Test
    void aCheckpointThatLacksAPartIsPassedOver() throws IOException {
        checkpointed();
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, table);
            Files.delete(rewriter.inParts(4, 3).get(1));
        }
        // Whoever writes parts names their checkpoint last.
        Files.delete(table.resolve("_delta_log/_last_checkpoint"));

        assertCheckpointed();
    }

    @Test
    void aPartThatIsMissedIsReportedWithItsName() throws IOException {
        checkpointed();
        Path missing;
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, table);
            missing = rewriter.inParts(4, 3).get(1);
            Files.delete(missing);
            rewriter.forgetCommitsBefore(4);
        }

        CheckpointException error =
                assertThrows(CheckpointException.class, () -> open(table).latest());

        assertEquals(
                "[DELTA_LOG_DAMAGED] " + missing
                        + " is missing, and so are commits before it: without it the checkpoint "
                        + "of version 4 is not whole. Restore the file from a copy.",
                error.getMessage());
    }

    @Test
    void aDamagedPartIsReportedWithItsName() throws IOException {
        for (int damaged = 0; damaged < 3; damaged++) {
            Path part = damagedPart(damaged);
            CheckpointException error = assertThrows(
                    CheckpointException.class,
                    () -> paths(open(part.getParent().getParent()).latest().orElseThrow()));
            assertTrue(error.getMessage().startsWith("[DELTA_LOG_DAMAGED] " + part), error.getMessage());
        }
    }

    private Path damagedPart(int index) throws IOException {
        Path directory = table.resolve("damaged-" + index);
        checkpointed(directory);
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, directory);
            Path part = rewriter.inParts(4, 3).get(index);
            byte[] bytes = Files.readAllBytes(part);
            return Files.write(part, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        }
    }

    @Test
    void aCompactedLogSaysWhatItsCommitsSay() throws IOException {
        TableLog log = checkpointed();
        log.commit(replaceAll(6, file("f0").remove(Commits.NOW), file("f5").remove(Commits.NOW)));
        log.commit(append(7, batch("query-1", 6), file("f0")));
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, table);
            rewriter.compact(5, 7);
            rewriter.compact(1, 3);
            rewriter.forgetCommitsBefore(4);
        }

        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(List.of("f0", "f1", "f2", "f3", "f4"), paths(snapshot));
        assertEquals(OptionalLong.of(6), snapshot.lastTransaction("query-1"));
        assertEquals(
                List.of("f0", "f1", "f2", "f3", "f4", "f5"), paths(open(table).atVersion(6)));
        assertEquals(new CommitOutcome.Committed(9), log.commit(append(8, file("last"))));
        assertEquals(6, paths(open(table).latest().orElseThrow()).size());
    }

    @Test
    void theLogForgetsPartsAndCompactedLogs() throws IOException {
        TableLog log = checkpointed();
        log.checkpoint(6);
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, table);
            rewriter.inParts(4, 3);
            rewriter.inParts(6, 2);
            rewriter.compact(1, 3);
            rewriter.compact(5, 6);
        }
        log.commit(append(6, file("f6")));
        try (Session session = session()) {
            LogRewriter rewriter = new LogRewriter(session, table);
            rewriter.compact(6, 7);
        }
        Files.delete(table.resolve("_delta_log/00000000000000000006.checkpoint.0000000001.0000000002.parquet"));

        Files.delete(table.resolve("_delta_log/_last_checkpoint"));

        // The checkpoint of version 6 lacks a part: that of version 4 is the last.
        assertEquals(5, open(table).forgetBefore(Instant.now().plus(1, ChronoUnit.DAYS)));
        assertEquals(7, paths(open(table).latest().orElseThrow()).size());

        open(table).checkpoint(7);
        // Commits 4 to 6, three parts of 4, one of 6, and two compacted logs that begin before 7.
        assertEquals(9, open(table).forgetBefore(Instant.now().plus(1, ChronoUnit.DAYS)));
        assertEquals(7, paths(open(table).latest().orElseThrow()).size());
        try (Stream<Path> left = Files.list(table.resolve("_delta_log"))) {
            assertEquals(
                    List.of("00000000000000000007.checkpoint.parquet", "00000000000000000007.json"),
                    left.map(file -> file.getFileName().toString())
                            .filter(name -> !name.startsWith("_"))
                            .sorted()
                            .toList());
        }
    }

    private static Session session() {
        return Session.builder().master("local[1]").getOrCreate();
    }

    /// Six files, one a commit, and a checkpoint of version 4.
    private TableLog checkpointed() {
        return checkpointed(table);
    }

    private TableLog checkpointed(Path directory) {
        TableLog log = open(directory);
        log.commit(create());
        LongStream.range(0, 6)
                .forEach(i -> log.commit(
                        append(i, batch("query-1", i), fileWithStats("f" + i, "{\"numRecords\":" + i + "}"))));
        log.checkpoint(4);
        return log;
    }

    private void assertCheckpointed() {
        TableSnapshot snapshot = open(table).latest().orElseThrow();
        assertEquals(6, snapshot.version());
        assertEquals(List.of("f0", "f1", "f2", "f3", "f4", "f5"), paths(snapshot));
        assertEquals(OptionalLong.of(5), snapshot.lastTransaction("query-1"));
        assertEquals(Commits.metadata(), snapshot.metadata());
        assertTrue(snapshot.files(FileFilter.everything()).stream()
                .allMatch(file -> file.stats().isPresent()));
    }

    protected final Path commitFile(long version) {
        return table.resolve("_delta_log").resolve(String.format("%020d.json", version));
    }

    private static Conflict conflict(CommitOutcome outcome) {
        return assertInstanceOf(CommitOutcome.Conflicted.class, outcome).conflict();
    }
}
