package dev.headrace.benchmarks;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Something that answers queries over tables that lie as Parquet files in a directory per table.
public interface Engine extends AutoCloseable {
    /// Runs a query and gives all its rows.
    List<List<Object>> run(String sql) throws SQLException;

    @Override
    void close() throws SQLException;

    /// Headrace in this process, with two threads.
    static HeadraceEngine headrace(Path directory, Collection<String> tables) {
        Session session = Session.builder().master("local[2]").getOrCreate();
        for (String table : tables) {
            session.read().parquet(directory.resolve(table).toString()).createOrReplaceTempView(table);
        }
        return new HeadraceEngine(session);
    }

    /// DuckDB in this process, with two threads; nulls are sorted as Spark sorts them.
    static DuckDbEngine duckdb(Path directory, Collection<String> tables) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        statement.execute("SET threads = 2");
        statement.execute("SET default_null_order = 'nulls_first_on_asc_last_on_desc'");
        for (String table : tables) {
            statement.execute("CREATE VIEW " + table + " AS SELECT * FROM read_parquet('" + directory.resolve(table)
                    + "/*.parquet')");
        }
        return new DuckDbEngine(connection, statement);
    }

    /// Headrace.
    record HeadraceEngine(Session session) implements Engine {
        @Override
        public List<List<Object>> run(String sql) {
            return rows(session.sql(sql));
        }

        /// All rows of a query.
        public static List<List<Object>> rows(DataFrame query) {
            List<List<Object>> rows = new ArrayList<>();
            for (Row row : query.collectAsList()) {
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < row.length(); i++) {
                    values.add(row.get(i));
                }
                rows.add(values);
            }
            return rows;
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /// DuckDB.
    record DuckDbEngine(Connection connection, Statement statement) implements Engine {
        @Override
        public List<List<Object>> run(String sql) throws SQLException {
            List<List<Object>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<Object> values = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        values.add(result.getObject(i));
                    }
                    rows.add(values);
                }
            }
            return rows;
        }

        @Override
        public void close() throws SQLException {
            statement.close();
            connection.close();
        }
    }
}
