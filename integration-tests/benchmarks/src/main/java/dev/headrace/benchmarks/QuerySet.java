package dev.headrace.benchmarks;

import dev.headrace.benchmarks.tpcds.TpcdsQueries;
import dev.headrace.benchmarks.tpch.TpchQueries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// Queries over tables that can be made, which several engines answer.
public interface QuerySet {
    /// The sets by their names, `tpch` and `tpcds`.
    static QuerySet of(String name) {
        return switch (name) {
            case "tpch" -> new TpchQueries();
            case "tpcds" -> new TpcdsQueries();
            default -> throw new IllegalArgumentException("no queries '" + name + "': tpch, tpcds");
        };
    }

    /// The name in commands, settings and directories.
    String name();

    /// The name for people.
    String title();

    /// The engines that are measured if none are named.
    String engines();

    /// The names of the queries for a scale factor, in groups of which each has its geometric mean.
    List<List<String>> groups(double scale);

    /// The query that is timed from the start of a process.
    String coldQuery();

    /// Writes the tables for a scale factor, unless they are there.
    void makeFiles(Path directory, double scale) throws IOException;

    /// Headrace or DuckDB over these files.
    Engine open(String engine, Path directory) throws SQLException;

    /// The text of a query, which all engines understand.
    default String text(String query) {
        try (InputStream in = getClass().getResourceAsStream(query + ".sql")) {
            if (in == null) {
                throw new IllegalArgumentException("no query '" + query + "'");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /// The text of a query without the limit at its end. Which of rows that are equal in the order a limit leaves is up
    /// to the engine; all rows are the same for each.
    default String unlimited(String query) {
        return text(query).strip().replaceFirst("\\s+LIMIT \\d+$", "");
    }

    /// The names `q01` and so on.
    static List<String> numbered(int count) {
        return java.util.stream.IntStream.rangeClosed(1, count)
                .mapToObj(i -> i < 10 ? "q0" + i : "q" + i)
                .toList();
    }
}
