package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `read().json(texts)`, `read().csv(texts)` and `read().xml(texts)`.
class TextRecordsTest {
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private Dataset<String> texts(@Nullable String... texts) {
        return session.createDataset(Arrays.asList(texts), Encoders.STRING());
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void eachTextIsARecord() {
        DataFrame read = session.read()
                .json(texts(
                        "{\"b\":1,\"a\":\"x\"}",
                        "{\"b\":2.5,\n\"c\":{\"d\":[true]}}",
                        "[{\"b\":3},{\"b\":4}]",
                        " ",
                        null,
                        "{}"));
        assertEquals(
                "struct<a:string,b:double,c:struct<d:array<boolean>>>",
                read.schema().simpleString());
        assertEquals(
                List.of(
                        "[x,1.0,null]",
                        "[null,2.5,[[true]]]",
                        "[null,3.0,null]",
                        "[null,4.0,null]",
                        "[null,null,null]"),
                rows(read));
    }

    @Test
    void arraysAreKnownWhateverComesBeforeThem() {
        Dataset<String> some = texts("\n [{\"a\":1},\n{\"a\":2}]", "\t\n", "[]");
        assertEquals(List.of("[1]", "[2]"), rows(session.read().json(some)));
        assertEquals(
                List.of("[1]", "[2]"),
                rows(session.read().schema("a INT").option("mode", "FAILFAST").json(some)));
    }

    @Test
    void aSchemaAndOptionsHold() {
        assertEquals(
                List.of("[1,2026-01-31]", "[null,null]"),
                rows(session.read()
                        .schema("id INT, day DATE")
                        .option("dateFormat", "dd.MM.yyyy")
                        .json(texts("{\"id\":1,\"day\":\"31.01.2026\",\"x\":0}", "{}"))));
        assertEquals(
                "struct<a:string>",
                session.read()
                        .option("primitivesAsString", true)
                        .json(texts("{\"a\":1}"))
                        .schema()
                        .simpleString());
    }

    @Test
    void modesSayWhatBecomesOfMalformedTexts() {
        Dataset<String> some = texts("{\"a\":1}", "oops", "[1]", "{\"a\":2}");
        DataFrame permissive = session.read().json(some);
        assertEquals(
                "struct<_corrupt_record:string,a:bigint>", permissive.schema().simpleString());
        assertEquals(List.of("[null,1]", "[oops,null]", "[[1],null]", "[null,2]"), rows(permissive));
        assertEquals(
                List.of("[1]", "[2]"),
                rows(session.read().option("mode", "DROPMALFORMED").json(some)));
        assertEquals(
                List.of("[1]", "[2]"),
                rows(session.read()
                        .schema("a INT")
                        .option("mode", "DROPMALFORMED")
                        .json(some)));
        assertFails(
                "[MALFORMED_RECORD] read().json(texts): 'oops' is no JSON object. Correct it, or choose the mode PERMISSIVE or"
                        + " DROPMALFORMED.",
                () -> session.read().option("mode", "FAILFAST").json(some));
    }

    @Test
    void whatCanNotBeIsRefused() {
        assertEquals(0, session.read().json(texts()).columns().length);
        assertEquals(List.of(), rows(session.read().json(texts())));
        assertEquals(List.of("[]"), rows(session.read().json(texts("{}"))));
        assertEquals(List.of(), rows(session.read().schema("a INT").json(texts())));
        assertEquals(
                "UNKNOWN_OPTION",
                org.junit.jupiter.api.Assertions.assertThrows(
                                dev.headrace.errors.QueryException.class,
                                () -> session.read().option("mod", "FAILFAST").json(texts("{}")))
                        .code());
    }

    // ---- CSV

    @Test
    void eachTextIsARecordOfCsv() {
        Dataset<String> lines =
                texts("id,Name,name", "1,\"a,b\",2026-01-31", " ", null, "id,Name,name", "2,,", "3,\"x\ny\",z");
        DataFrame read = session.read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(lines);
        assertEquals("struct<id:int,Name1:string,name2:string>", read.schema().simpleString());
        assertEquals(List.of("[1,a,b,2026-01-31]", "[2,null,null]", "[3,x\ny,z]"), rows(read));
        assertEquals(
                List.of("[x,1]", "[y,2]"),
                rows(session.read().option("sep", ";").option("comment", "#").csv(texts("# no", "x;1", "y;2"))));
    }

    @Test
    void aSchemaAndModesHoldForCsv() {
        Dataset<String> lines = texts("1,2026-01-31", "x,2026-01-31", "3");
        assertEquals(
                List.of("[1,2026-01-31,null]", "[null,2026-01-31,x,2026-01-31]", "[3,null,3]"),
                rows(session.read()
                        .schema("id INT, day DATE, _corrupt_record STRING")
                        .csv(lines)));
        assertEquals(
                List.of("[1,2026-01-31]"),
                rows(session.read()
                        .schema("id INT, day DATE")
                        .option("mode", "DROPMALFORMED")
                        .csv(lines)));
        assertEquals(
                "MALFORMED_RECORD",
                org.junit.jupiter.api.Assertions.assertThrows(
                                dev.headrace.errors.DataException.class,
                                () -> session.read()
                                        .schema("id INT, day DATE")
                                        .option("mode", "FAILFAST")
                                        .csv(lines)
                                        .collect())
                        .code());
        assertEquals(List.of(), rows(session.read().schema("id INT").csv(texts())));
        assertEquals(List.of(), rows(session.read().option("header", true).csv(texts("a,b"))));
        assertEquals(0, session.read().csv(texts(" ", null)).columns().length);
        assertEquals(List.of(), rows(session.read().csv(texts(" ", null))));
    }

    @Test
    void eachTextIsAnElement() {
        Dataset<String> some = texts("<p k='1'><a>x</a></p>", null, "<q><a>y</a><a>z</a></q>", "<p>");
        DataFrame read = session.read().xml(some);

        assertEquals(
                "struct<_corrupt_record:string,_k:bigint,a:array<string>>",
                read.schema().simpleString());
        assertEquals(List.of("[null,1,[x]]", "[null,null,[y, z]]", "[<p>,null,null]"), rows(read));
        assertEquals(
                List.of("[x]", "[z]"),
                rows(session.read()
                        .schema("a string")
                        .option("mode", "DROPMALFORMED")
                        .xml(some)));
        assertEquals(
                "UNKNOWN_OPTION",
                assertThrows(
                                HeadraceException.class,
                                () -> session.read().option("encoding", "UTF-8").xml(some))
                        .code());
    }
}
