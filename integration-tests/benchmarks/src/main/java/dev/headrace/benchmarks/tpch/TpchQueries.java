package dev.headrace.benchmarks.tpch;

import dev.headrace.Session;
import dev.headrace.benchmarks.Engine;
import dev.headrace.benchmarks.QuerySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The 22 queries of TPC-H, and some that each stress one thing over the same tables.
public final class TpchQueries implements QuerySet {
    private static final List<String> SINGLE_THINGS =
            List.of("group_by_key", "group_by_string", "top_100", "full_sort", "join", "window");
    private static final List<String> TEXTS = List.of("csv", "json");

    @Override
    public String name() {
        return "tpch";
    }

    @Override
    public String title() {
        return "TPC-H";
    }

    @Override
    public String engines() {
        return "headrace,duckdb,spark";
    }

    @Override
    public List<List<String>> groups(double scale) {
        List<String> single = new ArrayList<>(SINGLE_THINGS);
        if (TpchFiles.hasTexts(scale)) {
            single.addAll(TEXTS);
        }
        return List.of(QuerySet.numbered(22), single);
    }

    @Override
    public String coldQuery() {
        return "q06";
    }

    @Override
    public void makeFiles(Path directory, double scale) throws IOException {
        TpchFiles.make(directory, scale);
    }

    @Override
    public Engine open(String engine, Path directory) throws SQLException {
        return engine.equals("duckdb") ? duckdb(directory) : headrace(directory);
    }

    private static Engine headrace(Path directory) {
        Engine.HeadraceEngine engine = Engine.headrace(directory, TpchFiles.TABLES.keySet());
        String columns = Objects.requireNonNull(TpchFiles.TABLES.get("lineitem"));
        if (Files.exists(directory.resolve("lineitem.csv"))) {
            Session session = engine.session();
            session.read()
                    .schema(columns)
                    .option("sep", "|")
                    .csv(directory.resolve("lineitem.csv").toString())
                    .createOrReplaceTempView("lineitem_csv");
            session.read()
                    .schema(columns)
                    .json(directory.resolve("lineitem.json").toString())
                    .createOrReplaceTempView("lineitem_json");
        }
        return engine;
    }

    private static Engine duckdb(Path directory) throws SQLException {
        Engine.DuckDbEngine engine = Engine.duckdb(directory, TpchFiles.TABLES.keySet());
        Path csv = directory.resolve("lineitem.csv");
        if (Files.exists(csv)) {
            String columns = duckdbColumns("lineitem");
            Statement statement = engine.statement();
            statement.execute("CREATE VIEW lineitem_csv AS SELECT * FROM read_csv('" + csv
                    + "/*.csv', delim = '|', header = false, columns = " + columns + ")");
            statement.execute("CREATE VIEW lineitem_json AS SELECT * FROM read_json('"
                    + directory.resolve("lineitem.json") + "/*.json', format = 'newline_delimited', columns = "
                    + columns + ")");
        }
        return engine;
    }

    private static String duckdbColumns(String table) {
        StringBuilder out = new StringBuilder("{");
        for (String column : String.valueOf(TpchFiles.TABLES.get(table)).split(", ")) {
            String[] nameAndType = column.split(" ", 2);
            out.append(out.length() > 1 ? ", " : "")
                    .append(nameAndType[0])
                    .append(": '")
                    .append(nameAndType[1].replace("string", "varchar"))
                    .append("'");
        }
        return out.append("}").toString();
    }
}
