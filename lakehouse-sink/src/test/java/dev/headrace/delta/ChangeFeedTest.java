package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The change data feed: which rows each version of a table changed.
class ChangeFeedTest {
    private static final StructType SCHEMA = StructType.fromDDL("id bigint, version bigint, name string");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void theFeedTellsInsertsUpdatesAndDeletes() throws IOException {
        create();
        append(row(1, "a"), row(2, "b"), row(3, "c"));
        table().update(col("id").equalTo(1), Map.of("name", lit("aa")));
        table().delete(col("id").equalTo(2));
        table().as("t")
                .merge(frame(row(3, "cc"), row(4, "d")).as("s"), col("t.id").equalTo(col("s.id")))
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertEquals(
                List.of(
                        "[1,a,insert,1]",
                        "[1,a,update_preimage,2]",
                        "[1,aa,update_postimage,2]",
                        "[2,b,delete,3]",
                        "[2,b,insert,1]",
                        "[3,c,insert,1]",
                        "[3,c,update_preimage,4]",
                        "[3,cc,update_postimage,4]",
                        "[4,d,insert,4]"),
                changes(Map.of("startingVersion", "1")));
        assertEquals(List.of("[2,b,delete,3]"), changes(Map.of("startingVersion", "3", "endingVersion", "3")));
        assertEquals(3, KernelReader.read(place()).size());
    }

    @Test
    void aTableThatIsEmptiedAsAWholeTellsItsRows() throws IOException {
        create();
        append(row(1, "a"), row(2, "b"));
        table().delete();

        assertEquals(List.of("[1,a,delete,2]", "[2,b,delete,2]"), changes(Map.of("startingVersion", "2")));
    }

    @Test
    void aCompactionTellsNothing() throws IOException {
        create();
        append(row(1, "a"));
        append(row(2, "b"));
        table().optimize().executeCompaction();

        assertEquals(List.of(), changes(Map.of("startingVersion", "3")));
    }

    @Test
    void appliedChangesAreInTheFeed() throws Exception {
        create();
        ChangeStream stream = new ChangeStream(
                session,
                directory,
                "op string, id bigint, version bigint, name string",
                Changes.keyedBy("id")
                        .sequencedBy(col("version"))
                        .deletedWhere(col("op").equalTo("d"))
                        .without("op"));
        stream.add("c", 1L, 1L, "a").add("c", 2L, 1L, "b").run();
        stream.add("u", 1L, 2L, "aa")
                .add("d", 2L, 2L, null)
                .add("c", 3L, 2L, "c")
                .run();

        assertEquals(
                List.of(
                        "[1,a,insert,1]",
                        "[1,a,update_preimage,2]",
                        "[1,aa,update_postimage,2]",
                        "[2,b,delete,2]",
                        "[2,b,insert,1]",
                        "[3,c,insert,2]"),
                changes(Map.of("startingVersion", "1")));
    }

    @Test
    void theFeedCanBeReadAsAStream() throws Exception {
        create();
        append(row(1, "a"), row(2, "b"));
        stream();
        table().update(col("id").equalTo(1), Map.of("name", lit("aa")));
        stream();

        List<String> rows = session
                .read()
                .format("delta")
                .load(directory.resolve("copy").toString())
                .select("id", "name", "_change_type", "_commit_version")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .sorted()
                .toList();
        assertEquals(
                List.of("[1,a,insert,1]", "[1,a,update_preimage,2]", "[1,aa,update_postimage,2]", "[2,b,insert,1]"),
                rows);
    }

    @Test
    void aTableWithoutAFeedSaysHowToGetOne() {
        append(row(1, "a"));

        QueryException disabled = assertThrows(QueryException.class, () -> changes(Map.of("startingVersion", "0")));

        assertEquals(
                "[DELTA_CHANGE_FEED_DISABLED] " + place()
                        + ": the table has no change data feed in version 0. Set its property"
                        + " delta.enableChangeDataFeed=true and read from a later version on, or set"
                        + " option(\"deriveChanges\", true): rows that a commit has copied into other files are deleted and"
                        + " inserted again then.",
                disabled.getMessage());
    }

    @Test
    void changesOfColumnsThatAreOthersNowAreRefused() {
        String t = "delta.`" + place() + "`";
        session.sql("create table " + t + " (id int, name string) using delta tblproperties"
                + " ('delta.columnMapping.mode' = 'name', 'delta.enableChangeDataFeed' = 'true')");
        session.sql("insert into " + t + " values (1, 'a')");
        session.sql("select 2 as id, 'b' as name, 3 as more")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .save(place().toString());
        String changes = "select id, name, _change_type from table_changes_by_path('" + place() + "', 0)";
        assertEquals(
                List.of("[1,a,delete]", "[1,a,insert]", "[2,b,insert]"),
                session.sql(changes).collectAsList().stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
        session.sql("select 'three' as id, 'c' as name")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .save(place().toString());

        QueryException refused =
                assertThrows(QueryException.class, () -> session.sql(changes).collectAsList());
        String text = "[DELTA_CHANGE_FEED_SCHEMA_CHANGED] " + place()
                + ": version 0 of the table has a column 'id' that is another one in its files, so its changes can't be told"
                + " as rows that the table has now. Read from a later version on.";
        assertTrue(refused.getMessage().startsWith(text), refused.getMessage());
    }

    @Test
    void fieldsOfStructsComeAndGoAsColumnsDo() {
        String t = "delta.`" + place() + "`";
        session.sql("create table " + t + " (s struct<x: int, gone: int>, list array<struct<x: int>>,"
                + " map map<string, struct<x: int>>) using delta tblproperties"
                + " ('delta.enableChangeDataFeed' = 'true')");
        session.sql("insert into " + t + " select named_struct('x', 1, 'gone', 0), array(named_struct('x', 1)),"
                + " map('k', named_struct('x', 1))");
        String later = "named_struct('x', 2L, 'y', 3)";
        session.sql("select " + later + " as s, array(" + later + ") as list, map('k', " + later + ") as map")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .save(place().toString());
        assertEquals(
                List.of(
                        "[[1,null],[[1,null]],{k=[1,null]},delete]",
                        "[[1,null],[[1,null]],{k=[1,null]},insert]",
                        "[[2,3],[[2,3]],{k=[2,3]},insert]"),
                session
                        .sql("select s, list, map, _change_type from table_changes_by_path('" + place() + "', 0)")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void withoutAFeedChangesFollowFromTheFiles() {
        append(row(1, "a"), row(2, "b"));
        table().update(col("id").equalTo(1), Map.of("name", lit("aa")));
        table().delete();

        assertEquals(
                List.of(
                        "[1,a,delete,1]",
                        "[1,a,insert,0]",
                        "[1,aa,delete,2]",
                        "[1,aa,insert,1]",
                        "[2,b,delete,1]",
                        "[2,b,delete,2]",
                        "[2,b,insert,0]",
                        "[2,b,insert,1]"),
                changes(Map.of("startingVersion", "0", "deriveChanges", "true")));
    }

    @Test
    void changesThatAreDerivedKeepAnotherTableAlike() throws Exception {
        session.sql("create table delta.`" + place()
                + "` (id bigint, version bigint, name string) using delta tblproperties"
                + " ('delta.enableDeletionVectors' = 'true')");
        append(rows(0, 40));
        follow();
        table().update(col("id").equalTo(1), Map.of("name", lit("aa")));
        table().delete(col("id").equalTo(2));
        follow();
        append(rows(40, 45));
        table().optimize().executeCompaction();
        table().update(col("id").mod(3).equalTo(0), Map.of("name", lit("many")));
        follow();

        assertEquals(rowsOf(place()), rowsOf(directory.resolve("follower")));
    }

    private static Row[] rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> row(id, "n" + id)).toArray(Row[]::new);
    }

    private List<String> rowsOf(Path table) {
        return session.read().format("delta").load(table.toString()).select("id", "name").collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    /// Applies what the table's commits have changed to another table.
    private void follow() throws Exception {
        session.readStream()
                .format("delta")
                .option("readChangeFeed", true)
                .option("deriveChanges", true)
                .load(place().toString())
                .writeStream()
                .format("delta")
                .applyChanges(Changes.keyedBy("id")
                        .sequencedBy(col("_commit_version"))
                        .deletedWhere(col("_change_type").equalTo("delete"))
                        .without("_change_type", "_commit_timestamp"))
                .option("checkpointLocation", directory.resolve("following").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("follower").toString())
                .awaitTermination();
    }

    @Test
    void theFeedMustBeToldWhereToBegin() throws IOException {
        create();

        assertEquals(
                "MISSING_OPTION",
                assertThrows(QueryException.class, () -> changes(Map.of())).code());
    }

    private void stream() throws Exception {
        session.readStream()
                .format("delta")
                .option("readChangeFeed", true)
                .load(place().toString())
                .writeStream()
                .format("delta")
                .option("checkpointLocation", directory.resolve("copying").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("copy").toString())
                .awaitTermination();
    }

    private List<String> changes(Map<String, String> options) {
        DataFrame changes = session.read()
                .format("delta")
                .option("readChangeFeed", true)
                .options(options)
                .load(place().toString());
        return changes.select("id", "name", "_change_type", "_commit_version").collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private Path place() {
        return directory.resolve("table");
    }

    private DeltaTable table() {
        return DeltaTable.forPath(session, place().toString());
    }

    private static Row row(long id, String name) {
        return RowFactory.create(id, 0L, name);
    }

    private DataFrame frame(Row... rows) {
        return session.createDataFrame(List.of(rows), SCHEMA);
    }

    private void append(Row... rows) {
        frame(rows).write().format("delta").mode("append").save(place().toString());
    }

    /// An empty table with a feed.
    private void create() throws IOException {
        append();
        Path commit = place().resolve("_delta_log/00000000000000000000.json");
        Files.writeString(
                commit,
                Files.readString(commit)
                        .replace("\"configuration\":{}", "\"configuration\":{\"delta.enableChangeDataFeed\":\"true\"}")
                        .replace("\"minWriterVersion\":2", "\"minWriterVersion\":4"));
    }
}
