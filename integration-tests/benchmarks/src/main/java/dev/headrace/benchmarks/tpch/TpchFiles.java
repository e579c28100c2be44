package dev.headrace.benchmarks.tpch;

import dev.headrace.Session;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Makes the tables of TPC-H as files, in a directory with a directory per table: `lineitem.csv/` and so on with `|`
/// between values and no header, `lineitem.json/`, and Parquet in `lineitem/` and so on.
final class TpchFiles {
    private TpchFiles() {}

    /// Writes the files for a scale factor, unless they are there.
    ///
    /// @param singleThings whether CSV and JSON files are to stay for the queries over them
    static void make(Path directory, double scale, boolean singleThings) throws IOException {
        if (Files.exists(directory.resolve("complete"))) {
            return;
        }
        Files.createDirectories(directory);
        try (Session session = Session.builder().getOrCreate()) {
            for (Map.Entry<String, String> table : Tpch.TABLES.entrySet()) {
                String name = table.getKey();
                Path csv = directory.resolve(name + ".csv");
                Files.createDirectories(csv);
                Path lines = csv.resolve("lines.csv");
                write(name, scale, lines);
                session.read()
                        .schema(table.getValue())
                        .option("sep", "|")
                        .csv(csv.toString())
                        .write()
                        .mode("overwrite")
                        .option("compression", "snappy")
                        .option("parquet.block.size", 32L << 20)
                        .parquet(directory.resolve(name).toString());
                if (!singleThings || !name.equals("lineitem")) {
                    Files.delete(lines);
                    Files.delete(csv);
                }
            }
            if (singleThings) {
                session.read()
                        .parquet(directory.resolve("lineitem").toString())
                        .write()
                        .mode("overwrite")
                        .json(directory.resolve("lineitem.json").toString());
            }
        }
        Files.createFile(directory.resolve("complete"));
    }

    private static void write(String table, double scale, Path to) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(to)) {
            for (TpchEntity row : TpchTable.getTable(table).createGenerator(scale, 1, 1)) {
                String line = row.toLine();
                out.write(line, 0, line.length() - 1);
                out.write('\n');
            }
        }
    }
}
