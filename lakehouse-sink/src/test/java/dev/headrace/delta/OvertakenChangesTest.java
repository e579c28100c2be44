package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.api.java.UDF1;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableLog;
import dev.headrace.errors.UnavailableException;
import dev.headrace.functions;
import dev.headrace.types.DataTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which commits of others make a change begin again: by the partitions and files that both touch.
class OvertakenChangesTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[1]").getOrCreate();

    @BeforeEach
    void aTableWithTwoPartitionsOfTwoFiles() {
        for (String rows :
                List.of("(1, 'mon'), (2, 'mon')", "(11, 'mon'), (12, 'mon')", "(21, 'tue')", "(31, 'tue')")) {
            session.sql("select * from values " + rows + " as t(id, day)")
                    .write()
                    .format("delta")
                    .mode("append")
                    .partitionBy("day")
                    .save(place());
        }
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void changesOfOtherPartitionsAreNotInTheWay() {
        assertEquals(1, attemptsOfDelete("day = 'mon'", "delete from T where day = 'tue'"));
        assertRows();
    }

    @Test
    void changesOfOtherFilesOfAPartitionAreNotInTheWay() {
        assertEquals(1, attemptsOfDelete("day = 'mon' and id = 1", "delete from T where id = 12"));
        assertRows("[11,mon]", "[2,mon]", "[21,tue]", "[31,tue]");
    }

    @Test
    void changesOfTheSameFileAreSeen() {
        assertEquals(2, attemptsOfDelete("id = 1", "update T set id = 3 where id = 2"));
        assertRows("[11,mon]", "[12,mon]", "[21,tue]", "[3,mon]", "[31,tue]");
    }

    @Test
    void rowsThatCouldHaveBeenChangedTooAreSeen() {
        assertEquals(2, attemptsOfDelete("day = 'mon' and id < 10", "insert into T values (5, 'mon')"));
        assertRows("[11,mon]", "[12,mon]", "[21,tue]", "[31,tue]");
    }

    @Test
    void rowsOfAnotherPartitionOrRangeAreNotInTheWay() {
        assertEquals(1, attemptsOfDelete("day = 'mon' and id < 10", "insert into T values (5, 'tue'), (15, 'mon')"));
        assertRows("[11,mon]", "[12,mon]", "[15,mon]", "[21,tue]", "[31,tue]", "[5,tue]");
    }

    @Test
    void aFileThatGoesThoughItWasReadIsSeen() {
        // What is deleted does not depend on the rows of the second file, but it might have had some.
        assertEquals(2, attemptsOfDelete("id < 12", "delete from T where id = 12"));
        assertRows("[21,tue]", "[31,tue]");
    }

    @Test
    void deletionVectorsOfOneFileMakeOneChangeWait() {
        session.sql(in("alter table T set tblproperties ('delta.enableDeletionVectors' = 'true')"));
        session.sql("select cast(id as int) as id, 'wed' as day from range(100, 200)")
                .write()
                .format("delta")
                .mode("append")
                .save(place());

        assertEquals(2, attemptsOfDelete("id = 101", "delete from T where id = 102"));
        assertEquals(
                98,
                session.read()
                        .format("delta")
                        .load(place())
                        .where("day = 'wed'")
                        .count());
    }

    @Test
    void rowsThatASubqueryHasReadAreSeen() {
        String newest = "day = 'tue' and id = (select max(id) from " + in("T") + ")";

        UnavailableException overtaken = assertThrows(
                UnavailableException.class, () -> attemptsOfDelete(newest, "insert into T values (100, 'wed')"));

        assertEquals("DELTA_CONCURRENT_CHANGE", overtaken.code());
        assertTrue(overtaken.getMessage().contains("in a subquery"), overtaken.getMessage());
        assertRows("[1,mon]", "[100,wed]", "[11,mon]", "[12,mon]", "[2,mon]", "[21,tue]", "[31,tue]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "using (select whileRead(max(id)) as newest from T) s on t.id = s.newest when matched then delete",
                "using S on t.id = s.id and s.id not in (select id from T where day = 'wed') when matched then delete",
                "using S on t.id = s.id when matched and s.id < (select max(id) from T) then delete",
                "using S on t.id = s.id when matched then update set id = (select max(id) from T) + 1",
                "using S on t.id = s.id when not matched and not exists"
                        + " (select * from T as o where o.day = 'wed' and o.id = s.id) then insert *",
                "using S on t.id = s.id when not matched then insert (id, day)"
                        + " values ((select max(id) from T) + 1, s.day)",
                "using S on t.id = s.id when not matched by source and t.day = 'tue'"
                        + " and t.id in (select min(id) from T where day = 'tue') then delete"
            })
    void rowsThatComeWhileAMergeReadsTheTableApartAreSeen(String merge) {
        registerWhileRead();
        String source = "(select whileRead(id) as id, day from values (1, 'mon'), (3, 'mon') t(id, day)) s";

        UnavailableException overtaken = assertThrows(
                UnavailableException.class,
                () -> session.sql(in("merge into T as t " + merge.replace("using S", "using " + source))));

        assertEquals("DELTA_CONCURRENT_CHANGE", overtaken.code());
        assertTrue(overtaken.getMessage().contains("has also read the table"), overtaken.getMessage());
    }

    @Test
    void rowsThatNoSubqueryOfAMergeHasReadAreNotInTheWay() {
        registerWhileRead();

        session.sql(in("merge into T as t using (select whileRead(1) as id, 'mon' as day) s"
                + " on t.id = s.id and s.day in (select * from values ('mon') days(day)) and t.day = 'mon'"
                + " when matched then delete"));

        assertEquals(
                5, new KernelTableLog(Path.of(place())).latest().orElseThrow().version());
    }

    /// A function that adds a file to the table when it is called first.
    private void registerWhileRead() {
        AtomicBoolean called = new AtomicBoolean();
        session.udf()
                .register(
                        "whileRead",
                        (UDF1<Integer, Integer>) id -> {
                            if (!called.getAndSet(true)) {
                                addFile();
                            }
                            return id;
                        },
                        DataTypes.IntegerType);
    }

    /// A commit of another writer, of a file that nobody reads.
    private void addFile() {
        TableLog log = new KernelTableLog(Path.of(place()));
        CommitInfo info = new CommitInfo(
                0, "test", Map.of(), OptionalLong.empty(), true, Map.of(), Optional.empty(), Optional.of("other"));
        AddFile file =
                new AddFile("more.parquet", Map.of("day", "wed"), 1, 0, true, Optional.empty(), Optional.empty());
        log.commit(new Commit(log.latest().orElseThrow().version(), new ReadSet.Nothing(), info, List.of(file)));
    }

    /// Deletes rows while another writer does something, once, between the look at the table and the commit.
    private int attemptsOfDelete(String condition, String other) {
        DeltaTable table = DeltaTable.forPath(session, place());
        RowUpdate update = new RowUpdate(table, table.toDF(), Clause.delete(Optional.of(functions.expr(condition))));
        int[] attempts = {0};
        try (TableTarget target = table.openForChange()) {
            new RowChange(target, "DELETE", Map.of(), Optional.empty()).run(base -> {
                RowChange.Attempt attempt = update.attempt(base);
                if (attempts[0]++ == 0) {
                    session.sql(in(other));
                }
                return attempt;
            });
        }
        return attempts[0];
    }

    private String in(String statement) {
        return statement.replaceAll("\\bT\\b", "delta.`" + place() + "`");
    }

    private String place() {
        return directory.resolve("table").toString();
    }

    private void assertRows(String... rows) {
        assertEquals(
                List.of(rows),
                session.read().format("delta").load(place()).collectAsList().stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
    }
}
