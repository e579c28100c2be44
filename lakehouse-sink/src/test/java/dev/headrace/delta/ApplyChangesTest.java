package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.StreamingQueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes landed in a table that holds what rows are now.
class ApplyChangesTest {
    private static final String SCHEMA = "op string, version bigint, id bigint, name string, amount int";
    private static final Changes CHANGES = Changes.keyedBy("id")
            .sequencedBy(col("version"))
            .deletedWhere(col("op").equalTo("d"))
            .truncatedWhere(col("op").equalTo("t"))
            .without("op");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private ChangeStream changes() {
        return new ChangeStream(session, directory, SCHEMA, CHANGES);
    }

    @Test
    void insertsUpdatesAndDeletesBecomeATable() throws Exception {
        ChangeStream changes = changes()
                .add("c", 1L, 1L, "ann", 10)
                .add("c", 1L, 2L, "bob", 20)
                .add("c", 1L, 3L, "cid", 30)
                .run();
        changes.add("u", 2L, 1L, "anna", 11).add("d", 2L, 2L, null, null).run();

        assertEquals(List.of("[2,1,anna,11]", "[1,3,cid,30]").stream().sorted().toList(), changes.rows());
        assertEquals(changes.rows(), changes.rowsByKernel());
    }

    @Test
    void theLatestChangeOfAKeyInABatchCounts() throws Exception {
        ChangeStream changes = changes()
                .add("u", 3L, 1L, "third", 3)
                .add("c", 1L, 1L, "first", 1)
                .add("u", 2L, 1L, "second", 2)
                .run();

        assertEquals(List.of("[3,1,third,3]"), changes.rows());
    }

    @Test
    void insertDeleteInsertInOneBatchEndsWithTheRow() throws Exception {
        ChangeStream changes = changes()
                .add("c", 1L, 1L, "a", 1)
                .add("d", 2L, 1L, null, null)
                .add("c", 3L, 1L, "b", 2)
                .run();

        assertEquals(List.of("[3,1,b,2]"), changes.rows());
    }

    @Test
    void aChangeThatComesLateDoesNotOverwriteNewerState() throws Exception {
        ChangeStream changes = changes().add("u", 5L, 1L, "new", 5).run();
        changes.add("u", 4L, 1L, "old", 4).run();

        assertEquals(List.of("[5,1,new,5]"), changes.rows());
    }

    @Test
    void anUpdateThatComesLateDoesNotReviveADeletedRow() throws Exception {
        ChangeStream changes = changes().add("c", 1L, 1L, "a", 1).run();
        changes.add("d", 3L, 1L, null, null).run();
        changes.add("u", 2L, 1L, "late", 2).run();

        assertEquals(List.of(), changes.rows());
    }

    @Test
    void aDeletionThatComesBeforeItsInsertIsRememberedOverRestarts() throws Exception {
        ChangeStream changes = changes().add("d", 3L, 1L, null, null).run();
        changes.add("c", 1L, 1L, "late", 1).run();
        assertEquals(List.of(), changes.rows());

        changes.add("c", 4L, 1L, "new", 4).run();

        assertEquals(List.of("[4,1,new,4]"), changes.rows());
    }

    @Test
    void aDeletionThatComesLateLeavesTheNewerRow() throws Exception {
        ChangeStream changes = changes().add("c", 4L, 1L, "new", 4).run();
        changes.add("d", 3L, 1L, null, null).run();

        assertEquals(List.of("[4,1,new,4]"), changes.rows());
    }

    @Test
    void changesThatComeTwiceCountOnce() throws Exception {
        ChangeStream changes = changes();
        for (int time = 0; time < 2; time++) {
            changes.add("c", 1L, 1L, "a", 1).add("u", 2L, 1L, "b", 2).run();
        }

        assertEquals(List.of("[2,1,b,2]"), changes.rows());
    }

    @Test
    void ofChangesWithTheSameSequenceTheOneThatComesLastCounts() throws Exception {
        ChangeStream changes =
                changes().add("u", 1L, 1L, "a", 1).add("u", 1L, 1L, "b", 2).run();
        assertEquals(List.of("[1,1,b,2]"), changes.rows());

        changes.add("u", 1L, 1L, "c", 3).run();
        assertEquals(List.of("[1,1,c,3]"), changes.rows());
    }

    @Test
    void aTruncationRemovesWhatIsOlderAndKeepsWhatIsNewer() throws Exception {
        ChangeStream changes =
                changes().add("c", 1L, 1L, "a", 1).add("c", 5L, 2L, "newer", 5).run();
        changes.add("t", 3L, null, null, null).add("c", 4L, 3L, "after", 4).run();
        changes.add("c", 2L, 4L, "before", 2).run();

        assertEquals(List.of("[4,3,after,4]", "[5,2,newer,5]"), changes.rows());
    }

    @Test
    void aNullInAnUpdateCanLeaveTheColumnAsItWas() throws Exception {
        ChangeStream changes = new ChangeStream(session, directory, SCHEMA, CHANGES.ignoringNullUpdates())
                .add("c", 1L, 1L, "a", 1)
                .add("c", 1L, 2L, "b", 2)
                .run();
        changes.add("u", 2L, 1L, null, 11)
                .add("u", 3L, 2L, "bb", null)
                .add("u", 2L, 2L, null, 22)
                .add("c", 1L, 3L, "c", null)
                .run();

        assertEquals(List.of("[1,3,c,null]", "[2,1,a,11]", "[3,2,bb,22]"), changes.rows());
    }

    @Test
    void aSequenceThatIsNoColumnGetsOne() throws Exception {
        Changes bySum = Changes.keyedBy("id")
                .sequencedBy(col("version").multiply(10))
                .without("op", "version")
                .sequenceColumn("seq");
        ChangeStream changes = new ChangeStream(session, directory, SCHEMA, bySum)
                .add("c", 1L, 1L, "a", 1)
                .run();

        assertEquals(List.of("[1,a,1,10]"), changes.rows("id", "name", "amount", "seq"));
    }

    @Test
    void aKeyOfSeveralColumnsIdentifiesARow() throws Exception {
        Changes byBoth =
                Changes.keyedBy("id", "name").sequencedBy(col("version")).without("op");
        ChangeStream changes = new ChangeStream(session, directory, SCHEMA, byBoth)
                .add("c", 1L, 1L, "a", 1)
                .add("c", 1L, 1L, "b", 2)
                .run();
        changes.add("u", 2L, 1L, "a", 3).run();

        assertEquals(List.of("[1,1,b,2]", "[2,1,a,3]"), changes.rows());
    }

    @Test
    void aBatchThatWasCommittedJustBeforeTheQueryDiedIsAppliedOnce() throws Exception {
        ChangeStream changes = changes().add("c", 1L, 1L, "a", 1).run();
        changes.add("d", 2L, 1L, null, null).add("c", 2L, 2L, "b", 2).run();
        long version = version(changes);

        changes.forgetLastCommit();
        changes.run();
        assertEquals(version, version(changes));
        assertEquals(List.of("[2,2,b,2]"), changes.rows());

        changes.add("u", 1L, 1L, "late", 1).run();
        assertEquals(List.of("[2,2,b,2]"), changes.rows());
    }

    @Test
    void aQueryThatBeginsAnewWithoutItsCheckpointEndsWithTheSameTable() throws Exception {
        ChangeStream changes = changes()
                .add("c", 1L, 1L, "a", 1)
                .add("u", 2L, 1L, "b", 2)
                .add("c", 3L, 2L, "gone", 3)
                .run(1);
        changes.add("d", 4L, 2L, null, null).run();
        List<String> before = changes.rows();
        try (Stream<Path> files = Files.walk(changes.checkpoint())) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        changes.run(1);

        assertEquals(List.of("[2,1,b,2]"), before);
        assertEquals(before, changes.rows());
        assertEquals(before, changes.rowsByKernel());
    }

    @Test
    void tombstonesOfABatchThatWasNeverCommittedDoNotCount() throws Exception {
        ChangeStream changes = changes().add("d", 5L, 1L, null, null).run();
        Path own = tombstones(changes).getFirst();
        Path ofNobody = own.getParent().resolveSibling("another-query").resolve(own.getFileName());
        Files.createDirectories(ofNobody.getParent());
        Files.move(own, ofNobody);

        changes.add("c", 1L, 1L, "a", 1).run();

        assertEquals(List.of("[1,1,a,1]"), changes.rows());
    }

    @Test
    void manyTombstoneFilesBecomeOne() throws Exception {
        ChangeStream changes = changes();
        for (long i = 0; i < 70; i++) {
            changes.add("d", 5L, i, null, null);
        }
        changes.run(1);
        assertTrue(tombstones(changes).size() < 10, () -> "" + silently(changes));

        for (long i = 0; i < 70; i++) {
            changes.add("c", 4L, i, "late", 1);
        }
        changes.run();

        assertEquals(List.of(), changes.rows());
    }

    @Test
    void theNumberOfFilesStaysBounded() throws Exception {
        ChangeStream changes = changes();
        for (long i = 0; i < 100; i++) {
            changes.add("c", i, i, "name " + i, 1);
        }
        changes.run(2);

        int files = new KernelTableLog(changes.table())
                .latest()
                .orElseThrow()
                .files(FileFilter.everything())
                .size();
        assertTrue(files <= 20, files + " files");
        assertEquals(100, changes.rows().size());
    }

    @Test
    void aTableCanBePartitioned() throws Exception {
        session.createDataFrame(
                        List.of(),
                        dev.headrace.types.StructType.fromDDL("version bigint, id bigint, name string, amount int"))
                .write()
                .format("delta")
                .partitionBy("name")
                .save(directory.resolve("table").toString());
        ChangeStream changes =
                changes().add("c", 1L, 1L, "a", 1).add("c", 1L, 2L, "b", 2).run();
        changes.add("u", 2L, 1L, "b", 3).run();

        assertEquals(List.of("[1,2,b,2]", "[2,1,b,3]"), changes.rows());
    }

    @Test
    void aChangeWithoutAKeyIsAnErrorThatShowsIt() {
        ChangeStream changes = changes().add("c", 7L, null, "a", 1);

        HeadraceException error = failure(changes);

        assertEquals(
                "[CHANGES_NULL_KEY] " + changes.table()
                        + ", batch 0: the change (id=null, sequence=7) has a null in the key column 'id', so it is not clear"
                        + " which row it means. Choose key columns that are never null, or filter such rows out. A Debezium"
                        + " source must send the old key with deletes (REPLICA IDENTITY).",
                error.getMessage());
    }

    @Test
    void aChangeWithoutASequenceIsAnErrorThatShowsIt() {
        ChangeStream changes = changes().add("c", null, 1L, "a", 1);

        HeadraceException error = failure(changes);

        assertEquals(
                "[CHANGES_NULL_SEQUENCE] " + changes.table()
                        + ", batch 0: the change (id=1, sequence=null) has no sequence, so it can't be said whether it is newer"
                        + " than what the table has. Give sequencedBy(…) a column that is never null, or filter such rows out.",
                error.getMessage());
    }

    @Test
    void aTableThatLacksAColumnSaysWhich() {
        session.createDataFrame(
                        List.of(), dev.headrace.types.StructType.fromDDL("id bigint, version bigint, name string"))
                .write()
                .format("delta")
                .save(directory.resolve("table").toString());

        QueryException mismatch =
                assertThrows(QueryException.class, () -> changes().run());

        assertEquals("DELTA_SCHEMA_MISMATCH", mismatch.code());
        assertTrue(mismatch.getMessage().contains("column 'amount'"), mismatch.getMessage());
    }

    @Test
    void aKeyThatIsNoColumnIsRefusedWithASuggestion() {
        QueryException unresolved = assertThrows(
                QueryException.class,
                () -> new ChangeStream(
                                session,
                                directory,
                                SCHEMA,
                                Changes.keyedBy("nmae").sequencedBy(col("version")))
                        .run());

        assertEquals(
                "[UNRESOLVED_COLUMN] applyChanges(…): the key column 'nmae' is not a column of the rows (op, version, id, name,"
                        + " amount). Did you mean 'name'?",
                unresolved.getMessage());
    }

    @Test
    void changesWithoutASequenceAreRefused() {
        QueryException without = assertThrows(
                QueryException.class, () -> new ChangeStream(session, directory, SCHEMA, Changes.keyedBy("id")).run());

        assertEquals("CHANGES_WITHOUT_SEQUENCE", without.code());
    }

    private static HeadraceException failure(ChangeStream changes) {
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, changes::run);
        Throwable cause = failed;
        while (!(cause instanceof HeadraceException)) {
            cause = cause.getCause();
        }
        return (HeadraceException) cause;
    }

    private static long version(ChangeStream changes) {
        return new KernelTableLog(changes.table()).latest().orElseThrow().version();
    }

    private static List<Path> tombstones(ChangeStream changes) throws IOException {
        try (Stream<Path> files = Files.walk(changes.table().resolve("_headrace"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Object silently(ChangeStream changes) {
        try {
            return tombstones(changes);
        } catch (IOException unreadable) {
            return unreadable;
        }
    }

    @Test
    void nothingIsCommittedForChangesThatAreAllLate() throws TimeoutException {
        ChangeStream changes = changes().add("u", 5L, 1L, "new", 5).run();
        long version = version(changes);

        changes.add("u", 4L, 1L, "old", 4).run();

        assertEquals(version, version(changes));
    }
}
