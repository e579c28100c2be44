package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.types.StructField;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ALTER TABLE … ALTER COLUMN`.
class AlteredColumnsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @BeforeEach
    void anOrdersTable() {
        session.conf().set("spark.sql.warehouse.dir", directory.toString());
        sql("CREATE TABLE orders (id INT NOT NULL, status STRING, amount INT, day SMALLINT) USING delta"
                + " PARTITIONED BY (day) TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
        sql("INSERT INTO orders VALUES (1, 'new', 10, 7), (2, NULL, 20, 8)");
    }

    private DataFrame sql(String text) {
        return session.sql(text);
    }

    private List<String> rows() {
        return sql("SELECT * FROM orders ORDER BY 1").collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    private void refuses(String code, String part, String statement) {
        HeadraceException refusal = assertThrows(HeadraceException.class, () -> sql(statement));
        assertEquals(code, refusal.code());
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }

    private StructField column(String name) {
        return session.table("orders").schema().fieldList().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTypeGetsWiderAndOldFilesStay() {
        sql("ALTER TABLE orders SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')");
        sql("ALTER TABLE orders ALTER COLUMN id TYPE BIGINT, amount TYPE DECIMAL(14, 2)");
        sql("INSERT INTO orders VALUES (3000000000, 'big', 0.25, 9)");

        assertEquals(List.of("[1,new,10.00,7]", "[2,null,20.00,8]", "[3000000000,big,0.25,9]"), rows());
        assertEquals(
                List.of("[1]"),
                sql("SELECT id FROM orders WHERE amount = 10").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
        assertEquals(
                "{change=columns=id TYPE BIGINT, amount TYPE DECIMAL(14,2)}",
                sql("DESCRIBE HISTORY orders")
                        .filter("operation = 'CHANGE COLUMN'")
                        .select("operationParameters")
                        .first()
                        .get(0)
                        .toString());
    }

    @Test
    void aTypeThatIsNotWiderIsRefused() {
        refuses(
                "DELTA_TYPE_WIDENING_NEEDED",
                "Write ALTER TABLE … SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true') first",
                "ALTER TABLE orders ALTER COLUMN id TYPE BIGINT");
        sql("ALTER TABLE orders SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')");
        refuses(
                "DELTA_TYPE_NOT_WIDER",
                "column 'id' can't become 'smallint' from 'int'",
                "ALTER TABLE orders ALTER COLUMN id TYPE SMALLINT");
        refuses("DELTA_TYPE_NOT_WIDER", "overwriteSchema", "ALTER TABLE orders CHANGE COLUMN status TYPE INT");
        refuses("DELTA_PARTITION_COLUMN", "'day'", "ALTER TABLE orders ALTER day TYPE INT");
        sql("ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0)");
        refuses("DELTA_COLUMN_IN_USE", "'positive'", "ALTER TABLE orders ALTER amount TYPE BIGINT");
        sql("ALTER TABLE orders ALTER COLUMN amount TYPE INT");
        assertEquals(List.of("[1,new,10,7]", "[2,null,20,8]"), rows());
    }

    @Test
    void nullsAreAllowedOrForbidden() {
        refuses(
                "DELTA_NULL_IN_NOT_NULL_COLUMN",
                "it is null in the row [2,null,20,8]",
                "ALTER TABLE orders ALTER COLUMN status SET NOT NULL");
        sql("DELETE FROM orders WHERE id = 2");
        sql("ALTER TABLE orders ALTER COLUMN status SET NOT NULL");
        refuses("DELTA_NULL_IN_NOT_NULL_COLUMN", "status", "INSERT INTO orders VALUES (3, NULL, 1, 1)");
        sql("ALTER TABLE orders ALTER COLUMN status DROP NOT NULL");
        sql("INSERT INTO orders VALUES (3, NULL, 1, 1)");
        assertEquals(List.of("[1,new,10,7]", "[3,null,1,1]"), rows());
    }

    @Test
    void defaultsHoldForLaterRows() {
        sql("ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'none'");
        sql("INSERT INTO orders (id, amount, day) VALUES (3, 30, 9)");
        sql("ALTER TABLE orders ALTER COLUMN status DROP DEFAULT");
        sql("INSERT INTO orders (id, amount, day) VALUES (4, 40, 9)");
        assertEquals(List.of("[1,new,10,7]", "[2,null,20,8]", "[3,none,30,9]", "[4,null,40,9]"), rows());
        refuses("DELTA_INVALID_RULE", "nothing", "ALTER TABLE orders ALTER COLUMN status SET DEFAULT nothing");
    }

    @Test
    void columnsMoveAndAreCommentedOn() {
        sql("ALTER TABLE orders ALTER COLUMN amount FIRST");
        sql("ALTER TABLE orders ALTER COLUMN id AFTER status, amount COMMENT 'in cents'");
        sql("ALTER TABLE orders ADD COLUMNS (note STRING AFTER amount, source STRING FIRST)");
        assertEquals(
                List.of("source", "amount", "note", "status", "id", "day"),
                List.of(session.table("orders").columns()));
        assertEquals("in cents", column("amount").metadata().entries().get("comment"));
        sql("INSERT INTO orders VALUES ('web', 5, 'n', 'x', 3, 7)");
        assertEquals(List.of("[null,10,null,new,1,7]", "[null,20,null,null,2,8]", "[web,5,n,x,3,7]"), rows());
    }

    @Test
    void whatCanNotBeMeantIsRefused() {
        refuses("UNRESOLVED_COLUMN", "Did you mean 'amount'", "ALTER TABLE orders ALTER COLUMN amonut FIRST");
        refuses("UNRESOLVED_COLUMN", "'nowhere'", "ALTER TABLE orders ALTER COLUMN amount AFTER nowhere");
        refuses("PARSE_SYNTAX_ERROR", "What is to become of the column?", "ALTER TABLE orders ALTER COLUMN amount");
        refuses("UNSUPPORTED_SQL", "Fields of structs", "ALTER TABLE orders ALTER COLUMN a.b FIRST");
        refuses("UNSUPPORTED_SQL", "SET DEFAULT", "ALTER TABLE orders ADD COLUMN n INT DEFAULT 1");
    }
}
