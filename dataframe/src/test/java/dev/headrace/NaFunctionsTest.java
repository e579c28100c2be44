package dev.headrace;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NaFunctionsTest {
    private Session session;

    @BeforeEach
    void open() {
        session = Session.builder().getOrCreate();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private DataFrame people() {
        return session.sql(
                "SELECT * FROM VALUES ('ann', 1, 2.5D), ('bob', 2, double('NaN')), (null, null, null) AS t(name, n, x)");
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void rowsWithEnoughValuesStay() {
        assertEquals(List.of("[ann,1,2.5]", "[bob,2,NaN]"), rows(people().na().drop(2)));
        assertEquals(List.of("[ann,1,2.5]"), rows(people().na().drop(3)));
        assertEquals(List.of("[ann,1,2.5]"), rows(people().na().drop(2, new String[] {"n", "x"})));
        assertEquals(3, people().na().drop(0).count());
    }

    /// As after a join with both keys.
    private DataFrame twins() {
        return session.sql("SELECT * FROM VALUES (1, 'x') AS a(id, n) LEFT JOIN VALUES (1, null), (2, 'y') AS b(id, n)"
                + " ON a.id = b.id UNION ALL SELECT null, 'x', null, null");
    }

    @Test
    void columnsOfOneNameAreToldApart() {
        assertEquals(List.of("[1,x,1,null]", "[0,x,0,null]"), rows(twins().na().fill(0)));
        assertEquals(List.of("[1,x,1,-]", "[null,x,null,-]"), rows(twins().na().fill("-")));
        assertEquals(List.of(), rows(twins().na().drop()));
        assertEquals(2, twins().na().drop("all").count());
        assertEquals(List.of("[1,x,1,null]"), rows(twins().na().drop(2)));
        assertEquals(
                List.of("[7,x,7,null]", "[null,x,null,null]"), rows(twins().na().replace("*", Map.of(1, 7))));
        assertEquals(
                "AMBIGUOUS_REFERENCE",
                assertThrows(QueryException.class, () -> twins().na().fill(0, new String[] {"id"}))
                        .code());
    }

    @Test
    void columnsKeepTheirNamesHoweverTheyAreWritten() {
        DataFrame filled = people().na().fill(Map.of("N", 0, "NAME", "-"));

        assertEquals(List.of("name", "n", "x"), List.of(filled.columns()));
        assertEquals("[-,0,null]", rows(filled).getLast());
    }

    @Test
    void aValueForAColumnIsCastToItsType() {
        DataFrame rows =
                session.sql("SELECT CAST(NULL AS DATE) AS day, CAST(NULL AS INT) AS n, CAST(NULL AS STRING) AS s,"
                        + " CAST(NULL AS TIMESTAMP) AS at");

        assertEquals(
                List.of("[2026-01-31,12,true,2026-01-31 00:00:00.0]"),
                rows(rows.na().fill(Map.of("day", "2026-01-31", "n", "12", "s", true, "at", "2026-01-31"))));
        assertEquals(
                "[DATATYPE_MISMATCH] na().fill(…) of the column 'day' of type date with [1]: give a number, a text or a"
                        + " boolean.",
                assertThrows(QueryException.class, () -> rows.na().fill(Map.of("day", List.of(1))))
                        .getMessage());
    }

    @Test
    void filledColumnsAreFoundUnderTheirRelation() {
        DataFrame people = people();

        assertEquals(
                List.of("[1,2.5]", "[2,NaN]", "[0,null]"),
                rows(people.as("p").na().fill(0L, new String[] {"n"}).select(col("n"), col("p.x"))));
        assertEquals(3, people.na().fill("-").select(people.col("x")).count());
    }

    @Test
    void valuesAreReplacedByOthersAndByNull() {
        Map<String, String> names = new HashMap<>();
        names.put("ann", "Anna");
        names.put("bob", null);

        assertEquals(
                List.of("[Anna,1,2.5]", "[null,2,NaN]", "[null,null,null]"),
                rows(people().na().replace("name", names)));
        assertEquals(
                List.of("[ann,7,2.5]", "[bob,2,NaN]", "[null,null,null]"),
                rows(people().na().replace("*", Map.of(1, 7))));
        assertEquals(
                List.of("[ann,1,0.0]", "[bob,2,9.0]", "[null,null,null]"),
                rows(people().na().replace(new String[] {"x"}, Map.of(Double.NaN, 9.0, 2.5, 0.0))));
    }

    @Test
    void aReplacementOfAnotherKindIsRefused() {
        assertEquals(
                "[DATATYPE_MISMATCH] na().replace(…) of the column 'name' of type string with 1: give numbers for a "
                        + "number, texts for a text, booleans for a boolean.",
                assertThrows(QueryException.class, () -> people().na().replace("name", Map.of(1, 2)))
                        .getMessage());
    }

    @Test
    void aSettingIsThereOrNot() {
        assertTrue(session.conf().contains("spark.sql.session.timeZone"));
        assertFalse(session.conf().contains("spark.no.such.setting"));
    }
}
