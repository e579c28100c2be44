package dev.headrace.benchmarks.tpcds;

import dev.headrace.benchmarks.Engine;
import dev.headrace.benchmarks.QuerySet;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// The 99 queries of TPC-DS.
public final class TpcdsQueries implements QuerySet {
    @Override
    public String name() {
        return "tpcds";
    }

    @Override
    public String title() {
        return "TPC-DS";
    }

    @Override
    public String engines() {
        return "headrace,duckdb,spark";
    }

    @Override
    public List<List<String>> groups(double scale) {
        return List.of(QuerySet.numbered(99));
    }

    @Override
    public String coldQuery() {
        return "q03";
    }

    @Override
    public void makeFiles(Path directory, double scale) throws IOException {
        TpcdsFiles.make(directory, scale);
    }

    @Override
    public Engine open(String engine, Path directory) throws SQLException {
        return engine.equals("duckdb")
                ? Engine.duckdb(directory, TpcdsFiles.tables())
                : Engine.headrace(directory, TpcdsFiles.tables());
    }
}
