package dev.headrace.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameWriter;
import dev.headrace.Lookup;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables of a database, which here is DuckDB in a file.
class JdbcTest {
    @TempDir
    private Path folder;

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();

    /// That [#registered] drivers have made.
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    private String url = "";
    private Connection open;

    @BeforeEach
    void fill() throws SQLException {
        url = "jdbc:duckdb:" + folder.resolve("db");
        // Keeps the file attached: DuckDB fails when one thread attaches it while another's last connection closes.
        open = DriverManager.getConnection(url);
        execute("CREATE TABLE items (id BIGINT NOT NULL, name VARCHAR, price DECIMAL(10, 2), born DATE, "
                + "seen TIMESTAMP, noticed TIMESTAMPTZ, raw BLOB, ok BOOLEAN, score DOUBLE, small SMALLINT)");
        execute("INSERT INTO items VALUES (1, 'ann', 1.50, DATE '2024-02-29', TIMESTAMP '2024-02-29 10:00:00.123456', "
                + "TIMESTAMPTZ '2024-02-29 10:00:00+00', 'ab'::BLOB, true, 0.5, 7), "
                + "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        open.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private DataFrame table(String name) {
        return session.read().jdbc(url, name, new Properties());
    }

    @Test
    void valuesOfAllTypesAndNullsAreRead() {
        DataFrame items = table("items");

        assertEquals(
                "id BIGINT,name STRING,price DECIMAL(10,2),born DATE,seen TIMESTAMP_NTZ,noticed TIMESTAMP,raw BINARY,ok"
                        + " BOOLEAN,score DOUBLE,small SMALLINT",
                items.schema().toDDL());
        assertEquals(
                List.of(
                        "1|ann|1.50|2024-02-29|2024-02-29 10:00:00.123456|2024-02-29 10:00:00|ab|true|0.5|7",
                        "2|-|-|-|-|-|-|-|-|-"),
                items
                        .selectExpr("concat_ws('|', id, " + "coalesce(name, '-'), coalesce(price::string, '-'), "
                                + "coalesce(born::string, '-'), coalesce(seen::string, '-'), coalesce(noticed::string, '-'), "
                                + "coalesce(raw::string, '-'), coalesce(ok::string, '-'), coalesce(score::string, '-'), "
                                + "coalesce(small::string, '-')) AS line")
                        .sort("line")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList());
    }

    @Test
    void onlyTheColumnsThatAreUsedAreAskedFor() {
        assertEquals(2, table("items").count());
        assertEquals(
                List.of(RowFactory.create("ann")),
                table("items").filter("id = 1").select("name").collectAsList());
        assertEquals(
                1L,
                session.read()
                        .format("jdbc")
                        .option("url", url)
                        .option("query", "SELECT name FROM items WHERE name IS NOT NULL")
                        .load()
                        .count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = 1",
                "id <> 1",
                "2 > id",
                "id <=> 2",
                "id IN (1, 7)",
                "name = 'ann'",
                "name < 'b'",
                "name IN ('ann', 'bob')",
                "name IS NULL",
                "name IS NOT NULL",
                "name IS NULL OR price > 1.2",
                "price = 1.50 AND score < 2",
                "born = DATE '2024-02-29'",
                "born >= DATE '2024-03-01'",
                "seen = TIMESTAMP_NTZ '2024-02-29 10:00:00.123456'",
                "seen <= TIMESTAMP_NTZ '2024-02-29 10:00:00.123456'",
                "seen > TIMESTAMP_NTZ '2024-02-29 10:00:00.123455'",
                "seen < TIMESTAMP_NTZ '2024-02-29 10:00:00.123456'",
                "noticed >= TIMESTAMP '2024-02-29 10:00:00'",
                "noticed > TIMESTAMP '2024-02-29 10:00:00'",
                "ok AND small = 7",
                "NOT (id = 1 OR name = 'ann')"
            })
    void filtersKeepTheSameRowsWhetherTheyArePushedOrNot(String condition) {
        List<Row> pushed = table("items").filter(condition).select("id").collectAsList();
        List<Row> here = session.read()
                .option("pushDownPredicate", false)
                .jdbc(url, "items", new Properties())
                .filter(condition)
                .select("id")
                .collectAsList();

        assertEquals(here, pushed);
    }

    @Test
    void aDatabaseLeavesOutRowsThatFiltersDo() {
        String query = "(SELECT i AS id, CASE WHEN i > 5 THEN error('asked for ' || i) ELSE i END AS n"
                + " FROM range(100) r(i)) t";
        DataFrame kept = table(query).filter("id <= 5").select("n");
        DataFrame whole = session.read()
                .option("pushDownPredicate", false)
                .jdbc(url, query, new Properties())
                .filter("id <= 5")
                .select("n");

        assertEquals(6, kept.collectAsList().size());
        assertTrue(assertThrows(UnavailableException.class, whole::collectAsList)
                .getMessage()
                .contains("asked for 6"));
    }

    @Test
    void filtersBecomeConditionsThatKeepAtLeastTheirRows() {
        JdbcTable items = opened("items");
        BoundExpr id = column(items, "id");
        BoundExpr isFive = compare(CompareOp.EQUAL, id, Scalar.of(5L));
        BoundExpr unknown = compare(CompareOp.LESS, column(items, "name"), text("x"));

        assertEquals("\"id\" = ?", sql(items, isFive));
        assertEquals("\"id\" <> ?", sql(items, compare(CompareOp.NOT_EQUAL, id, Scalar.of(5L))));
        assertEquals("\"name\" = ?", sql(items, compare(CompareOp.EQUAL, column(items, "name"), text("x"))));
        // by some collation 'X' comes before 'x', or is the same
        assertEquals("", sql(items, unknown));
        assertEquals("", sql(items, compare(CompareOp.NOT_EQUAL, column(items, "name"), text("x"))));
        assertEquals(
                "", sql(items, compare(CompareOp.LESS, column(items, "score"), new Scalar(1.5, DataTypes.DoubleType))));
        Scalar second = new Scalar(1_000_000L, DataTypes.TimestampNTZType);
        assertEquals("\"seen\" < ?", sql(items, compare(CompareOp.LESS_OR_EQUAL, column(items, "seen"), second)));
        assertEquals(
                "(\"seen\" >= ? AND \"seen\" < ?)",
                sql(items, compare(CompareOp.EQUAL, column(items, "seen"), second)));
        // SQL Server's datetime of 10:00:00.0033333 is read as 10:00:00.003
        assertEquals(
                List.of(
                        new Scalar(995_000L, DataTypes.TimestampNTZType),
                        new Scalar(1_005_000L, DataTypes.TimestampNTZType)),
                items.filter(List.of(compare(CompareOp.EQUAL, column(items, "seen"), second)))
                        .constants());
        // what is spared may be in a year that a database does not have
        BoundExpr first = compare(CompareOp.GREATER_OR_EQUAL, column(items, "seen"), time("0001-01-01T00:00:00"));
        BoundExpr last = compare(CompareOp.LESS_OR_EQUAL, column(items, "seen"), time("9999-12-31T23:59:59.999"));
        assertEquals("", sql(items, first));
        assertEquals("", sql(items, last));
        assertEquals("\"id\" = ?", sql(items, new BoundExpr.And(unknown, isFive)));
        assertEquals("", sql(items, new BoundExpr.Or(unknown, isFive)));
        assertEquals(
                "(\"id\" = ? OR \"name\" IS NULL)",
                sql(items, new BoundExpr.Or(isFive, new BoundExpr.IsNull(column(items, "name")))));
        assertEquals("", sql(items, new BoundExpr.Not(isFive)));
        BoundExpr named = new BoundExpr.Not(new BoundExpr.IsNull(column(items, "name")));
        assertEquals("\"name\" IS NOT NULL", sql(items, named));
        // what is no text in the database may be a row, which PostgreSQL finds neither null nor not null
        assertEquals(
                "",
                new JdbcFilter.Translation(items, _ -> false)
                        .all(List.of(named))
                        .sql());
    }

    /// Databases take only so many constants in a list or a statement.
    @Test
    void filtersOfTooManyConstantsAreMetHere() {
        String many = LongStream.rangeClosed(-999, 1).mapToObj(Long::toString).collect(Collectors.joining(", "));
        JdbcTable items = opened("items");
        BoundExpr.Column id = column(items, "id");
        List<Scalar> constants = LongStream.range(0, 1_000).mapToObj(Scalar::of).toList();
        BoundExpr most = new BoundExpr.In(id, constants);
        BoundExpr one = compare(CompareOp.EQUAL, id, Scalar.of(5L));

        assertEquals(
                List.of(RowFactory.create(1L)),
                table("items").filter("id IN (" + many + ")").select("id").collectAsList());
        assertEquals(constants, items.filter(List.of(most, one)).constants());
        assertEquals("\"id\" = ?", items.filter(List.of(one, most)).sql());
        assertEquals("", sql(items, new BoundExpr.Or(most, one)));
    }

    @Test
    void whatDatabasesCompareOtherwiseIsComparedHere() throws SQLException {
        assertTrue(isComparable("PostgreSQL", Types.BIGINT, "int8"));
        assertFalse(isComparable("SQLite", Types.BIGINT, "BIGINT"));
        assertTrue(isComparable("PostgreSQL", Types.VARCHAR, "text"));
        assertFalse(isComparable("Microsoft SQL Server", Types.LONGVARCHAR, "text"));
    }

    /// As it may for a lock that another program holds.
    @Test
    void aWriteForWhichTheDatabaseWaitsIsCancelled() throws SQLException {
        execute("CREATE TABLE numbers (id BIGINT)");

        assertCancelled(
                writing(session.range(10).write().mode("append")),
                "executeBatch",
                waiting -> Map.of(
                        "prepareStatement",
                        args -> instead(
                                PreparedStatement.class, open.prepareStatement(String.valueOf(args[0])), waiting)));
    }

    @Test
    void aWriteThatWaitsForItsTableIsCancelled() throws SQLException {
        execute("CREATE TABLE numbers AS SELECT 7::BIGINT AS id");
        UnaryOperator<Map<String, Answer>> statements =
                waiting -> Map.of("createStatement", _ -> instead(Statement.class, open.createStatement(), waiting));

        assertCancelled(writing(session.range(10).write().mode("overwrite")), "executeQuery", statements);
        assertCancelled(
                writing(session.range(10).write().mode("overwrite").option("truncate", true)), "execute", statements);
        assertEquals(1, table("numbers").count());
    }

    /// What begins it may notice nothing.
    @Test
    void aWriteThatIsCancelledWhileItBeginsWritesNothing() throws SQLException {
        execute("CREATE TABLE numbers AS SELECT 7::BIGINT AS id");
        CountDownLatch begins = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Answer waits = _ -> {
            begins.countDown();
            while (told.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            return null;
        };
        Driver driver = registered(Map.of("setAutoCommit", waits));
        try {
            CompletableFuture<Void> write = CompletableFuture.runAsync(
                    () -> session.range(10).write().mode("append").jdbc("jdbc:instead", "numbers", new Properties()));
            while (begins.getCount() > 0 && !write.isDone()) {
                LockSupport.parkNanos(1_000_000);
            }
            int runs = session.interruptAll().size();
            told.countDown();

            ExecutionException failed = assertThrows(ExecutionException.class, write::get);
            assertEquals("QUERY_CANCELLED", ((HeadraceException) failed.getCause()).code());
            assertEquals(1, runs);
            assertEquals(1, table("numbers").count());
        } finally {
            DriverManager.deregisterDriver(driver);
        }
    }

    private static Runnable writing(DataFrameWriter writer) {
        return () -> writer.jdbc("jdbc:instead", "numbers", new Properties());
    }

    @Test
    void aReadForWhichTheDatabaseWaitsIsCancelled() throws SQLException {
        execute("CREATE TABLE numbers AS SELECT 7::BIGINT AS id");
        UnaryOperator<Map<String, Answer>> statements =
                waiting -> Map.of("prepareStatement", args -> reading(args, waiting));

        assertCancelled(() -> instead("numbers").collectAsList(), "executeQuery", statements);
        assertCancelled(
                () -> instead("numbers").collectAsList(),
                "executeQuery",
                waiting -> Map.of("prepareStatement", args -> {
                    PreparedStatement statement = open.prepareStatement(String.valueOf(args[0]));
                    Answer rows = _ -> instead(
                            ResultSet.class,
                            statement.executeQuery(),
                            Map.of("next", Objects.requireNonNull(waiting.get("executeQuery"))));
                    return reading(
                            args,
                            Map.of("executeQuery", rows, "cancel", Objects.requireNonNull(waiting.get("cancel"))));
                }));
        assertCancelled(
                () -> session.range(1)
                        .joinLookup(Lookup.of(instead("numbers"), "id"), "inner")
                        .collectAsList(),
                "executeQuery",
                statements);
    }

    @Test
    void aTableWhoseColumnsTheDatabaseIsAskedForIsCancelled() throws SQLException {
        execute("CREATE TABLE numbers AS SELECT 7::BIGINT AS id");

        assertCancelled(
                () -> instead("numbers"),
                "executeQuery",
                waiting -> Map.of(
                        "prepareStatement",
                        args -> instead(
                                PreparedStatement.class, open.prepareStatement(String.valueOf(args[0])), waiting)));
    }

    private DataFrame instead(String table) {
        return session.read().jdbc("jdbc:instead", table, new Properties());
    }

    /// A statement, which does something else if it asks for rows.
    private PreparedStatement reading(Object[] arguments, Map<String, Answer> others) throws SQLException {
        String sql = String.valueOf(arguments[0]);
        PreparedStatement statement = open.prepareStatement(sql);
        return sql.endsWith("WHERE 1 = 0") ? statement : instead(PreparedStatement.class, statement, others);
    }

    /// @param method of a statement, at which the database waits
    /// @param ofConnections what connections do instead, if statements do what is given
    private void assertCancelled(Runnable query, String method, UnaryOperator<Map<String, Answer>> ofConnections)
            throws SQLException {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Answer waits = _ -> {
            waiting.countDown();
            stopped.await();
            throw new SQLException("the statement was cancelled");
        };
        Answer stops = _ -> {
            // As a driver may that asks by another connection: who cancels the query does not wait for it.
            assertTrue(told.await(300, TimeUnit.SECONDS), "who cancels waits");
            stopped.countDown();
            return null;
        };
        Driver driver = registered(ofConnections.apply(Map.of(method, waits, "cancel", stops)));
        try {
            CompletableFuture<Void> run = CompletableFuture.runAsync(query);
            while (waiting.getCount() > 0 && !run.isDone()) {
                LockSupport.parkNanos(1_000_000);
            }

            int cancelled = session.interruptAll().size();
            told.countDown();
            if (cancelled == 0) {
                stopped.countDown();
            }
            ExecutionException failed = assertThrows(ExecutionException.class, run::get);

            assertEquals(
                    "[QUERY_CANCELLED] The query was cancelled before its end; nothing was written.",
                    failed.getCause().getMessage());
            assertEquals(1, cancelled);
            // those of lookups by threads of their own
            for (Connection connection : connections) {
                while (!connection.isClosed()) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        } finally {
            DriverManager.deregisterDriver(driver);
        }
    }

    /// With `40003` the database does not know it itself.
    @ParameterizedTest
    @CsvSource({
        "40001, JDBC_ROLLED_BACK",
        "23505, JDBC_REFUSED",
        "08006, COMMIT_UNKNOWN",
        "40003, COMMIT_UNKNOWN",
        ", COMMIT_UNKNOWN"
    })
    void whatACommitThatFailsHasLeftIsToldWhereItIsKnown(String state, String code) throws SQLException {
        execute("CREATE TABLE numbers (id BIGINT)");
        Answer fails = _ -> {
            throw new SQLException("no", state);
        };
        Driver driver = registered(Map.of("commit", fails));
        try {
            HeadraceException failed = assertThrows(
                    HeadraceException.class,
                    () -> session.range(10).write().mode("append").jdbc("jdbc:instead", "numbers", new Properties()));

            assertEquals(code, failed.code());
            assertEquals(0, table("numbers").count());
        } finally {
            DriverManager.deregisterDriver(driver);
        }
    }

    /// A driver of `jdbc:instead`, some of the methods of whose connections do something else.
    private Driver registered(Map<String, Answer> ofConnections) throws SQLException {
        Answer connect = args -> {
            if (!String.valueOf(args[0]).equals("jdbc:instead")) {
                return null;
            }
            Connection connection = DriverManager.getConnection(url);
            connections.add(connection);
            return instead(Connection.class, connection, ofConnections);
        };
        Driver driver = instead(Driver.class, DriverManager.getDriver(url), Map.of("connect", connect));
        DriverManager.registerDriver(driver);
        return driver;
    }

    private interface Answer {
        Object to(Object[] arguments) throws Throwable;
    }

    /// An object some of whose methods do something else.
    private static <T> T instead(Class<T> type, T of, Map<String, Answer> others) {
        return type.cast(Proxy.newProxyInstance(
                JdbcTest.class.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Answer other = others.get(method.getName());
                    try {
                        return other == null ? method.invoke(of, arguments) : other.to(arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }

    private static boolean isComparable(String database, int type, String typeName) throws SQLException {
        Map<String, Object> answers = Map.of(
                "getDatabaseProductName", database,
                "getColumnType", type,
                "getColumnTypeName", typeName,
                "isSigned", true);
        Object metadata = Proxy.newProxyInstance(
                JdbcTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class, ResultSetMetaData.class},
                (_, method, _) -> answers.get(method.getName()));
        return JdbcTypes.isComparable((DatabaseMetaData) metadata, (ResultSetMetaData) metadata, 1);
    }

    private JdbcTable opened(String name) {
        return JdbcTable.open(
                JdbcOptions.of(options(Map.of("url", url, "dbtable", name))), new JdbcTable.Reading(10, true, true));
    }

    private static ConnectorOptions options(Map<String, String> options) {
        return new ConnectorOptions(
                "jdbc", options, Optional.empty(), List.of(), List.of(), new SessionSettings(ZoneOffset.UTC, 1));
    }

    private static BoundExpr.Column column(JdbcTable table, String name) {
        int ordinal = table.schema().fieldIndex(name);
        return new BoundExpr.Column(ordinal, name, table.schema().field(ordinal).dataType(), true);
    }

    private static BoundExpr compare(CompareOp op, BoundExpr left, Scalar right) {
        return new BoundExpr.Compare(op, left, new BoundExpr.Literal(right));
    }

    private static Scalar time(String text) {
        return new Scalar(
                ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), LocalDateTime.parse(text)),
                DataTypes.TimestampNTZType);
    }

    private static Scalar text(String text) {
        return new Scalar(Slice.utf8(text), DataTypes.StringType);
    }

    private static String sql(JdbcTable table, BoundExpr filter) {
        return table.filter(List.of(filter)).sql();
    }

    @Test
    void filtersAndPartsAreAskedForTogether() throws SQLException {
        execute("CREATE TABLE many AS SELECT CASE WHEN i % 50 = 0 THEN NULL ELSE i END AS id FROM range(1000) r(i)");

        DataFrame many = session.read().jdbc(url, "many", "id", 0, 500, 4, new Properties());

        assertEquals(99 - 1, many.filter("id < 100").count());
        assertEquals(20, many.filter("id IS NULL").count());
        assertEquals(5, many.limit(5).count());
        assertEquals(
                5,
                session.read()
                        .option("pushDownLimit", false)
                        .jdbc(url, "many", new Properties())
                        .limit(5)
                        .collectAsList()
                        .size());
        assertEquals(3, table("many").limit(3).collectAsList().size());
        assertEquals(0, table("many").limit(0).collectAsList().size());
        assertEquals(
                3, table("many").filter("id > 990").limit(3).collectAsList().size());
    }

    @Test
    void columnsHaveTheTypesThatTheProgramSays() {
        DataFrame items = session.read()
                .option("customSchema", "id DECIMAL(38, 0), Price STRING, small BIGINT")
                .jdbc(url, "items", new Properties())
                .select("id", "price", "small", "name");

        assertEquals(
                "id DECIMAL(38,0),price STRING,small BIGINT,name STRING",
                items.schema().toDDL().replace(" NOT NULL", ""));
        assertEquals(
                List.of(RowFactory.create(new BigDecimal(1), "1.50", 7L, "ann")),
                items.filter("price = '1.50' AND id = 1").collectAsList());
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'customSchema' is 'nothing INT': expected columns of the table"
                        + " [id, name, price, born, seen, noticed, raw, ok, score, small].",
                assertThrows(
                                QueryException.class,
                                () -> session.read()
                                        .option("customSchema", "nothing INT")
                                        .jdbc(url, "items", new Properties()))
                        .getMessage());
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'customSchema' is 'id ARRAY<INT>': expected types of numbers,"
                        + " texts, bytes, dates, times and truth values.",
                assertThrows(
                                QueryException.class,
                                () -> session.read()
                                        .option("customSchema", "id ARRAY<INT>")
                                        .jdbc(url, "items", new Properties()))
                        .getMessage());
    }

    @Test
    void valuesBeyondTheirTypesAreNamed() throws SQLException {
        execute("CREATE TABLE large AS SELECT 123456789012345678901234567890::DECIMAL(38, 0) AS n");
        DataFrame large =
                session.read().option("customSchema", "n DECIMAL(38, 18)").jdbc(url, "large", new Properties());

        assertEquals(
                "[JDBC_VALUE_OUT_OF_RANGE] format(\"jdbc\"), column 'n': the value '123456789012345678901234567890' is"
                        + " out of the range of decimal(38,18). Read the column as another type by the option"
                        + " customSchema, such as 'n STRING'.",
                assertThrows(DataException.class, large::collectAsList).getMessage());
        // What PostgreSQL's driver gives for infinity.
        for (Map.Entry<String, Object> infinity : Map.of(
                        "c TIMESTAMP_NTZ", LocalDateTime.MAX,
                        "c TIMESTAMP", OffsetDateTime.MIN,
                        "c DATE", (Object) LocalDate.MAX)
                .entrySet()) {
            Map<String, Object> answers = Map.of("getObject", infinity.getValue(), "getString", "infinity");
            ResultSet row = (ResultSet) Proxy.newProxyInstance(
                    JdbcTest.class.getClassLoader(),
                    new Class<?>[] {ResultSet.class},
                    (_, method, _) -> answers.get(method.getName()));
            assertEquals(
                    "JDBC_VALUE_OUT_OF_RANGE",
                    assertThrows(DataException.class, () -> JdbcTypes.cells(row, StructType.fromDDL(infinity.getKey())))
                            .code());
        }
    }

    @Test
    void partsTogetherHaveEachRowOnce() throws SQLException {
        execute(
                "CREATE TABLE many AS SELECT CASE WHEN i % 50 = 0 THEN NULL ELSE i END AS id FROM range(-10, 1000) r(i)");

        DataFrame many = session.read().jdbc(url, "many", "id", 0, 500, 4, new Properties());

        assertEquals(1010, many.count());
        assertEquals(
                table("many").selectExpr("sum(id)", "count(id)").collectAsList(),
                many.selectExpr("sum(id)", "count(id)").collectAsList());
    }

    @Test
    void boundsMayBeAnyNumbers() throws SQLException {
        execute("CREATE TABLE many AS SELECT (i * 1000000000000000000)::BIGINT AS id FROM range(-9, 10) r(i)");

        for (List<Long> bounds : List.of(
                List.of(0L, 2_000_000_000_000_000_000L), List.of(Long.MIN_VALUE, Long.MAX_VALUE), List.of(3L, 3L))) {
            DataFrame many = session.read().jdbc(url, "many", "id", bounds.get(0), bounds.get(1), 6, new Properties());
            assertEquals(19, many.count());
        }
        ConnectorOptions all = options(Map.of(
                "partitionColumn",
                "id",
                "lowerBound",
                "" + Long.MIN_VALUE,
                "upperBound",
                "" + Long.MAX_VALUE,
                "numPartitions",
                "2"));
        assertEquals(
                List.of("id < -1 OR id IS NULL", "id >= -1"),
                JdbcParts.of(all).orElseThrow().conditions("id"));
    }

    @Test
    void theColumnOfPartsIsFoundAndQuotedAsThoseThatAreRead() throws SQLException {
        execute("CREATE TABLE words AS SELECT i AS \"order\", i AS \"a \"\"B\" FROM range(0, 100) r(i)");

        for (String column : List.of("order", "Order", "\"order\"", "a \"B", "A \"b", "\"a \"\"B\"")) {
            DataFrame words = session.read().jdbc(url, "words", column, 0, 100, 4, new Properties());
            assertEquals(100, words.count(), column);
            assertEquals(4, words.selectExpr("spark_partition_id()").distinct().count(), column);
        }
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'partitionColumn' is 'order + 1': expected a column of the"
                        + " table [order, a \"B].",
                assertThrows(
                                QueryException.class,
                                () -> session.read().jdbc(url, "words", "order + 1", 0, 9, 2, new Properties()))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({"fetchsize, -1", "fetchsize, 3000000000", "queryTimeout, 3000000000", "batchsize, 0"})
    void numbersAreInTheirRange(String option, String number) {
        QueryException refused = assertThrows(QueryException.class, () -> {
            if (option.equals("batchsize")) {
                session.range(3).write().option(option, number).jdbc(url, "copy", new Properties());
            } else {
                session.read().option(option, number).jdbc(url, "items", new Properties());
            }
        });

        assertEquals("INVALID_OPTION", refused.code());
        assertTrue(refused.getMessage().contains("'" + option + "' is '" + number), refused.getMessage());
    }

    @Test
    void unsignedNumbersHaveRoomForAllOfThem() throws SQLException {
        assertEquals(DataTypes.ShortType, unsigned(Types.TINYINT));
        assertEquals(DataTypes.IntegerType, unsigned(Types.SMALLINT));
        assertEquals(DataTypes.LongType, unsigned(Types.INTEGER));
        assertEquals(DataTypes.createDecimalType(20, 0), unsigned(Types.BIGINT));
    }

    private static DataType unsigned(int type) throws SQLException {
        Map<String, Object> answers = Map.of("getColumnType", type, "isSigned", false);
        Object metadata = Proxy.newProxyInstance(
                JdbcTest.class.getClassLoader(),
                new Class<?>[] {ResultSetMetaData.class},
                (_, method, _) -> answers.get(method.getName()));
        return JdbcTypes.read((ResultSetMetaData) metadata, 1);
    }

    @Test
    void rowsAreWrittenInEachMode() {
        DataFrame rows = session.sql(
                "SELECT id, concat('n', id) AS name, CAST(id AS DECIMAL(5, 1)) AS d, DATE '2024-01-01'"
                        + " AS day, TIMESTAMP '2024-01-01 10:00:00' AS t, X'61' AS raw, id % 2 = 0 AS even FROM range(2500)");

        rows.write().jdbc(url, "copy", new Properties());
        assertEquals(2500, table("copy").count());
        assertEquals(
                rows.selectExpr("sum(id)", "max(name)", "sum(d)", "min(day)", "min(t)", "count_if(even)")
                        .collectAsList(),
                table("copy")
                        .selectExpr("sum(id)", "max(name)", "sum(d)", "min(day)", "min(t)", "count_if(even)")
                        .collectAsList());

        rows.limit(5).write().mode("append").jdbc(url, "copy", new Properties());
        assertEquals(2505, table("copy").count());
        rows.limit(5).write().mode("ignore").jdbc(url, "copy", new Properties());
        assertEquals(2505, table("copy").count());
        rows.limit(3).write().mode("overwrite").jdbc(url, "copy", new Properties());
        assertEquals(3, table("copy").count());
        rows.limit(2).write().mode("overwrite").option("truncate", true).jdbc(url, "copy", new Properties());
        assertEquals(2, table("copy").count());
        assertEquals(
                "TABLE_OR_VIEW_ALREADY_EXISTS",
                assertThrows(QueryException.class, () -> rows.write().jdbc(url, "copy", new Properties()))
                        .code());
    }

    @Test
    void columnsMayBeCalledAsWordsOfSql() {
        DataFrame rows = session.sql("SELECT 1 AS `order`, 'x' AS `select`, 2 AS `a \"b`");

        rows.write().jdbc(url, "words", new Properties());
        rows.write().mode("append").jdbc(url, "words", new Properties());
        assertEquals(2, table("words").join(rows, rows.columns()).count());
        rows.write().mode("overwrite").jdbc(url, "words", new Properties());
        rows.write()
                .mode("overwrite")
                .option("truncate", true)
                .option("createTableColumnTypes", "`order` BIGINT")
                .jdbc(url, "words", new Properties());
        assertEquals(rows.collectAsList(), table("words").collectAsList());
    }

    /// As for users who may insert rows, but read only some columns.
    @Test
    void aTableMayBeWrittenThatCannotBeReadWhole() throws SQLException {
        execute("CREATE TABLE numbers (id BIGINT)");
        Answer statements = _ -> {
            Statement statement = open.createStatement();
            Answer query = args -> {
                if (String.valueOf(args[0]).startsWith("SELECT *")) {
                    throw new SQLException("permission denied");
                }
                return statement.executeQuery(String.valueOf(args[0]));
            };
            return instead(Statement.class, statement, Map.of("executeQuery", query));
        };
        Driver driver = registered(Map.of("createStatement", statements));
        try {
            session.range(3).write().mode("append").jdbc("jdbc:instead", "numbers", new Properties());
        } finally {
            DriverManager.deregisterDriver(driver);
        }
        assertEquals(3, table("numbers").count());
    }

    /// As some databases fold what is not quoted.
    @Test
    void columnsAreSpelledAsTheTableDoes() {
        JdbcTarget target = new JdbcTarget(
                JdbcOptions.of(options(Map.of("url", url, "dbtable", "t"))),
                "\"",
                Optional.of(List.of("userid", "Day", "day", "ID", "Id")));

        assertEquals("\"userid\"", target.quoted("userId"));
        assertEquals("\"day\"", target.quoted("day"));
        assertEquals("\"id\"", target.quoted("id"));
        assertEquals("\"none\"", target.quoted("none"));
        assertEquals("INSERT INTO t (\"userId\") VALUES (?)", target.dropped().insert(List.of("userId")));
    }

    @Test
    void wideRowsMakeShortChunks() throws SQLException {
        execute("CREATE TABLE wide AS SELECT repeat('x', 1000000) AS s FROM range(40)");
        List<Integer> rows = new ArrayList<>();
        JdbcTable wide = opened("wide");
        try (BufferAllocator allocator = new RootAllocator();
                ChunkReader reader = wide.scan(ScanRequest.all(wide.schema()))
                        .splits()
                        .getFirst()
                        .open(allocator)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                rows.add(chunk.rowCount());
                chunk.close();
            }
        }

        assertEquals(List.of(17, 17, 6), rows);
    }

    @Test
    void tablesAreMadeOfTheTypesThatTheProgramSays() {
        DataFrame rows = session.sql("SELECT 1 AS id, 'x' AS name, 1.5BD AS price");
        DataFrameWriter write = rows.write().option("numPartitions", 2);

        write.option("createTableColumnTypes", "Price DECIMAL(20, 4), `id` BIGINT")
                .jdbc(url, "typed", new Properties());

        assertEquals(
                "id BIGINT,name STRING,price DECIMAL(20,4)",
                table("typed").schema().toDDL().replace(" NOT NULL", ""));
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'createTableColumnTypes' is 'nothing INT': expected columns of the"
                        + " rows [id, name, price].",
                refused(write.option("createTableColumnTypes", "nothing INT")));
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'createTableColumnTypes' is 'id INT, ID INT': expected each column"
                        + " once.",
                refused(write.option("createTableColumnTypes", "id INT, ID INT")));
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'createTableColumnTypes' is 'id': expected columns and their types,"
                        + " such as name CHAR(64), note VARCHAR(1024).",
                refused(write.option("createTableColumnTypes", "id")));
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'isolationLevel' is 'some': expected one of NONE, READ_UNCOMMITTED,"
                        + " READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE.",
                refused(rows.write().option("isolationLevel", "some")));
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'numPartitions' is '0': expected at least 1.",
                refused(rows.write().option("numPartitions", 0)));
        assertEquals(
                "[INVALID_OPTION] format(\"jdbc\") option 'cascadeTruncate' is 'true': expected false, because only PostgreSQL"
                        + " and Oracle can.",
                refused(rows.write().mode("overwrite").option("truncate", true).option("cascadeTruncate", true)));
    }

    private String refused(DataFrameWriter write) {
        return assertThrows(QueryException.class, () -> write.jdbc(url, "typed", new Properties()))
                .getMessage();
    }

    @Test
    void aWriteWithoutTransactionLeavesWhatItHasSent() throws SQLException {
        execute("CREATE TABLE strict (id BIGINT PRIMARY KEY)");
        DataFrameWriter write = session.sql("SELECT id % 10 AS id FROM range(20)")
                .coalesce(1)
                .write()
                .mode("append")
                .option("batchsize", 1)
                .option("isolationLevel", "none");

        assertThrows(QueryException.class, () -> write.jdbc(url, "strict", new Properties()));

        assertEquals(10, table("strict").count());
    }

    @Test
    void aWriteThatFailsLeavesNothing() throws SQLException {
        execute("CREATE TABLE strict (id BIGINT PRIMARY KEY)");

        assertEquals(
                "JDBC_REFUSED",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT id % 10 AS id FROM range(20)")
                                        .write()
                                        .mode("append")
                                        .jdbc(url, "strict", new Properties()))
                        .code());
        assertEquals(0, table("strict").count());
    }

    @Test
    void mistakesAreSaid() {
        assertEquals(
                "[MISSING_OPTION] format(\"jdbc\") needs the option 'url', such as jdbc:postgresql://host/database.",
                assertThrows(
                                QueryException.class,
                                () -> session.read().format("jdbc").load())
                        .getMessage());
        assertEquals(
                "[MISSING_OPTION] format(\"jdbc\") needs the option 'dbtable' or 'query', and only one of them.",
                assertThrows(
                                QueryException.class,
                                () -> session.read()
                                        .format("jdbc")
                                        .option("url", url)
                                        .load())
                        .getMessage());
        UnavailableException noDriver = assertThrows(
                UnavailableException.class,
                () -> session.read().jdbc("jdbc:none://ann:hush@host/db?password=hush", "t", new Properties()));
        assertEquals(
                "[JDBC_FAILED] format(\"jdbc\") t: the database can't be reached: No suitable driver found for the URL."
                        + " Is the driver on the class path, and are url, user and dbtable right?",
                noDriver.getMessage());
        StringWriter all = new StringWriter();
        noDriver.printStackTrace(new PrintWriter(all));
        assertFalse(all.toString().contains("hush"), all.toString());
        assertTrue(assertThrows(UnavailableException.class, () -> table("nothing"))
                .getMessage()
                .startsWith("[JDBC_FAILED] format(\"jdbc\") nothing: the database does not describe it: "));
        assertEquals(
                "UNSUPPORTED_DATA_TYPE",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT array(1) AS a")
                                        .write()
                                        .jdbc(url, "x", new Properties()))
                        .code());
    }
}
