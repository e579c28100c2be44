package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQuery;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes applied to a table by SQL alone.
class SqlChangesTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @BeforeEach
    void aStreamOfChanges() {
        session.conf()
                .set(
                        "spark.sql.streaming.checkpointLocation",
                        directory.resolve("checkpoints").toString());
        sql("INSERT INTO delta.`" + at("feed") + "` SELECT * FROM VALUES"
                + " (1, 'ann', 10, 'put', 1L), (2, 'bob', 20, 'put', 2L), (1, 'anna', NULL, 'put', 3L)"
                + " AS t(id, name, amount, op, version)");
        sql("CREATE TABLE feed USING delta LOCATION '" + at("feed") + "'");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private DataFrame sql(String statement) {
        return session.sql(statement);
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private List<String> rows(String... columns) {
        DataFrame table = session.read().format("delta").load(at("people"));
        DataFrame chosen = columns.length == 0 ? table : table.selectExpr(columns);
        return chosen.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private void apply(String rest) {
        sql("APPLY CHANGES INTO delta.`" + at("people") + "` FROM " + rest);
    }

    private String refused(String statement) {
        return assertThrows(HeadraceException.class, () -> sql(statement)).getMessage();
    }

    @Test
    void theNewestChangeOfAKeyIsItsRow() {
        apply("STREAM(feed) KEYS (id) SEQUENCE BY version TRIGGER AVAILABLE NOW");
        assertEquals(List.of("[1,anna,null,put,3]", "[2,bob,20,put,2]"), rows());
    }

    @Test
    void everyClauseIsWhatItsMethodIs() {
        sql("INSERT INTO feed VALUES (2, NULL, NULL, 'gone', 4), (3, 'cid', 30, 'put', 5)");
        apply("""
                (SELECT *, amount * 2 AS twice FROM STREAM feed) AS changes
                KEYS (id)
                IGNORE NULL UPDATES ON (amount)
                APPLY AS DELETE WHEN op = 'gone'
                APPLY AS TRUNCATE WHEN CASE WHEN op = 'all' THEN true ELSE false END
                SEQUENCE BY version + 100 AS place
                COLUMNS * EXCEPT (op, version, twice)
                STORED AS SCD TYPE 1
                TRIGGER AVAILABLE NOW
                OPTIONS ('tombstoneRetentionSeconds' = '60', checkpointLocation '%s')
                """.formatted(at("own")));
        assertEquals(List.of("[1,anna,10,103]", "[3,cid,30,105]"), rows("id", "name", "amount", "place"));
    }

    @Test
    void typeTwoKeepsTheHistory() {
        sql("CREATE TABLE people USING delta LOCATION '" + at("people") + "'");
        sql("AUTO CDC INTO people FROM STREAM feed KEYS (id) SEQUENCE BY version COLUMNS (id, name, version)"
                + " STORED AS SCD TYPE 2 TRIGGER AVAILABLE NOW");
        assertEquals(
                List.of("[1,ann,1,3,false]", "[1,anna,3,null,true]", "[2,bob,2,null,true]"),
                rows("id", "name", "valid_from", "valid_to", "is_current"));
    }

    @Test
    void deletedRowsMayStay() {
        sql("INSERT INTO feed VALUES (2, NULL, NULL, 'gone', 4)");
        apply("STREAM feed KEYS (id) APPLY AS DELETE WHEN op = 'gone' MARK DELETES IN deleted SEQUENCE BY version"
                + " TRIGGER AVAILABLE NOW");
        assertEquals(List.of("[1,anna,false]", "[2,bob,true]"), rows("id", "name", "deleted"));
    }

    @Test
    void aFlowIsAQueryThatRunsOnUnderItsName() throws Exception {
        Row started = sql("CREATE FLOW landing AS AUTO CDC INTO delta.`" + at("people")
                        + "` FROM STREAM feed KEYS (id) SEQUENCE BY version TRIGGER EVERY '1 second'")
                .first();
        StreamingQuery query = session.streams().active()[0];
        assertEquals("landing", query.name());
        assertEquals(query.id().toString(), started.getString(1));
        query.processAllAvailable();
        sql("INSERT INTO feed VALUES (3, 'cid', 30, 'put', 5)");
        query.processAllAvailable();
        query.stop();
        assertEquals(List.of("[anna]", "[bob]", "[cid]"), rows("name"));
    }

    @Test
    void debeziumsMessagesAreReadInTheStatement() {
        messages(
                "{\"before\":null,\"after\":{\"id\":1,\"name\":\"ann\",\"note\":\"x\"},\"source\":{\"lsn\":1},\"op\":\"c\"}",
                "{\"before\":null,\"after\":{\"id\":2,\"name\":\"bob\",\"note\":\"y\"},\"source\":{\"lsn\":2},\"op\":\"c\"}",
                "{\"before\":{\"id\":1},\"after\":null,\"source\":{\"lsn\":3},\"op\":\"d\"}",
                "{\"before\":null,\"after\":{\"id\":2,\"name\":\"bo\",\"note\":\"z\",\"age\":7},\"source\":{\"lsn\":4},\"op\":\"u\"}");
        apply("STREAM messages DEBEZIUM JSON (id bigint, name string, note string) KEYS (id) COLUMNS (id, name)"
                + " TRIGGER AVAILABLE NOW");
        assertEquals(List.of("[2,bo,4]"), rows());
    }

    @Test
    void aViewMayHoldTheEnvelopes() {
        messages("{\"before\":null,\"after\":{\"id\":1,\"name\":\"ann\"},\"source\":{\"lsn\":1},\"op\":\"c\"}");
        Debezium.json(session.readStream().format("delta").load(at("messages")), col("value"), "id bigint, name string")
                .createOrReplaceTempView("envelopes");
        apply("envelopes DEBEZIUM KEYS (id) SEQUENCE BY source.lsn TRIGGER AVAILABLE NOW");
        assertEquals(List.of("[1,ann,1]"), rows());
    }

    private void messages(String... texts) {
        session.createDataFrame(
                        java.util.Arrays.stream(texts)
                                .map(dev.headrace.RowFactory::create)
                                .toList(),
                        dev.headrace.types.StructType.fromDDL("value string"))
                .write()
                .format("delta")
                .save(at("messages"));
        sql("CREATE TEMPORARY VIEW messages USING delta OPTIONS (path '" + at("messages") + "')");
    }

    @Test
    void whatABatchRefusesIsTheStatementsError() {
        sql("INSERT INTO feed VALUES (NULL, 'cid', 30, 'put', 5)");
        assertEquals(
                "CHANGES_NULL_KEY",
                assertThrows(
                                HeadraceException.class,
                                () -> apply("STREAM feed KEYS (id) SEQUENCE BY version TRIGGER AVAILABLE NOW"))
                        .code());
    }

    @Test
    void mistakesAreShownWhereTheyStand() {
        assertEquals("""
                [PARSE_SYNTAX_ERROR] Syntax error at or near 'ORDER'. Expected: IGNORE NULL UPDATES, APPLY AS DELETE WHEN, \
                APPLY AS TRUNCATE WHEN, MARK DELETES IN, SEQUENCE BY, COLUMNS, RENAME COLUMNS, STORED AS SCD TYPE, TRIGGER, OPTIONS or the end \
                of the statement.
                == SQL, line 2, column 1 ==
                ORDER BY version
                ^^^^^""", refused("APPLY CHANGES INTO people FROM STREAM feed KEYS (id)\nORDER BY version"));
        assertEquals("""
                [PARSE_SYNTAX_ERROR] Syntax error at the end of the text. Expected: a column or an expression.
                == SQL, line 1, column 65 ==
                APPLY CHANGES INTO people FROM STREAM feed KEYS (id) SEQUENCE BY
                                                                                ^""", refused("APPLY CHANGES INTO people FROM STREAM feed KEYS (id) SEQUENCE BY"));
        assertEquals(
                """
                [PARSE_SYNTAX_ERROR] Syntax error: SEQUENCE BY stands twice.
                == SQL, line 2, column 1 ==
                SEQUENCE BY version
                ^^^^^^^^""",
                refused("APPLY CHANGES INTO people FROM STREAM feed KEYS (id) SEQUENCE BY id\nSEQUENCE BY version"));
        assertEquals(
                """
                [UNSUPPORTED_SQL] APPLY AS DELETE WHEN: Debezium's messages say themselves what they do. Leave the clause out.
                == SQL, line 2, column 1 ==
                APPLY AS DELETE WHEN op = 'd'
                ^^^^^""",
                refused(
                        "APPLY CHANGES INTO people FROM STREAM feed DEBEZIUM KEYS (id)\nAPPLY AS DELETE WHEN op = 'd'"));
        assertEquals(
                """
                [CHANGES_RENAMED_COLUMN] RENAME COLUMNS (…): 'a' is renamed to 'b' already. A column has one name now: leave \
                the other one out.
                == SQL, line 2, column 25 ==
                RENAME COLUMNS (a TO b, A TO c)
                                        ^""", refused("APPLY CHANGES INTO people FROM STREAM feed KEYS (id)\nRENAME COLUMNS (a TO b, A TO c)"));
        assertEquals("""
                [PARSE_SYNTAX_ERROR] Syntax error at or near 'WHERE'. Expected: DEBEZIUM or KEYS (…).
                == SQL, line 2, column 1 ==
                WHERE id = 1 KEYS (id)
                ^^^^^""", refused("APPLY CHANGES INTO people FROM STREAM feed\nWHERE id = 1 KEYS (id)"));
        assertEquals("""
                [PARSE_SYNTAX_ERROR] Syntax error: 'feed.id' is no column of the rows. Name it without dots.
                == SQL, line 1, column 50 ==
                APPLY CHANGES INTO people FROM STREAM feed KEYS (feed.id)
                                                                 ^^^^""", refused("APPLY CHANGES INTO people FROM STREAM feed KEYS (feed.id)"));
    }

    @Test
    void whatCannotBeAppliedIsRefused() {
        String people = "delta.`" + at("people") + "`";
        assertEquals(
                "[NOT_A_STREAM] APPLY CHANGES INTO " + people.replace("`", "")
                        + ": what stands after FROM is not a stream. Read it as one, FROM STREAM(…), or name a view of a"
                        + " DataFrame of readStream().",
                refused("APPLY CHANGES INTO " + people + " FROM feed KEYS (id) SEQUENCE BY version"));
        sql("CREATE TEMPORARY VIEW batch AS SELECT * FROM feed");
        assertEquals("""
                [NOT_A_STREAM] STREAM(batch): the view 'batch' is of a batch, whose rows do not come bit by bit. Make it of a \
                DataFrame of readStream(), or with CREATE TEMPORARY VIEW … USING.
                == SQL, line 1, column 22 ==
                SELECT * FROM STREAM(batch)
                                     ^^^^^""", refused("SELECT * FROM STREAM(batch)"));
        assertEquals(
                "[UNRESOLVED_COLUMN] COLUMNS (…): 'nam' is not a column of the rows (id, name, amount, op, version). Did you"
                        + " mean 'name'?",
                refused("APPLY CHANGES INTO " + people
                        + " FROM STREAM feed KEYS (id) SEQUENCE BY version COLUMNS (id, nam)"));
        assertEquals(
                "TABLE_OR_VIEW_NOT_FOUND",
                assertThrows(
                                HeadraceException.class,
                                () -> sql("APPLY CHANGES INTO peple FROM STREAM feed KEYS (id) SEQUENCE BY version"))
                        .code());
    }
}
