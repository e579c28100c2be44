package dev.headrace.interop;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.to_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.delta.DeltaTable;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.sparkdelta.SparkProcess;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Spark with Delta's own library reads what we write and goes on with it, and we with what it writes.
class SparkDeltaIT {
    @SuppressWarnings("NullAway.Init") // started before the first test
    private static SparkProcess spark;

    @TempDir
    private Path directory;

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();

    @BeforeAll
    static void startSpark() {
        // Tables of a few rows: loading Spark's classes, and compiling them, takes longest. Without the second compiler
        // the code cache would be too small for Spark, and what it has compiled is thrown away again and again.
        spark = SparkProcess.start(
                "-Xmx1g -Xmn500m -XX:MetaspaceSize=300m -XX:ReservedCodeCacheSize=256m -XX:TieredStopAtLevel=1"
                        + " -XX:+DisplayVMOutputToStderr -Xverify:none",
                "spark.log.level=ERROR",
                "spark.sql.codegen.wholeStage=false",
                "spark.sql.codegen.factoryMode=NO_CODEGEN",
                "spark.sql.shuffle.partitions=1",
                "spark.sql.adaptive.enabled=false",
                "spark.default.parallelism=1",
                "spark.databricks.delta.snapshotPartitions=1");
    }

    @AfterAll
    static void endSpark() {
        spark.close();
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    // ---- Our tables

    private static final String ALL_TYPES =
            "select id, id % 2 = 0 as bo, cast(id as tinyint) as ti, cast(id as smallint) as sm,"
                    + " cast(id as int) as i, cast(id / 3 as float) as f, id / 3 as d, cast(id / 7 as decimal(10,2)) as de,"
                    + " cast((id + 1) / 7 as decimal(30,10)) as big, concat('text é ', id) as s, cast(concat('b', id) as binary) as bi,"
                    + " date_add(date'1969-12-30', cast(id as int)) as da,"
                    + " timestamp_micros(id * 1234567 - 3000000) as ts,"
                    + " cast(timestamp'2026-03-01 00:00:00' as timestamp_ntz) as tn, array(id, null) as ar,"
                    + " map('k', id) as ma, named_struct('x', id, 'y', array(named_struct('z', 'q'))) as st,"
                    + " if(id % 3 = 0, null, id) as nu, concat('p ', id % 2, '/=é') as part from range(1, 20)";

    @Test
    void sparkReadsAllTypesOfOurs() {
        session.sql(ALL_TYPES).write().format("delta").partitionBy("part").save(table());

        assertSame("");
        assertSame(
                " where da > date'1970-01-05' and part = 'p 0/=é' and ts >= timestamp'1970-01-01 00:00:02' and de < 1.5");
    }

    @Test
    void weReadAllTypesOfSparks() {
        spark.sql("create table " + name() + " using delta partitioned by (part) as " + ALL_TYPES);

        assertSame("");
        assertSame(
                " where da > date'1970-01-05' and part = 'p 0/=é' and ts >= timestamp'1970-01-01 00:00:02' and de < 1.5");
    }

    @Test
    void bothGoOnWithATableOfOurs() {
        session.range(0, 100).withColumn("v", lit(0L)).write().format("delta").save(table());
        spark.sql("alter table " + name() + " set tblproperties ('delta.enableChangeDataFeed' = 'true')");
        ourMerge(0, 20);
        sparkMerge(0, 90);
        ourMerge(5, 30);

        assertSame("");
        assertEquals(4, DeltaTable.forPath(session, table()).history().count() - 1);
        assertSameRows(
                spark.sql("select * from table_changes_by_path('" + table() + "', 2)"),
                session.read()
                        .format("delta")
                        .option("readChangeFeed", true)
                        .option("startingVersion", 2)
                        .load(table()));
    }

    @Test
    void bothGoOnWithATableOfSparksThatHasDeletionVectors() {
        create("id bigint, v bigint", "'delta.enableDeletionVectors' = 'true'");
        spark.sql("insert into " + name() + " select id, 0 from range(1000)");
        spark.sql("delete from " + name() + " where id % 10 = 3");
        assertSame("");
        ourMerge(0, 20);
        sparkMerge(0, 90);
        ourMerge(5, 30);
        assertSame("");
        assertFalse(spark.sql("select count(*) from " + name() + " where id % 10 = 3 having count(*) > 0")
                .isEmpty());
    }

    @Test
    void bothGoOnWithColumnsMappedByName() {
        mapped("name");
    }

    @Test
    void bothGoOnWithColumnsMappedById() {
        mapped("id");
    }

    private void mapped(String mode) {
        spark.sql("create table " + name()
                + " (id bigint, a bigint, old string, st struct<x: bigint, y: string>, p string)"
                + " using delta partitioned by (p) tblproperties ('delta.columnMapping.mode' = '" + mode + "',"
                + " 'delta.enableChangeDataFeed' = 'true')");
        spark.sql("insert into " + name() + " select id, 0, 'old', named_struct('x', id, 'y', 'q'), concat('p', id % 2)"
                + " from range(30)");
        spark.sql("alter table " + name() + " rename column a to v");
        spark.sql("alter table " + name() + " rename column st.y to `y z`");
        spark.sql("alter table " + name() + " drop column old");
        spark.sql("alter table " + name() + " rename column p to part");
        spark.sql("alter table " + name() + " add column old bigint");
        assertSame(" where id > 20 and part = 'p1' and st.x < 25");

        ourMerge(20, 40);
        session.sql(
                        "select 100L as id, 7L as v, named_struct('x', 1L, 'y z', 'new') as st, 'p1' as part, 3L as old, 5 as more")
                .write()
                .format("delta")
                .mode("append")
                .option("mergeSchema", true)
                .save(table());
        sparkMerge(25, 45);
        DeltaTable.forPath(session, table()).delete(expr("v = -100 and part is null and id > 42"));
        assertSame("");
        assertSameRows(
                spark.sql("select * from table_changes_by_path('" + table() + "', 8)"),
                session.read()
                        .format("delta")
                        .option("readChangeFeed", true)
                        .option("startingVersion", 8)
                        .load(table()));
    }

    @Test
    void typesThatWereWidenedAreRead() {
        create(
                "id bigint, v bigint, i int, f float, de decimal(6,2), ti tinyint, da date, p smallint",
                "'delta.enableTypeWidening' = 'true', 'delta.feature.timestampNtz' = 'supported'");
        spark.sql("insert into " + name()
                + " select id, id, id, id / 3, id / 7, id, date'2026-01-01', id % 2 from range(10)");
        spark.sql("alter table " + name() + " change column i type bigint");
        spark.sql("alter table " + name() + " change column f type double");
        spark.sql("alter table " + name() + " change column de type decimal(12,4)");
        spark.sql("alter table " + name() + " change column ti type int");
        spark.sql("alter table " + name() + " change column da type timestamp_ntz");
        spark.sql("insert into " + name() + " select id, id, id + 5000000000, id / 3, id / 7, id + 1000,"
                + " timestamp_ntz'2026-01-01 10:00:00', id % 2 from range(10, 20)");

        assertSame(" where i > 5 and f > 2 and de < 2.5 and ti < 2000 and da >= timestamp_ntz'2026-01-01 00:00:00'");
        ourMerge(5, 25);
        sparkMerge(15, 30);
        assertSame("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "parquet"})
    void bothGoOnBehindCheckpointsWithSidecars(String format) throws IOException {
        spark.sql("set spark.databricks.delta.checkpointV2.topLevelFileFormat = " + format);
        checkpointsOfTwoFilesAPart("'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '4'");
        List<Path> sidecars = logFiles("_sidecars", "parquet");
        assertEquals(2 + 4, sidecars.size());
        assertEquals(
                1,
                logFiles("", "[0-9]{20}.checkpoint.[0-9a-f-]{36}." + format).stream()
                        .filter(file -> file.getFileName().toString().startsWith("00000000000000000008"))
                        .count());

        // As if all this had been a year ago.
        Instant then = Instant.now().minus(365, ChronoUnit.DAYS);
        for (Path file : logFiles("", "")) {
            Files.setLastModifiedTime(file, FileTime.from(then));
        }
        for (Path file : sidecars) {
            Files.setLastModifiedTime(file, FileTime.from(then));
        }
        new KernelTableLog(directory.resolve("table"))
                .forgetBefore(Instant.now().minus(1, ChronoUnit.DAYS));
        assertEquals(4, logFiles("_sidecars", "parquet").size());
        assertEquals(List.of(), logFiles("", "0000000000000000000[0-7].*"));

        assertSame("");
        assertSame(" where id > 5");
        ourMerge(0, 4);
        sparkMerge(3, 12);
        ourMerge(6, 14);
        assertSame("");
    }

    @Test
    void bothGoOnBehindCheckpointsInParts() throws IOException {
        checkpointsOfTwoFilesAPart("'delta.checkpointInterval' = '8'");
        assertEquals(
                4,
                logFiles("", "00000000000000000008.checkpoint.[0-9]{10}.0000000004.parquet")
                        .size());
        for (Path commit : logFiles("", "0000000000000000000[0-7].*")) {
            Files.delete(commit);
        }

        assertSame("");
        assertSame(" where id > 5");
        ourMerge(0, 4);
        sparkMerge(3, 12);
        ourMerge(6, 14);
        assertSame("");
    }

    private void checkpointsOfTwoFilesAPart(String properties) {
        spark.sql("set spark.databricks.delta.checkpoint.partSize = 2");
        create("id bigint, v bigint", properties);
        for (int i = 0; i < 8; i++) {
            spark.sql("insert into " + name() + " values (" + i + ", 0)");
        }
        spark.sql("reset spark.databricks.delta.checkpoint.partSize");
    }

    /// The files of a directory of the log whose names match.
    private List<Path> logFiles(String within, String name) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("table/_delta_log").resolve(within))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> name.isEmpty()
                            || file.getFileName().toString().matches(name)
                            || file.getFileName().toString().endsWith("." + name))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aCompactedLogMeansTheSameToBoth() throws IOException {
        create("id bigint, v bigint", "'delta.checkpointInterval' = '1000'");
        spark.sql("insert into " + name() + " values (1, 0)");
        spark.sql("insert into " + name() + " values (2, 0), (3, 0)");
        // Commits that only add come to what they add.
        List<String> adds = new ArrayList<>();
        for (Path commit : logFiles("", "0000000000000000000[12].json")) {
            Files.readAllLines(commit).stream()
                    .filter(line -> line.startsWith("{\"add\""))
                    .forEach(adds::add);
        }
        Files.write(
                directory.resolve("table/_delta_log/00000000000000000001.00000000000000000002.compacted.json"), adds);

        assertSame("");
        ourMerge(0, 4);
        sparkMerge(3, 12);
        assertSame("");
    }

    @Test
    void mergesThatBringColumnsAreReadByBoth() {
        create("id int, v int", "'delta.enableTypeWidening' = 'true', 'delta.enableChangeDataFeed' = 'true'");
        spark.sql("insert into " + name() + " values (1, 10), (2, 20)");
        session.sql("merge with schema evolution into " + name()
                + " t using (select * from values (2L, 5000000000L, 'x'), (3L, 3L, 'y')"
                + " as v(id, v, more)) s on t.id = s.id when matched then update set * when not matched then insert *");
        assertSame("");
        sparkMerge(3, 6);
        assertSame("");
        assertSameRows(
                spark.sql("select * from table_changes_by_path('" + table() + "', 2)"),
                session.read()
                        .format("delta")
                        .option("readChangeFeed", true)
                        .option("startingVersion", 2)
                        .load(table()));
    }

    @Test
    void rulesOfSparksTablesHoldForUs() {
        spark.sql("create table " + name() + " (id bigint not null, v bigint, g bigint generated always as (v * 2),"
                + " kind string default 'k', own bigint) using delta tblproperties"
                + " ('delta.feature.allowColumnDefaults' = 'supported')");
        spark.sql("alter table " + name() + " add constraint small check (v < 1000)");
        spark.sql("insert into " + name() + " (id, v) select id, id from range(10)");
        session.range(10, 20)
                .withColumn("v", col("id").plus(1))
                .write()
                .format("delta")
                .mode("append")
                .save(table());
        DeltaTable.forPath(session, table()).update(expr("id = 12"), Map.of("v", lit(50)));
        ourMerge(15, 25);
        assertSame("");
        assertFalse(spark.sql("select 1 from " + name() + " where id = 12 and g = 100 and kind = 'k'")
                .isEmpty());
        DataException broken = assertThrows(
                DataException.class, () -> DeltaTable.forPath(session, table()).update(Map.of("v", lit(1000))));
        assertEquals("DELTA_CONSTRAINT_VIOLATED", broken.code());
    }

    @Test
    void rulesOfOurTablesHoldForSpark() {
        session.sql("create table " + name() + " (id bigint not null, v bigint, g bigint generated always as (v * 2),"
                + " kind string default 'k') using delta tblproperties ('delta.columnMapping.mode' = 'name',"
                + " 'delta.enableDeletionVectors' = 'true')");
        session.sql("alter table " + name() + " add constraint small check (v < 1000)");
        session.sql("insert into " + name() + " values (1, 1, 2, 'a'), (2, 2, 4, 'b')");
        session.sql("alter table " + name() + " rename column kind to sort");
        session.sql("delete from " + name() + " where id = 1");
        spark.sql("insert into " + name() + " (id, v) select id, id + 1 from range(7, 9)");
        spark.sql("update " + name() + " set v = 77 where id = 7");
        assertSame("");
        assertEquals(
                "[7,77,154,k]",
                session.sql("select * from " + name() + " where id = 7").head().toString());
        IllegalStateException broken = assertThrows(
                IllegalStateException.class, () -> spark.sql("insert into " + name() + " (id, v) select 9, 1001"));
        assertTrue(broken.getMessage().contains("DELTA_VIOLATE_CONSTRAINT_WITH_VALUES"), broken.getMessage());
    }

    private static final String TEXTS = "(id bigint, c char(5), v varchar(3), a array<char(3)>,"
            + " m map<varchar(2), char(2)>, s struct<c: char(2), n: varchar(4)>) using delta";

    private static final List<String> OF_TEXTS = List.of(
            " where c = 'ab'",
            " where 'ab       ' = c",
            " where c in ('ab', 'xyz')",
            " where c < 'b'",
            " where c <=> 'ab' and v = 'x'",
            " where c = concat('a', 'b')",
            " where c like 'ab'",
            " where s.c = 'q'",
            " where length(a[0]) = 3 and length(s.c) = 2 and length(m['k']) = 2",
            " t where exists (select 1 from $ u where u.c = 'ab' and u.c = t.c)");

    private void assertSameTexts() {
        assertSame("");
        OF_TEXTS.forEach(where -> assertSame(where.replace("$", name())));
    }

    @Test
    void weReadAndWriteTextsOfSparksLengths() {
        spark.sql("create table " + name() + " " + TEXTS);
        spark.sql(
                "insert into " + name()
                        + " values (1, 'ab', 'x', array('a'), map('k', 'v'), named_struct('c', 'q', 'n', 'nn')), (2, 'abcde', 'xyz', null, null, null)");
        assertSameTexts();

        session.sql(
                "insert into " + name()
                        + " values (3, 'ab', 'x', array('b'), map('k', 'w'), named_struct('c', 'q', 'n', 'm')), (4, 'b', null, null, null, null)");
        session.sql("update " + name() + " set v = 'y' where c = 'b'");
        assertSameTexts();
        for (String row : List.of(
                "9, 'abcdef', 'x', null, null, null",
                "9, 'abcde ', 'x', null, null, null",
                "9, 'a', 'wxyz', null, null, null",
                "9, 'a', 'x', array('abcd'), null, null",
                "9, 'a', 'x', null, map('abc', 'a'), null",
                "9, 'a', 'x', null, null, named_struct('c', 'abc', 'n', 'm')")) {
            String insert = "insert into " + name() + " values (" + row + ")";
            assertTrue(assertThrows(IllegalStateException.class, () -> spark.sql(insert))
                    .getMessage()
                    .contains("EXCEED_CHAR_VARCHAR_LIMIT"));
            assertEquals(
                    "EXCEED_LIMIT_LENGTH",
                    assertThrows(DataException.class, () -> session.sql(insert)).code());
        }
        assertSameTexts();
    }

    @Test
    void sparkReadsAndWritesTextsOfOurLengths() {
        session.sql("create table " + name() + " " + TEXTS);
        session.sql(
                "insert into " + name()
                        + " values (1, 'ab', 'x', array('a'), map('k', 'v'), named_struct('c', 'q', 'n', 'nn')), (2, 'abcde', 'xyz', null, null, null)");
        session.sql("alter table " + name() + " alter column v type varchar(4)");
        session.sql("alter table " + name() + " add columns (more char(2))");
        spark.sql("insert into " + name()
                + " values (3, 'ab', 'wxyz', array('b'), map('k', 'w'), named_struct('c', 'q', 'n', 'm'), 'm')");
        spark.sql("update " + name() + " set v = 'y' where c = 'ab'");

        assertSameTexts();
        assertSame(" where more = 'm'");
        assertThrows(
                IllegalStateException.class, () -> spark.sql("update " + name() + " set more = 'mmm' where id = 1"));
        assertThrows(DataException.class, () -> session.sql("update " + name() + " set more = 'mmm' where id = 1"));
    }

    @Test
    void bothGiveNumbersInTurns() {
        spark.sql("create table " + name() + " (id bigint generated always as identity (start with 10 increment by 5),"
                + " v bigint) using delta");
        spark.sql("insert into " + name() + " (v) values (1)");
        session.sql("insert into " + name() + " (v) values (2), (3)");
        spark.sql("insert into " + name() + " (v) values (4)");
        session.range(5, 6)
                .withColumnRenamed("id", "v")
                .write()
                .format("delta")
                .mode("append")
                .save(table());

        assertSame("");
        assertEquals(
                "[5,0]",
                session.sql("select count(distinct id), count_if(id % 5 != 0) from " + name())
                        .head()
                        .toString());
        assertEquals(
                List.of("1", "2", "3", "4", "5"),
                session.sql("select v from " + name() + " order by id").collectAsList().stream()
                        .map(row -> row.get(0).toString())
                        .toList());
    }

    @Test
    void sparksTablesWithOtherFeaturesAreReadAndNotWritten() throws IOException {
        spark.sql("create table " + name() + " (id bigint generated always as identity, v bigint) using delta"
                + " cluster by (v) tblproperties ('delta.enableRowTracking' = 'true',"
                + " 'delta.enableInCommitTimestamps' = 'true', 'delta.enableChangeDataFeed' = 'true')");
        spark.sql("insert into " + name() + " (v) select id from range(10)");
        spark.sql("delete from " + name() + " where v = 3");
        for (Path commit : logFiles("", "json")) {
            Files.setLastModifiedTime(commit, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        }

        assertSame("");
        assertSameRows(
                spark.sql("select id, v, _change_type, _commit_version, _commit_timestamp from"
                        + " table_changes_by_path('" + table() + "', 1)"),
                session.sql("select id, v, _change_type, _commit_version, _commit_timestamp from"
                        + " table_changes_by_path('" + table() + "', 1)"));
        assertEquals(
                "DELTA_UNSUPPORTED_FEATURE",
                assertThrows(
                                QueryException.class,
                                () -> DeltaTable.forPath(session, table()).delete())
                        .code());
    }

    @Test
    void sparkGoesOnWithClonesAndZOrderedTablesOfOurs() {
        create("id bigint, v bigint", "'delta.enableDeletionVectors' = 'true'");
        spark.sql("insert into " + name() + " select id, 0 from range(1000)");
        spark.sql("delete from " + name() + " where id % 10 = 3");
        String copy = "delta.`" + directory.resolve("copy") + "`";
        session.sql("create table " + copy + " shallow clone " + name());
        session.sql("optimize " + name() + " zorder by (v, id)");

        assertSame("");
        spark.sql("update " + copy + " set v = 1 where id < 5");
        assertSameRows(spark.sql("select * from " + copy), session.sql("select * from " + copy));
    }

    // ---- Files of streams

    @Test
    void sparkReadsTheCommittedFilesOfAStreamOfOurs() throws Exception {
        Path numbers = directory.resolve("numbers");
        for (int batch = 0; batch < 12; batch++) {
            session.range(10L * batch, 10L * batch + 10, 1, 1)
                    .select(col("id"), expr("concat('p', id % 2)").as("part"))
                    .write()
                    .mode("append")
                    .format("delta")
                    .save(numbers.toString());
            if (batch == 11) {
                session.conf().set("headrace.testing.failAt", "before:sink_commit:11");
                assertThrows(StreamingQueryException.class, () -> copyAsFiles(numbers));
                session.conf().unset("headrace.testing.failAt");
            } else {
                copyAsFiles(numbers);
            }
        }
        // Entry 9 is of all batches before; what the twelfth batch has written, and what is not the query's, is not
        // there.
        assertEquals(110, session.read().parquet(table()).count());
        session.range(5)
                .selectExpr("id", "'x' AS part")
                .coalesce(1)
                .write()
                .parquet(directory.resolve("other").toString());
        try (Stream<Path> files = Files.list(directory.resolve("other"))) {
            Path stray = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.copy(stray, directory.resolve("table").resolve("part=p0").resolve("stray.parquet"));
        }
        assertCommittedFiles();
        copyAsFiles(numbers);
        assertEquals(120, session.read().parquet(table()).count());
        assertCommittedFiles();
    }

    private void copyAsFiles(Path numbers) throws Exception {
        session.readStream()
                .format("delta")
                .load(numbers.toString())
                .writeStream()
                .format("parquet")
                .partitionBy("part")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(table())
                .awaitTermination();
    }

    private void assertCommittedFiles() {
        assertSameRows(
                spark.sql("select id, part from parquet.`" + table() + "`"),
                session.read().parquet(table()).select("id", "part"));
    }

    // ---- Help

    private void create(String columns, String properties) {
        spark.sql("create table " + name() + " (" + columns + ") using delta"
                + (properties.isEmpty() ? "" : " tblproperties (" + properties + ")"));
    }

    /// Adds 1 to `v` where there is such an id; else adds the row.
    private void ourMerge(int from, int to) {
        DataFrame source = session.range(from, to);
        DeltaTable.forPath(session, table())
                .as("t")
                .merge(source.as("s"), expr("t.id = s.id"))
                .whenMatched(expr("t.id % 11 = 5"))
                .delete()
                .whenMatched()
                .update(Map.of("v", col("t.v").plus(1)))
                .whenNotMatched()
                .insert(Map.of("id", col("s.id"), "v", lit(-1L)))
                .execute();
    }

    private static void sparkMerge(String name, int from, int to) {
        spark.sql("merge into " + name + " t using (select id from range(" + from + ", " + to + ")) s on t.id = s.id"
                + " when matched and t.id % 13 = 5 then delete when matched then update set v = t.v + 100"
                + " when not matched then insert (id, v) values (s.id, -100)");
    }

    private void sparkMerge(int from, int to) {
        sparkMerge(name(), from, to);
    }

    private String table() {
        return directory.resolve("table").toString();
    }

    private String name() {
        return "delta.`" + table() + "`";
    }

    /// Both see the same rows.
    private void assertSame(String where) {
        assertSameRows(spark.sql("select * from " + name() + where), session.sql("select * from " + name() + where));
    }

    private void assertSameRows(List<String> theirs, DataFrame ours) {
        List<String> rows = ours
                .select(to_json(struct(Arrays.stream(ours.columns())
                        .map(name -> col("`" + name + "`"))
                        .toArray(Column[]::new))))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
        assertEquals(theirs.stream().sorted().toList(), rows);
    }
}
