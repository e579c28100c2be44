package dev.headrace.databases;

import static dev.headrace.functions.col;
import static dev.headrace.functions.max;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.engine.Step;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams into a database, which here is DuckDB in a file.
class JdbcStreamTest {
    @TempDir
    private Path folder;

    private final StreamTest test = StreamTest.create();
    private final TestInput input = test.input("name string, amount bigint");
    private String url = "";
    private Connection open;

    @BeforeEach
    void open() throws SQLException {
        url = "jdbc:duckdb:" + folder.resolve("db");
        // Keeps the file attached: DuckDB fails when one thread attaches it while another's last connection closes.
        open = DriverManager.getConnection(url);
    }

    @AfterEach
    void close() throws SQLException {
        test.close();
        open.close();
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = open.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    cells.add(found.getString(i));
                }
                rows.add(String.join(" ", cells));
            }
        }
        return rows.stream().sorted().toList();
    }

    private DataStreamWriter writer(DataFrame rows, String mode) {
        return rows.writeStream()
                .outputMode(mode)
                .format("jdbc")
                .option("url", url)
                .option("dbtable", "result")
                .option("batchsize", 2)
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", folder.resolve("checkpoint").toString());
    }

    private void run(DataStreamWriter writer) throws TimeoutException {
        StreamingQuery query = writer.start();
        query.awaitTermination();
    }

    private DataFrame sums() {
        return input.toDF().groupBy("name").agg(sum("amount").as("total"));
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void everyRowIsThereOnceWhereverTheCrash(Step step) throws Exception {
        for (String when : List.of("before", "after")) {
            input.add("ann", 1L).add("bob", 2L).add("cyd", 3L);
            long next = Math.max(
                    0,
                    rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'headrace_batches'")
                                    .isEmpty()
                            ? 0
                            : Long.parseLong(rows("SELECT batch FROM headrace_batches")
                                            .getFirst())
                                    + 1);
            test.session().conf().set("headrace.testing.failAt", when + ":" + step.name() + ":" + next);
            assertThrows(StreamingQueryException.class, () -> run(writer(input.toDF(), "append")));
            test.session().conf().unset("headrace.testing.failAt");
            run(writer(input.toDF(), "append"));
        }
        assertEquals(List.of("ann 1", "ann 1", "bob 2", "bob 2", "cyd 3", "cyd 3"), rows("SELECT * FROM result"));
    }

    @Test
    void twoOutputsOfAQueryMayGoToOneDatabase() throws Exception {
        for (String when : List.of("before", "after")) {
            input.add("ann", 1L).add("bob", 2L);
            DataStreamWriter both = writer(input.toDF(), "append")
                    .alsoTo(input.toDF()
                            .where("amount > 1")
                            .writeStream()
                            .format("jdbc")
                            .option("url", url)
                            .option("dbtable", "large"));
            test.session().conf().set("headrace.testing.failAt", when + ":COMMIT:" + (when.equals("before") ? 0 : 1));
            assertThrows(StreamingQueryException.class, () -> run(both));
            test.session().conf().unset("headrace.testing.failAt");
            run(both);
        }
        assertEquals(List.of("ann 1", "ann 1", "bob 2", "bob 2"), rows("SELECT * FROM result"));
        assertEquals(List.of("bob 2", "bob 2"), rows("SELECT * FROM large"));
    }

    @Test
    void changedRowsReplaceThoseBefore() throws Exception {
        input.add("ann", 1L).add("bob", 2L);
        run(writer(sums(), "update"));
        input.add("ann", 5L).add("cyd", 3L);
        run(writer(sums(), "update"));
        assertEquals(List.of("ann 6", "bob 2", "cyd 3"), rows("SELECT * FROM result"));
    }

    @Test
    void aChangelogRemovesWhatIsGone() throws Exception {
        DataFrame large = sums().where("total < 10");
        input.add("ann", 1L).add("bob", 2L);
        run(writer(large, "changelog").option("keys", "name"));
        assertEquals(List.of("ann 1", "bob 2"), rows("SELECT * FROM result"));
        input.add("ann", 20L).add("bob", 3L).add("cyd", 4L);
        run(writer(large, "changelog").option("keys", "name"));
        assertEquals(List.of("bob 5", "cyd 4"), rows("SELECT * FROM result"));
    }

    @Test
    void columnsMayBeCalledAsWordsOfSql() throws Exception {
        DataFrame large =
                sums().where("total < 10").withColumnRenamed("name", "group").withColumnRenamed("total", "order");
        input.add("ann", 1L).add("bob", 2L);
        run(writer(large, "changelog").option("keys", "group"));
        input.add("ann", 20L).add("bob", 3L);
        run(writer(large, "changelog").option("keys", "group"));
        assertEquals(List.of("bob 5"), rows("SELECT * FROM result"));
    }

    @Test
    void aWholeResultTakesThePlaceOfTheOneBefore() throws Exception {
        DataFrame most =
                input.toDF().groupBy("name").agg(max("amount").as("most")).where("most < 10");
        input.add("ann", 1L).add("bob", 2L);
        run(writer(most, "complete"));
        input.add("ann", 20L);
        run(writer(most, "complete"));
        assertEquals(List.of("bob 2"), rows("SELECT * FROM result"));
    }

    @Test
    void aTableThatIsThereIsWrittenTo() throws Exception {
        try (Statement statement = open.createStatement()) {
            statement.execute("CREATE TABLE result (total BIGINT, name VARCHAR, note VARCHAR DEFAULT 'none')");
        }
        input.add("ann", 1L);
        run(writer(sums(), "update"));
        assertEquals(List.of("1 ann none"), rows("SELECT * FROM result"));
    }

    @Test
    void rowsThatTheTableDoesNotTakeEndTheQuery() throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("CREATE TABLE result (name VARCHAR)");
        }
        input.add("ann", 1L);
        StreamingQueryException failed =
                assertThrows(StreamingQueryException.class, () -> run(writer(sums(), "update")));
        assertTrue(
                failed.getCause()
                        .getMessage()
                        .startsWith("[JDBC_REFUSED] format(\"jdbc\") result: the database refuses"),
                failed.getCause().getMessage());
    }

    @Test
    void keysThatTellNothingAreRefused() {
        input.add("ann", 1L).add("ann", 2L).add(null, 3L);
        QueryException missing =
                assertThrows(QueryException.class, () -> run(writer(sums().where("total > 0"), "changelog")));
        assertEquals(
                "[MISSING_OPTION] format(\"jdbc\") needs the option 'keys' to apply a changelog: the columns that identify"
                        + " a row of the result, such as option(\"keys\", \"day, user\").",
                missing.getMessage());
        QueryException unknown = assertThrows(
                QueryException.class, () -> run(writer(sums(), "update").option("keys", "nam")));
        assertTrue(unknown.getMessage().contains("columns of the result [name, total]"), unknown.getMessage());
        StreamingQueryException isNull =
                assertThrows(StreamingQueryException.class, () -> run(writer(sums(), "update")));
        assertEquals(
                "[JDBC_KEY_NULL] format(\"jdbc\") result: the key column 'name' is null in a row, so no row of the table can"
                        + " be told to be the same. Filter such rows out, or use coalesce.",
                isNull.getCause().getMessage());
        StreamingQueryException twice = assertThrows(
                StreamingQueryException.class,
                () -> run(writer(input.toDF().where(col("name").isNotNull()).select("name", "amount"), "update")
                        .option("keys", "name")
                        .option("dbtable", "twice")
                        .option("checkpointLocation", folder.resolve("twice").toString())));
        assertEquals(
                "[JDBC_KEY_NOT_UNIQUE] format(\"jdbc\") twice: a batch has two rows of the key [name] = [ann]. Name the"
                        + " columns that identify a row of the result in option(\"keys\", …).",
                twice.getCause().getMessage());
    }
}
