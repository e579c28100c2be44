package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Columns that are `char(n)` and `varchar(n)`: what is too long is refused, and `char(n)` is padded when it is read,
/// as by Spark.
class CharColumnsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void makeTable() {
        session.sql("create table " + name() + " (id int, c char(5), v varchar(3)) using delta");
        session.sql("insert into " + name() + " values (1, 'ab', 'xyz'), (2, 'abcde', 'é'), (3, null, null)");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String table() {
        return directory.resolve("table").toString();
    }

    private String name() {
        return "delta.`" + table() + "`";
    }

    private List<String> rows(String select) {
        return session.sql(select.replace("$t", name())).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private void refuses(String statement) {
        assertCode("EXCEED_LIMIT_LENGTH", () -> session.sql(statement.replace("$t", name())));
    }

    private static void assertCode(String code, Runnable action) {
        assertEquals(code, assertThrows(HeadraceException.class, action::run).code());
    }

    @Test
    void charIsPaddedWhenItIsRead() {
        assertEquals(
                List.of("[1,ab   |,xyz|]", "[2,abcde|,é|]", "[3,null,null]"),
                rows("select id, c || '|', v || '|' from $t"));
        assertEquals(
                List.of("[1,ab   ]"),
                session.read().format("delta").load(table()).select("id", "c").where("id = 1").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
    }

    @Test
    void charIsPaddedInStreams() throws Exception {
        session.readStream()
                .format("delta")
                .load(table())
                .where("c = 'ab'")
                .selectExpr("c || '|' as c")
                .writeStream()
                .format("delta")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("copy").toString())
                .awaitTermination();

        assertEquals(List.of("[ab   |]"), rows("select * from delta.`" + directory.resolve("copy") + "`"));
    }

    @Test
    void comparisonsPadTheShorterText() {
        assertEquals(List.of("[1]"), rows("select id from $t where c = 'ab'"));
        assertEquals(List.of("[1]"), rows("select id from $t where 'ab       ' <=> c"));
        assertEquals(List.of("[1]"), rows("select id from $t where c < 'ab!'"));
        assertEquals(List.of("[1]"), rows("select id from $t where c <= 'ab'"));
        assertEquals(List.of("[2]"), rows("select id from $t where c > 'ab'"));
        assertEquals(List.of("[2]"), rows("select id from $t where c <> 'ab'"));
        assertEquals(List.of("[1]"), rows("select id from $t where c in ('x', 'ab', null)"));
        assertEquals(List.of("[1]"), rows("select id from $t where c = concat('a', 'b')"));
        assertEquals(List.of("[1]"), rows("select id from (select id, c as k from $t limit 9) where k = 'ab'"));
        assertEquals(List.of("[ab   ,2]"), rows("select c, count(*) * 2 from $t group by c having c = 'ab'"));
        assertEquals(
                List.of("[1]"),
                session
                        .read()
                        .format("delta")
                        .load(table())
                        .where(col("c").equalTo("ab"))
                        .select("id")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .toList());
    }

    @Test
    void columnsOfTwoLengthsAreCompared() {
        session.sql("create table other (k char(8)) using delta location '" + directory.resolve("other") + "'");
        session.sql("insert into other values ('ab'), ('abcdefg')");

        assertEquals(List.of("[1,ab      ]"), rows("select id, k from $t join other on c = k"));
        assertEquals(List.of("[1]"), rows("select id from $t where exists (select 1 from other where c = k)"));
    }

    @Test
    void whatIsTooLongIsRefused() {
        DataException refused = assertThrows(
                DataException.class, () -> session.sql("insert into " + name() + " values (9, 'abcdef', 'x')"));
        assertEquals(
                "[EXCEED_LIMIT_LENGTH] The column 'c' is char(5), but 'abcdef' to write has 6 characters. Shorten it, as with"
                        + " left(…, 5), or give the column a longer type.",
                refused.getMessage());
        refuses("insert into $t values (9, 'abcde ', 'x')");
        refuses("insert into $t values (9, 'a', 'wxyz')");
        refuses("update $t set v = 'wxyz' where id = 1");
        refuses(
                "merge into $t t using (select 1 as id, 'abcdef' as c) s on t.id = s.id when matched then update set c = s.c");
        refuses("merge into $t t using (select 7 as id, 'abcdef' as c) s on t.id = s.id"
                + " when not matched then insert (id, c) values (s.id, s.c)");
        assertCode(
                "EXCEED_LIMIT_LENGTH",
                () -> session.sql("select 9 as id, 'abcdef' as c")
                        .write()
                        .format("delta")
                        .mode("append")
                        .save(table()));
        assertCode(
                "EXCEED_LIMIT_LENGTH",
                () -> DeltaTable.forPath(session, table()).update(expr("id = 1"), Map.of("c", lit("abcdef"))));
        assertEquals(List.of("[1]", "[2]", "[3]"), rows("select id from $t"));
    }

    @Test
    void whatIsTooLongEndsAStream() {
        String from = directory.resolve("from").toString();
        session.sql("select 9 as id, 'abcdef' as c").write().format("delta").save(from);

        StreamingQueryException ended = assertThrows(
                StreamingQueryException.class,
                () -> session.readStream()
                        .format("delta")
                        .load(from)
                        .writeStream()
                        .option("checkpointLocation", from + "-checkpoint")
                        .trigger(Trigger.AvailableNow())
                        .toTable(name())
                        .awaitTermination());

        assertEquals("EXCEED_LIMIT_LENGTH", ((HeadraceException) ended.getCause()).code());
    }

    @Test
    void changesFindRowsByPaddedTexts() {
        session.sql("update " + name() + " set v = c where c = 'abcde' and false");
        session.sql("update " + name() + " set v = 'new' where c = 'ab'");
        session.sql("merge into " + name() + " t using (select 1) on t.c = 'abcde' when matched then delete");

        assertEquals(List.of("[1,ab   ,new]", "[3,null,null]"), rows("select * from $t"));
        assertEquals(List.of("[1]"), rows("delete from $t where c in ('ab', 'z')"));
        assertEquals(List.of("[3,null,null]"), rows("select * from $t"));
    }

    @Test
    void partitionsAreFoundByPaddedTexts() {
        String place = "delta.`" + directory.resolve("parts") + "`";
        session.sql("create table " + place + " (p char(3), n int) using delta partitioned by (p)");
        session.sql("insert into " + place + " values ('x', 1), ('xyz', 2)");

        assertEquals(List.of("[x  ,1]"), rows("select * from " + place + " where p = 'x'"));
        session.sql("insert overwrite " + place + " partition (p = 'x') values (3)");
        assertEquals(List.of("[x  ,3]", "[xyz,2]"), rows("select * from " + place));
        session.sql("select 'x' as p, 4 as n")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("replaceWhere", "p = 'x'")
                .save(directory.resolve("parts").toString());
        session.sql("delete from " + place + " where p = 'xyz'");
        assertEquals(List.of("[x  ,4]"), rows("select * from " + place));
        assertCode("EXCEED_LIMIT_LENGTH", () -> session.sql("insert into " + place + " values ('wxyz', 1)"));
    }

    @Test
    void textsWithinOthersHaveLengthsToo() {
        String place = "delta.`" + directory.resolve("nested") + "`";
        session.sql(
                "create table " + place
                        + " (a array<char(3)>, m map<varchar(2), char(2)>, s struct<`c-d`: char(2) comment 'x', n: int>) using delta");
        session.sql(
                "insert into " + place + " values (array('a', null), map('k', 'v'), named_struct('c-d', 'q', 'n', 1))");
        session.sql("insert into " + place + " values (null, null, null)");

        assertEquals(List.of("[[a  , null],{k=v },[q ,1]]", "[null,null,null]"), rows("select * from " + place));
        for (String row : List.of(
                "array('abcd'), null, null",
                "null, map('abc', 'a'), null",
                "null, map('a', 'abc'), null",
                "null, null, named_struct('c-d', 'abc', 'n', 1)")) {
            assertCode("EXCEED_LIMIT_LENGTH", () -> session.sql("insert into " + place + " values (" + row + ")"));
        }
        assertEquals(
                List.of("array<char(3)>", "map<varchar(2),char(2)>", "struct<`c-d`:char(2),n:int>"),
                session.sql("describe " + place).select("data_type").collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList());
    }

    @Test
    void typesAreShownAsDeclaredAndHandedOn() {
        session.sql("alter table " + name() + " add columns (d char(2))");
        session.sql("create table copy using delta location '" + directory.resolve("copy")
                + "' as select c as k, upper(v) as u, d from " + name());

        assertEquals(
                List.of("[c,char(5),null]", "[d,char(2),null]", "[id,int,null]", "[v,varchar(3),null]"),
                rows("describe $t"));
        assertEquals(List.of("[d,char(2),null]", "[k,char(5),null]", "[u,string,null]"), rows("describe copy"));
        assertEquals(
                List.of("string", "string"),
                session.table("copy").select("k", "u").schema().fieldList().stream()
                        .map(field -> field.dataType().simpleString())
                        .toList());
        String create = session.sql("show create table copy").head().getString(0);
        assertEquals(
                "  k CHAR(5),\n  u STRING,\n  d CHAR(2))",
                create.substring(create.indexOf('\n') + 1, create.indexOf("\nUSING")));
    }

    @Test
    void aTypeMayBecomeOneThatHoldsAllItsTexts() {
        session.sql("alter table " + name() + " alter column v type varchar(4)");
        session.sql("insert into " + name() + " values (4, 'a', 'wxyz')");
        session.sql("alter table " + name() + " alter column c type varchar(6)");
        assertEquals(
                List.of("[2]", "[5]", "[1]", "[null]").stream().sorted().toList(), rows("select length(c) from $t"));
        for (String smaller : List.of("v type varchar(3)", "v type char(4)", "c type char(5)")) {
            assertCode("DELTA_TYPE_NOT_WIDER", () -> session.sql("alter table " + name() + " alter column " + smaller));
        }
        session.sql("alter table " + name() + " alter column v type string");
        session.sql("insert into " + name() + " values (5, 'a', 'any length')");
        assertFalse(rows("select 1 from $t where v = 'any length'").isEmpty());
    }
}
