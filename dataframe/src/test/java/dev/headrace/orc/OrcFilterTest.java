package dev.headrace.orc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.ScanRequest;
import dev.headrace.files.FormatHarness;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which rows of a file a filter leaves out. The library's groups have 10,000 rows.
class OrcFilterTest {
    private static final int ROWS = 30_000;

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new OrcConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    private BatchTable numbers() {
        List<List<?>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(List.of(i, Slice.utf8("t" + i / 10_000)));
        }
        files.write("id int, t string", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", rows);
        return files.open("", Map.of(), "t");
    }

    private static BoundExpr column(BatchTable table, String name) {
        int ordinal = table.schema().fieldIndex(name);
        StructField field = table.schema().field(ordinal);
        return new BoundExpr.Column(ordinal, name, field.dataType(), true);
    }

    private static BoundExpr compare(BatchTable table, String column, CompareOp op, Object value) {
        BoundExpr operand = column(table, column);
        return new BoundExpr.Compare(op, operand, new BoundExpr.Literal(new Scalar(value, operand.type())));
    }

    private FormatHarness.Result read(BatchTable table, BoundExpr filter) {
        ScanRequest all = ScanRequest.all(table.schema());
        return files.read(table, new ScanRequest(all.columns(), List.of(filter), OptionalLong.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "EQUAL, 15000, 20000",
        "LESS, 10000, 20000",
        "LESS_OR_EQUAL, 10000, 10000",
        "GREATER, 19999, 20000",
        "GREATER_OR_EQUAL, 19999, 10000",
        "NULL_SAFE_EQUAL, 29999, 20000",
        "EQUAL, 30000, 30000",
        "NOT_EQUAL, 5, 0"
    })
    void groupsOfRowsAreLeftOut(CompareOp op, int value, long skipped) {
        BatchTable table = numbers();
        BoundExpr filter = compare(table, "id", op, value);

        FormatHarness.Result read = read(table, filter);

        assertEquals(skipped, read.metrics().get("rowsSkipped"));
        assertEquals(ROWS - skipped, read.rows().size());
        assertEquals(op != CompareOp.NOT_EQUAL, table.usesFilter(filter));
    }

    @Test
    void conditionsAreCombined() {
        BatchTable table = numbers();
        BoundExpr first = compare(table, "id", CompareOp.LESS, 100);
        BoundExpr last = compare(table, "t", CompareOp.EQUAL, Slice.utf8("t2"));
        BoundExpr unknown = compare(table, "id", CompareOp.NOT_EQUAL, 1);

        assertEquals(10_000, skipped(table, new BoundExpr.Or(first, last)));
        assertEquals(30_000, skipped(table, new BoundExpr.And(first, last)));
        assertEquals(20_000, skipped(table, new BoundExpr.And(first, unknown)));
        assertEquals(0, skipped(table, new BoundExpr.Or(first, unknown)));
        assertEquals(10_000, skipped(table, new BoundExpr.Not(compare(table, "id", CompareOp.LESS, 10_000))));
        BoundExpr in = new BoundExpr.In(column(table, "id"), List.of(Scalar.of(3), Scalar.of(29_000)));
        assertEquals(10_000, skipped(table, in));
        assertEquals(30_000, skipped(table, new BoundExpr.IsNull(column(table, "id"))));
        assertEquals(0, skipped(table, new BoundExpr.Not(new BoundExpr.IsNull(column(table, "id")))));
    }

    private long skipped(BatchTable table, BoundExpr filter) {
        return read(table, filter).metrics().get("rowsSkipped");
    }

    /// Those of other letters, with fields, or of other types than the file has are not looked at.
    @Test
    void nothingIsLeftOutWhereItIsUnsure() {
        numbers();
        BatchTable wider = files.open("id bigint, t string, gone int", Map.of(), "t");

        assertEquals(0, skipped(wider, compare(wider, "id", CompareOp.LESS, 100L)));
        assertEquals(0, skipped(wider, compare(wider, "gone", CompareOp.LESS, 100)));
        assertEquals(0, skipped(wider, compare(wider, "t", CompareOp.EQUAL, Slice.utf8("é"))));
        BatchTable upper = files.open("ID int", Map.of(), "t");
        assertEquals(20_000, skipped(upper, compare(upper, "ID", CompareOp.LESS, 100)));
        assertFalse(wider.usesFilter(compare(wider, "t", CompareOp.EQUAL, Slice.utf8("é"))));
        assertTrue(wider.usesFilter(compare(wider, "t", CompareOp.EQUAL, Slice.utf8("e"))));
        assertEquals(DataTypes.LongType, wider.schema().field(0).dataType());
    }

    /// With and without the file's statistics: of rows that are held in memory there are none.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "i = 5",
                "i <> 5",
                "i <=> 5",
                "i > 2",
                "i IN (1, NULL)",
                "i IS NULL",
                "i IS NOT NULL",
                "NOT (i <=> 5)",
                "d = 0.0D",
                "d = -0.0D",
                "d < 0.0D",
                "d <= -0.0D",
                "d > 1.0D",
                "d >= 0.0D",
                "d = double('NaN')",
                "d > double('Infinity')",
                "d <> 0.0D",
                "d IN (0.0D, 7.0D)",
                "f = float(0.1)",
                "f = 0.1D",
                "f < 0.2D",
                "d < double('NaN')",
                "d IN (double('NaN'))",
                "m = 1.5",
                "m = 1.50",
                "m < 1.501",
                "m > 99",
                "m IN (1.5, 2)",
                "m = 1.499",
                "t = 'a'",
                "t < 'b'",
                "t > 'zz'",
                "t >= 'é'",
                "t = '\uFFFE'",
                "t > '\uD83D\uDE00'",
                "t = ''",
                "t LIKE 'a%'",
                "y = DATE'1582-10-10'",
                "y < DATE'1582-10-15'",
                "y > DATE'2026-01-01'",
                "y = DATE'1500-03-01'",
                "z = TIMESTAMP'2026-10-25 02:30:00'",
                "z < TIMESTAMP'2026-03-29 03:30:00'",
                "z > TIMESTAMP'2026-10-25 01:30:00Z'",
                "z = TIMESTAMP'2026-03-29 01:00:00Z'",
                "z >= TIMESTAMP'1500-03-01 00:00:00'",
                "z IN (TIMESTAMP'2026-10-25 02:30:00')",
                "n = TIMESTAMP_NTZ'2026-10-25 02:30:00'",
                "n > TIMESTAMP_NTZ'1960-01-01 00:00:00'",
                "b",
                "NOT b",
                "b = true",
                "r.x = 1",
                "r.x IS NULL",
                "r IS NULL",
                "c = 'ab'",
                "c = 'ab  '",
                "c < 'b'"
            })
    void theRowsAreTheSame(String condition) {
        try (Session session = Session.builder()
                .config("spark.sql.session.timeZone", "Europe/Berlin")
                .config("spark.sql.datetime.java8API.enabled", "true")
                .config("spark.sql.warehouse.dir", root.toString())
                .create()) {
            session.sql("CREATE TABLE o (i INT, d DOUBLE, f FLOAT, m DECIMAL(20, 4), t STRING, y DATE, z TIMESTAMP,"
                    + " n TIMESTAMP_NTZ, b BOOLEAN, r STRUCT<x: INT>, c CHAR(4)) USING orc");
            List<String> values = List.of(
                    "5, 0.0D, float(0.1), 1.5, 'a', DATE'1582-10-10', TIMESTAMP'2026-10-25 02:30:00', TIMESTAMP_NTZ'2026-10-25"
                            + " 02:30:00', true, struct(1), 'ab'",
                    "NULL, -0.0D, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
                    "1, double('NaN'), float('NaN'), 99.9999, '\uD83D\uDE00', DATE'2026-02-03', TIMESTAMP'2026-03-29 01:00:00Z',"
                            + " TIMESTAMP_NTZ'1950-01-01 00:00:00', false, struct(NULL), 'b'",
                    "7, 7.0D, 0.2F, 2, '\uFFFE', DATE'1500-03-01', TIMESTAMP'2026-10-25 00:30:00Z', NULL, false, NULL, ''",
                    "3, -1.0D, 0.0F, -1.4999, '', DATE'1969-12-31', TIMESTAMP'1500-03-01 00:00:00', NULL, NULL, struct(1), NULL");
            for (String row : values) {
                session.sql("INSERT INTO o SELECT " + row);
            }
            session.sql("INSERT INTO o VALUES (" + String.join("), (", values) + ")");
            session.table("o").createOrReplaceTempView("stored");
            session.createDataFrame(
                            session.table("o").collectAsList(),
                            session.table("o").schema())
                    .createOrReplaceTempView("held");
            assertEquals(
                    session.sql("SELECT * FROM held WHERE " + condition).collectAsList().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList(),
                    session.sql("SELECT * FROM stored WHERE " + condition).collectAsList().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList());
        }
    }
}
