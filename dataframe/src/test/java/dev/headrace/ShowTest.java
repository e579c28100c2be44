package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.upper;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is printed, to the letter. The tables are what Spark 4 prints for the same rows.
class ShowTest {
    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "Europe/Berlin")
            .create();

    private DataFrame frame(String ddl, Row... rows) {
        return session.createDataFrame(List.of(rows), StructType.fromDDL(ddl));
    }

    private DataFrame people() {
        return frame(
                "id bigint, name string, score double",
                RowFactory.create(1L, "ann", 3.5),
                RowFactory.create(22L, "a name that is far too long", null),
                RowFactory.create(333L, null, -1e10));
    }

    @Test
    void showCutsLongTextsAndAlignsToTheRight() {
        assertEquals("""
                +---+--------------------+-------+
                | id|                name|  score|
                +---+--------------------+-------+
                |  1|                 ann|    3.5|
                | 22|a name that is fa...|   NULL|
                |333|                NULL|-1.0E10|
                +---+--------------------+-------+
                """, people().showString(20, 20, false));
    }

    @Test
    void showWithoutTruncationAlignsToTheLeft() {
        assertEquals("""
                +---+---------------------------+-------+
                |id |name                       |score  |
                +---+---------------------------+-------+
                |1  |ann                        |3.5    |
                |22 |a name that is far too long|NULL   |
                |333|NULL                       |-1.0E10|
                +---+---------------------------+-------+
                """, people().showString(20, 0, false));
    }

    @Test
    void aTableWithoutColumnsHasItsEdges() {
        assertEquals("++\n||\n++\n++\n", session.emptyDataFrame().showString(20, 20, false));
        assertEquals("++\n||\n++\n||\n||\n++\n", session.range(2).drop("id").showString(20, 20, false));
    }

    @Test
    void showSaysThatThereAreMoreRows() {
        assertEquals("""
                +---+
                | id|
                +---+
                |  1|
                +---+
                only showing top 1 row
                """, people().select("id").showString(1, 20, false));
        assertEquals("""
                +---+
                | id|
                +---+
                |  1|
                | 22|
                +---+
                only showing top 2 rows
                """, people().select("id").showString(2, 20, false));
    }

    @Test
    void showOfNoRowsHasAHeading() {
        assertEquals("""
                +---+----+-----+
                | id|name|score|
                +---+----+-----+
                +---+----+-----+
                """, people().limit(0).showString(20, 20, false));
    }

    @Test
    void verticalShowHasALinePerColumn() {
        assertEquals("""
                -RECORD 0---------------------
                 id    | 1                   \s
                 name  | ann                 \s
                 score | 3.5                 \s
                -RECORD 1---------------------
                 id    | 22                  \s
                 name  | a name that is fa...\s
                 score | NULL                \s
                only showing top 2 rows
                """, people().showString(2, 20, true));
    }

    @Test
    void verticalShowOfNoRowsSaysSo() {
        assertEquals("(0 rows)\n", people().limit(0).showString(20, 20, true));
    }

    @Test
    void valuesOfAllTypesHaveATextForm() {
        DataFrame all = frame(
                "b boolean, dec decimal(10,2), d date, t timestamp, n timestamp_ntz, bin binary, a array<int>,"
                        + " m map<string,double>, s struct<x: int, y: string>",
                RowFactory.create(
                        true,
                        new BigDecimal("1.5"),
                        LocalDate.of(2026, 1, 31),
                        Instant.parse("2026-01-31T09:00:00.120Z"),
                        LocalDateTime.of(2026, 1, 31, 10, 0),
                        new byte[] {0, (byte) 255},
                        Arrays.asList(1, null),
                        Map.of("k", 0.5),
                        RowFactory.create(7, null)));
        assertEquals("""
                +----+----+----------+----------------------+-------------------+-------+---------+----------+---------+
                |b   |dec |d         |t                     |n                  |bin    |a        |m         |s        |
                +----+----+----------+----------------------+-------------------+-------+---------+----------+---------+
                |true|1.50|2026-01-31|2026-01-31 10:00:00.12|2026-01-31 10:00:00|[00 FF]|[1, NULL]|{k -> 0.5}|{7, NULL}|
                +----+----+----------+----------------------+-------------------+-------+---------+----------+---------+
                """, all.showString(20, 0, false));
    }

    @Test
    void wideCharactersTakeTwoColumnsAndControlCharactersAreEscaped() {
        assertEquals(
                """
                +---------+
                |     text|
                +---------+
                |   日本語|
                |tab\\tnl\\n|
                +---------+
                """,
                frame("text string", RowFactory.create("日本語"), RowFactory.create("tab\tnl\n"))
                        .showString(20, 20, false));
    }

    @Test
    void showPrintsABlankLineBehindTheTable() {
        assertEquals("""
                +---+
                | id|
                +---+
                |  0|
                +---+

                """, printed(() -> session.range(1).show()));
    }

    @Test
    void printSchemaDrawsATree() {
        DataFrame nested =
                frame("id bigint not null, tags array<string>, address struct<city: string, at: map<string,int>>");
        assertEquals("""
                root
                 |-- id: long (nullable = false)
                 |-- tags: array (nullable = true)
                 |    |-- element: string (containsNull = true)
                 |-- address: struct (nullable = true)
                 |    |-- city: string (nullable = true)
                 |    |-- at: map (nullable = true)
                 |    |    |-- key: string
                 |    |    |-- value: integer (valueContainsNull = true)

                """, printed(nested::printSchema));
    }

    @Test
    void explainShowsThePlanInAllStages() {
        DataFrame query = people().filter(col("score").gt(1))
                .groupBy(upper(col("name")).as("who"))
                .agg(sum("score").as("total"), count("*"))
                .orderBy(col("total").desc())
                .limit(3);
        assertEquals("""
                == Parsed Logical Plan ==
                Limit 3
                +- 'Sort [total DESC NULLS LAST]
                   +- 'Aggregate [upper(name) AS who], [upper(name) AS who, sum(score) AS total, count(1)]
                      +- 'Filter (score > 1)
                         +- LocalRelation [id, name, score], 3 rows

                == Analyzed Logical Plan ==
                who: string, total: double, count(1): bigint
                Limit 3
                +- Sort [total#1 DESC NULLS LAST]
                   +- Aggregate [upper(name#1) AS who], [sum(score#2) AS total, count(*) AS count(1)]
                      +- Filter (score#2 > 1.0)
                         +- LocalRelation [id, name, score], 3 rows

                == Optimized Logical Plan ==
                Limit 3
                +- Sort [total#1 DESC NULLS LAST]
                   +- Aggregate [upper(name#0) AS who], [sum(score#1) AS total, count(*) AS count(1)]
                      +- Filter (score#1 > 1.0)
                         +- LocalRelation [name, score], 3 rows

                """, query.explainString("extended").replaceAll("(?s)== Physical Plan ==.*", ""));
    }

    @Test
    void explainShowsWhatTheLastRunDid() {
        DataFrame query = session.range(10_000)
                .filter(col("id").lt(lit(7_000)))
                .groupBy(col("id").mod(lit(10)).as("digit"))
                .count();
        assertFalse(query.explainString("simple").contains("Last Run"));

        query.show();

        String measured = query.explainString("simple").replaceAll("[\\d.]+ ms\\)", "_ ms)");
        assertEquals("""

                == Last Run: show() ==
                Limit 21  (10 rows, _ ms)
                +- HashAggregate keys [digit], [count(*)]  (10 rows, _ ms)
                   +- Compute [(id#0 % 10) AS digit] where (id#0 < 7000)  (7,000 rows, _ ms)
                      +- Range (0, 10000, step 1)  (10,000 rows, _ ms)
                """, measured.substring(measured.indexOf("\n== Last Run")));

        query.count();

        assertTrue(query.explainString("simple").contains("== Last Run: count() =="));
        assertFalse(
                query.filter(col("digit").gt(lit(3))).explainString("simple").contains("Last Run"),
                "another DataFrame");
    }

    @Test
    void whatDrawsChartsIsNamedIfItIsMissing() {
        assertEquals(
                "[PLOTTING_NOT_AVAILABLE] plot() needs what draws charts, which is not on the class path. In ./headrace"
                        + " notebook it is there; a program needs the artifact dev.headrace:headrace-notebooks.",
                assertThrows(QueryException.class, () -> people().plot()).getMessage());
    }

    @Test
    void explainHasModes() {
        assertEquals(
                "== Physical Plan ==",
                people().explainString("simple").lines().findFirst().orElseThrow());
        assertEquals("""
                == Optimized Logical Plan ==
                LocalRelation [id, name, score], 3 rows, Statistics(rowCount=3)
                """, people().explainString("cost").replaceAll("(?s)\\n== Physical Plan ==.*", ""));
        assertEquals("""
                == Physical Plan ==
                Compute (2)
                +- Values (1)

                (1) Values 3 rows [id, name]
                Output [2]: id: bigint, name: string

                (2) Compute [id#0] where NOT isnull(name#1)
                Input: (1)
                Output [1]: id: bigint
                """, people().filter(col("name").isNotNull()).select("id").explainString("formatted"));
        assertFails(
                "[UNKNOWN_EXPLAIN_MODE] explain(\"extendet\"): Did you mean 'extended'? Modes: simple, extended, codegen,"
                        + " cost, formatted, analyze.",
                () -> people().explain("extendet"));
    }

    private static String printed(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            action.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
