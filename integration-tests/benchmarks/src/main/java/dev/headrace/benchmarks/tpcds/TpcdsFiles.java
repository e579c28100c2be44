package dev.headrace.benchmarks.tpcds;

import dev.headrace.Session;
import io.trino.tpcds.Results;
import io.trino.tpcds.Table;
import io.trino.tpcds.column.Column;
import io.trino.tpcds.column.ColumnType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Makes the tables of TPC-DS as Parquet files, in a directory with a directory per table.
final class TpcdsFiles {
    private static final List<Table> TABLES =
            Table.getBaseTables().stream().filter(t -> t != Table.DBGEN_VERSION).toList();

    private TpcdsFiles() {}

    /// The names of the 24 tables.
    static List<String> tables() {
        return TABLES.stream().map(Table::getName).toList();
    }

    /// The columns of a table with their types.
    private static String columns(Table table) {
        return Arrays.stream(table.getColumns())
                .map(column -> column.getName() + " " + type(column))
                .collect(Collectors.joining(", "));
    }

    private static String type(Column column) {
        ColumnType type = column.getType();
        return switch (type.getBase()) {
            case INTEGER, IDENTIFIER -> "int";
            case DATE -> "date";
            case DECIMAL ->
                "decimal(" + type.getPrecision().orElseThrow() + ","
                        + type.getScale().orElseThrow() + ")";
            case CHAR, VARCHAR, TIME -> "string";
        };
    }

    /// Writes the files for a scale factor, unless they are there.
    static void make(Path directory, double scale) throws IOException {
        if (Files.exists(directory.resolve("complete"))) {
            return;
        }
        Files.createDirectories(directory);
        TABLES.parallelStream().forEach(table -> write(table, scale, lines(directory, table)));
        try (Session session = Session.builder().getOrCreate()) {
            for (Table table : TABLES) {
                Path lines = lines(directory, table);
                session.read()
                        .schema(columns(table))
                        .option("sep", "|")
                        .csv(lines.toString())
                        .write()
                        .mode("overwrite")
                        .option("compression", "snappy")
                        .option("parquet.block.size", 32L << 20)
                        .parquet(directory.resolve(table.getName()).toString());
                Files.delete(lines);
            }
        }
        Files.createFile(directory.resolve("complete"));
    }

    private static Path lines(Path directory, Table table) {
        return directory.resolve(table.getName() + ".csv");
    }

    private static void write(Table table, double scale, Path to) {
        io.trino.tpcds.Session generator =
                io.trino.tpcds.Session.getDefaultSession().withScale(scale);
        try (BufferedWriter out = Files.newBufferedWriter(to)) {
            for (List<List<String>> rows : Results.constructResults(table, generator.withTable(table))) {
                write(rows.getFirst(), out);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Empty texts are nulls.
    private static void write(List<String> values, BufferedWriter out) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            out.write(i > 0 ? "|" : "");
            out.write(value == null ? "" : value);
        }
        out.write('\n');
    }
}
