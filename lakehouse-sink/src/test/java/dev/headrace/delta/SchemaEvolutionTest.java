package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameWriter;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables that get new columns, and overwrites of some partitions only.
class SchemaEvolutionTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void anAppendAddsColumnsThatTheTableLacks() throws IOException {
        write("id bigint, name string", RowFactory.create(1L, "a"))
                .mode("append")
                .save(place());
        write("id bigint, name string, more int", RowFactory.create(2L, "b", 7))
                .mode("append")
                .option("mergeSchema", true)
                .save(place());

        assertEquals(List.of("[1,a,null]", "[2,b,7]"), rows());
        assertEquals(rows(), byKernel());
        assertEquals("id BIGINT,name STRING,more INT", table().schema().toDDL().replace(", ", ","));
    }

    @Test
    void withoutTheOptionTheColumnIsNamed() {
        write("id bigint", RowFactory.create(1L)).mode("append").save(place());

        QueryException refused = assertThrows(
                QueryException.class,
                () -> write("id bigint, more int", RowFactory.create(2L, 7))
                        .mode("append")
                        .save(place()));

        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] " + place()
                        + ": the rows to write have a column 'more' ('int'), which the table (id)"
                        + " has not. Drop or rename it, write with option(\"mergeSchema\", true) to add it to the table, or"
                        + " with mode(\"overwrite\") and option(\"overwriteSchema\", true). ",
                refused.getMessage() + (refused.getMessage().endsWith(" ") ? "" : " "));
    }

    @Test
    void anotherTypeIsRefusedStill() {
        write("id bigint", RowFactory.create(1L)).mode("append").save(place());

        QueryException refused = assertThrows(
                QueryException.class,
                () -> write("id string", RowFactory.create("x"))
                        .mode("append")
                        .option("mergeSchema", true)
                        .save(place()));

        assertEquals("DELTA_SCHEMA_MISMATCH", refused.code());
    }

    @Test
    void changesAddColumnsThatTheTableLacks() throws Exception {
        write("id bigint, version bigint", RowFactory.create(1L, 1L), RowFactory.create(2L, 1L))
                .mode("append")
                .save(place());
        ChangeStream changes = new ChangeStream(
                session,
                directory,
                "id bigint, version bigint, name string",
                Changes.keyedBy("id").sequencedBy(col("version")));
        changes.add(1L, 2L, "a").run(java.util.Map.of("mergeSchema", "true"));

        assertEquals(List.of("[1,2,a]", "[2,1,null]"), rows());
        assertEquals(rows(), byKernel());
    }

    // ---- Merges

    private void ordersWithANote() {
        write("id bigint, name string, note string", RowFactory.create(1L, "a", "x"), RowFactory.create(2L, "b", "y"))
                .save(place());
        session.createDataFrame(
                        List.of(RowFactory.create(2L, "bb", 20), RowFactory.create(3L, "c", 30)),
                        StructType.fromDDL("id bigint, name string, more int"))
                .createOrReplaceTempView("changes");
    }

    @Test
    void aMergeAddsColumnsThatTheTableLacksAndLeavesThoseThatTheSourceLacks() throws IOException {
        ordersWithANote();

        DeltaTable.forPath(session, place())
                .as("t")
                .merge(session.table("changes").as("s"), "t.id = s.id")
                .withSchemaEvolution()
                .whenMatched("more > 10")
                .updateAll()
                .whenNotMatched("more > 10")
                .insertAll()
                .execute();

        assertEquals(List.of("[1,a,x,null]", "[2,bb,y,20]", "[3,c,null,30]"), rows());
        assertEquals(rows(), byKernel());
        assertEquals(
                "id BIGINT,name STRING,note STRING,more INT",
                table().schema().toDDL().replace(", ", ","));
    }

    @Test
    void aMergeInSqlAddsOnlyColumnsThatItSets() throws IOException {
        ordersWithANote();
        session.sql("alter table delta.`" + place() + "` set tblproperties ('delta.columnMapping.mode' = 'name',"
                + " 'delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = 'true')");

        session.sql("merge with schema evolution into delta.`" + place() + "` t"
                + " using (select *, true as unused from changes) s on t.id = s.id"
                + " when matched then update set more = s.more + 1"
                + " when not matched then insert (id, t.more) values (s.id, s.more)"
                + " when not matched by source then update set note = 'alone'");

        assertEquals(List.of("[1,a,alone,null]", "[2,b,y,21]", "[3,null,null,30]"), rows());
        assertEquals(rows(), byKernel());
        assertEquals(
                List.of(
                        "[1,a,alone,null,update_postimage]",
                        "[1,a,x,null,update_preimage]",
                        "[2,b,y,21,update_postimage]",
                        "[2,b,y,null,update_preimage]",
                        "[3,null,null,30,insert]"),
                session
                        .sql("select id, name, note, more, _change_type from table_changes_by_path('" + place()
                                + "', 2)")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void aMergeThatChangesNoRowBringsItsColumnsToo() throws IOException {
        ordersWithANote();
        String merge = "into delta.`" + place() + "` t using changes s on t.id = s.id"
                + " when matched and s.id > 9 then update set *";

        session.sql("merge " + merge.replace("set *", "set name = s.name"));
        assertEquals(1, DeltaTable.forPath(session, place()).history().count());
        session.sql("merge with schema evolution " + merge);
        session.sql("merge with schema evolution " + merge);

        assertEquals(List.of("[1,a,x,null]", "[2,b,y,null]"), rows());
        assertEquals(rows(), byKernel());
        assertEquals(2, DeltaTable.forPath(session, place()).history().count());
    }

    @Test
    void aMergeWidensColumnsWhereTheTableAllowsIt() throws IOException {
        write("id int, n int", RowFactory.create(1, 10), RowFactory.create(2, 20))
                .save(place());
        String merge = "merge with schema evolution into delta.`" + place() + "` t"
                + " using (select * from values (2L, 5000000000L), (6000000000L, 3L) as v(id, n)) s on t.id = s.id"
                + " when matched then update set * when not matched then insert *";
        assertThrows(dev.headrace.errors.HeadraceException.class, () -> session.sql(merge));

        session.sql("alter table delta.`" + place() + "` set tblproperties ('delta.enableTypeWidening' = 'true')");
        session.sql(merge);

        assertEquals(List.of("[1,10]", "[2,5000000000]", "[6000000000,3]"), rows());
        assertEquals(rows(), byKernel());
        assertEquals("id BIGINT,n BIGINT", table().schema().toDDL().replace(", ", ","));
    }

    @Test
    void withoutEvolutionAMergeLeavesTheColumnsAndNamesTheOneThatItLacks() {
        ordersWithANote();
        String merge = "into delta.`" + place() + "` t using changes s on t.id = s.id when matched then update set ";

        session.sql("merge with schema evolution " + merge + "name = s.name");
        assertEquals(3, table().columns().length);
        for (String refused :
                List.of("merge " + merge + "more = s.more", "merge with schema evolution " + merge + "most = s.more")) {
            QueryException error = assertThrows(QueryException.class, () -> session.sql(refused));
            assertEquals("DELTA_MERGE_UNRESOLVED_COLUMN", error.code());
        }
    }

    // ---- Overwrites

    @Test
    void aDynamicOverwriteReplacesOnlyPartitionsThatGetRows() throws IOException {
        write("id bigint, day string", RowFactory.create(1L, "mon"), RowFactory.create(2L, "tue"))
                .partitionBy("day")
                .save(place());
        write("id bigint, day string", RowFactory.create(3L, "tue"))
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(place());

        assertEquals(List.of("[1,mon]", "[3,tue]"), rows());
        assertEquals(rows(), byKernel());
    }

    @Test
    void theSessionMakesOverwritesDynamic() throws IOException {
        write("id bigint, day string", RowFactory.create(1L, "mon"), RowFactory.create(2L, "tue"))
                .partitionBy("day")
                .save(place());
        session.conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
        write("id bigint, day string", RowFactory.create(3L, "tue"))
                .mode("overwrite")
                .save(place());

        assertEquals(List.of("[1,mon]", "[3,tue]"), rows());
        session.sql("INSERT OVERWRITE delta.`" + place() + "` SELECT 4L, 'mon'");
        assertEquals(List.of("[3,tue]", "[4,mon]"), rows());
        write("id bigint, day string, more int", RowFactory.create(5L, "wed", 1))
                .mode("overwrite")
                .option("overwriteSchema", true)
                .save(place());
        assertEquals(List.of("[5,wed,1]"), rows());
    }

    /// Nothing lies apart in it: without a row nothing would be replaced.
    @Test
    void aDynamicOverwriteOfATableWithoutPartitionsReplacesAll() throws IOException {
        write("id bigint", RowFactory.create(1L)).save(place());
        write("id bigint")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(place());

        assertEquals(List.of(), rows());
    }

    @Test
    void aDynamicOverwriteKnowsPartitionsHoweverOthersHaveWrittenTheirValues() throws IOException {
        session.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        String nine = "timestamp'2026-06-01 09:00:00' as at";
        session.sql("select 1 as id, " + nine + " union all select 2, timestamp'2026-06-01 10:00:00'")
                .write()
                .format("delta")
                .partitionBy("at")
                .save(place());
        Path commit = Path.of(place(), "_delta_log", "00000000000000000000.json");
        String ours = "\"at\":\"2026-06-01T07:00:00.000000Z\"";
        assertTrue(Files.readString(commit).contains(ours));
        Files.writeString(commit, Files.readString(commit).replace(ours, "\"at\":\"2026-06-01 09:00:00\""));

        session.sql("select 3 as id, " + nine)
                .write()
                .format("delta")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(place());

        assertEquals(
                List.of("[2]", "[3]"),
                table().select("id").orderBy("id").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
    }

    @Test
    void anOverwriteCanReplaceTheRowsOfACondition() throws IOException {
        write(
                        "id bigint, day string",
                        RowFactory.create(1L, "mon"),
                        RowFactory.create(2L, "tue"),
                        RowFactory.create(9L, "tue"))
                .save(place());
        write("id bigint, day string", RowFactory.create(3L, "tue"), RowFactory.create(4L, "tue"))
                .mode("overwrite")
                .option("replaceWhere", "day = 'tue' and id < 5")
                .save(place());

        assertEquals(List.of("[1,mon]", "[3,tue]", "[4,tue]", "[9,tue]"), rows());
        assertEquals(rows(), byKernel());
    }

    @Test
    void rowsOutsideTheConditionAreRefused() {
        write("id bigint, day string", RowFactory.create(1L, "mon")).save(place());

        dev.headrace.errors.DataException outside = assertThrows(
                dev.headrace.errors.DataException.class,
                () -> write("id bigint, day string", RowFactory.create(3L, "wed"))
                        .mode("overwrite")
                        .option("replaceWhere", "day = 'tue'")
                        .save(place()));

        assertEquals(
                "[DELTA_REPLACE_WHERE_MISMATCH] " + place()
                        + ": the row (id=3, day=wed) to write does not satisfy replaceWhere 'day = 'tue'', so the next"
                        + " overwrite of these rows would not find it. Filter such rows out, or widen the condition.",
                outside.getMessage());
        assertEquals(List.of("[1,mon]"), rows());
    }

    private String place() {
        return directory.resolve("table").toString();
    }

    private DataFrame table() {
        return session.read().format("delta").load(place());
    }

    private DataFrameWriter write(String schema, Row... rows) {
        return session.createDataFrame(List.of(rows), StructType.fromDDL(schema))
                .write()
                .format("delta");
    }

    private List<String> rows() {
        return table().collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private List<String> byKernel() throws IOException {
        return KernelReader.read(directory.resolve("table")).stream()
                .map(row -> row.toString().replace(", ", ","))
                .sorted()
                .toList();
    }
}
