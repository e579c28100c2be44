package dev.headrace.benchmarks.tpch;

import dev.headrace.Row;
import dev.headrace.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Something that answers queries over the files of [TpchFiles].
interface Engine extends AutoCloseable {
    /// Runs a query and gives all its rows.
    List<List<Object>> run(String sql) throws SQLException;

    @Override
    void close() throws SQLException;

    /// Headrace in this process.
    static Engine headrace(Path directory) {
        Session session = Session.builder().master("local[2]").getOrCreate();
        for (Map.Entry<String, String> table : Tpch.TABLES.entrySet()) {
            session.read()
                    .parquet(directory.resolve(table.getKey()).toString())
                    .createOrReplaceTempView(table.getKey());
        }
        String columns = Tpch.TABLES.get("lineitem");
        Path csv = directory.resolve("lineitem.csv");
        if (columns != null && Files.exists(csv)) {
            session.read()
                    .schema(columns)
                    .option("sep", "|")
                    .csv(csv.toString())
                    .createOrReplaceTempView("lineitem_csv");
            session.read()
                    .schema(columns)
                    .json(directory.resolve("lineitem.json").toString())
                    .createOrReplaceTempView("lineitem_json");
        }
        return new HeadraceEngine(session);
    }

    /// DuckDB in this process, with two threads.
    static Engine duckdb(Path directory) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        statement.execute("SET threads = 2");
        for (String table : Tpch.TABLES.keySet()) {
            statement.execute("CREATE VIEW " + table + " AS SELECT * FROM read_parquet('" + directory.resolve(table)
                    + "/*.parquet')");
        }
        Path csv = directory.resolve("lineitem.csv");
        if (Files.exists(csv)) {
            String columns = duckdbColumns("lineitem");
            statement.execute("CREATE VIEW lineitem_csv AS SELECT * FROM read_csv('" + csv
                    + "/*.csv', delim = '|', header = false, columns = " + columns + ")");
            statement.execute("CREATE VIEW lineitem_json AS SELECT * FROM read_json('"
                    + directory.resolve("lineitem.json") + "/*.json', format = 'newline_delimited', columns = "
                    + columns + ")");
        }
        return new DuckDbEngine(connection, statement);
    }

    private static String duckdbColumns(String table) {
        StringBuilder out = new StringBuilder("{");
        for (String column : String.valueOf(Tpch.TABLES.get(table)).split(", ")) {
            String[] nameAndType = column.split(" ", 2);
            out.append(out.length() > 1 ? ", " : "")
                    .append(nameAndType[0])
                    .append(": '")
                    .append(nameAndType[1].replace("string", "varchar"))
                    .append("'");
        }
        return out.append("}").toString();
    }

    /// Headrace.
    record HeadraceEngine(Session session) implements Engine {
        @Override
        public List<List<Object>> run(String sql) {
            List<List<Object>> rows = new ArrayList<>();
            for (Row row : session.sql(sql).collectAsList()) {
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
