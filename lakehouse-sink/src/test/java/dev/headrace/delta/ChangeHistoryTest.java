package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.streaming.Changes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes landed in a table that holds every version of each row.
class ChangeHistoryTest {
    private static final Changes CHANGES = Changes.keyedBy("id")
            .sequencedBy(col("version"))
            .deletedWhere(col("op").equalTo("d"))
            .truncatedWhere(col("op").equalTo("t"))
            .without("op", "version")
            .keepingHistory();

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private ChangeStream changes() {
        return new ChangeStream(session, directory, "op string, version bigint, id bigint, name string", CHANGES);
    }

    @Test
    void eachVersionIsValidUntilTheNext() throws Exception {
        ChangeStream changes = changes().add("c", 1L, 7L, "a").run();
        changes.add("u", 4L, 7L, "b").run();

        assertEquals(List.of("[7,a,1,4,false]", "[7,b,4,null,true]"), changes.rows());
        assertEquals(changes.rows(), changes.rowsByKernel());
    }

    @Test
    void aDeletionEndsTheCurrentVersion() throws Exception {
        ChangeStream changes = changes().add("c", 1L, 7L, "a").run();
        changes.add("d", 4L, 7L, null).run();

        assertEquals(List.of("[7,a,1,4,false]"), changes.rows());
    }

    @Test
    void aVersionThatComesLateTakesItsPlace() throws Exception {
        ChangeStream changes =
                changes().add("c", 1L, 7L, "a").add("u", 9L, 7L, "c").run();
        changes.add("u", 5L, 7L, "b").run();

        assertEquals(List.of("[7,a,1,5,false]", "[7,b,5,9,false]", "[7,c,9,null,true]"), changes.rows());
    }

    @Test
    void aVersionFromBeforeADeletionThatCameFirstEndsThere() throws Exception {
        ChangeStream changes = changes().add("d", 5L, 7L, null).run();
        changes.add("c", 3L, 7L, "a").run();

        assertEquals(List.of("[7,a,3,5,false]"), changes.rows());
    }

    @Test
    void changesThatComeTwiceChangeNothing() throws Exception {
        ChangeStream changes = changes();
        for (int time = 0; time < 2; time++) {
            changes.add("c", 1L, 7L, "a")
                    .add("u", 2L, 7L, "b")
                    .add("d", 3L, 7L, null)
                    .run();
        }

        assertEquals(List.of("[7,a,1,2,false]", "[7,b,2,3,false]"), changes.rows());
    }

    @Test
    void ofVersionsWithTheSameSequenceTheOneThatComesLastCounts() throws Exception {
        ChangeStream changes = changes()
                .add("c", 1L, 7L, "a")
                .add("u", 2L, 7L, "b")
                .add("u", 2L, 7L, "c")
                .run(3);
        assertEquals(List.of("[7,a,1,2,false]", "[7,c,2,null,true]"), changes.rows());
    }

    @Test
    void aTruncationEndsAllCurrentVersions() throws Exception {
        ChangeStream changes =
                changes().add("c", 1L, 7L, "a").add("c", 6L, 8L, "later").run();
        changes.add("t", 5L, null, null).run();

        assertEquals(List.of("[7,a,1,5,false]", "[8,later,6,null,true]"), changes.rows());
    }

    @Test
    void aBatchThatWasCommittedJustBeforeTheQueryDiedIsAppliedOnce() throws Exception {
        ChangeStream changes =
                changes().add("c", 1L, 7L, "a").add("u", 2L, 7L, "b").run();
        long version =
                new KernelTableLog(changes.table()).latest().orElseThrow().version();

        changes.forgetLastCommit();
        changes.run();

        assertEquals(
                version,
                new KernelTableLog(changes.table()).latest().orElseThrow().version());
        assertEquals(List.of("[7,a,1,2,false]", "[7,b,2,null,true]"), changes.rows());
    }
}
