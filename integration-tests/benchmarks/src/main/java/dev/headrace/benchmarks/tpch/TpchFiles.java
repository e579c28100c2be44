package dev.headrace.benchmarks.tpch;

import dev.headrace.Session;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes the tables of TPC-H as files, in a directory with a directory per table: Parquet in `lineitem/` and so on, and
/// up to scale factor 1 `lineitem.csv/` with `|` between values and no header, and `lineitem.json/`.
final class TpchFiles {
    /// The columns of each table by its name.
    static final Map<String, String> TABLES = tables();

    private TpchFiles() {}

    private static Map<String, String> tables() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put(
                "customer",
                "c_custkey bigint, c_name string, c_address string, c_nationkey bigint, c_phone string,"
                        + " c_acctbal decimal(15,2), c_mktsegment string, c_comment string");
        tables.put(
                "orders",
                "o_orderkey bigint, o_custkey bigint, o_orderstatus string, o_totalprice decimal(15,2),"
                        + " o_orderdate date, o_orderpriority string, o_clerk string, o_shippriority int,"
                        + " o_comment string");
        tables.put(
                "lineitem",
                "l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber int,"
                        + " l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2),"
                        + " l_tax decimal(15,2), l_returnflag string, l_linestatus string, l_shipdate date,"
                        + " l_commitdate date, l_receiptdate date, l_shipinstruct string, l_shipmode string,"
                        + " l_comment string");
        tables.put(
                "part",
                "p_partkey bigint, p_name string, p_mfgr string, p_brand string, p_type string, p_size int,"
                        + " p_container string, p_retailprice decimal(15,2), p_comment string");
        tables.put(
                "partsupp",
                "ps_partkey bigint, ps_suppkey bigint, ps_availqty int, ps_supplycost decimal(15,2),"
                        + " ps_comment string");
        tables.put(
                "supplier",
                "s_suppkey bigint, s_name string, s_address string, s_nationkey bigint, s_phone string,"
                        + " s_acctbal decimal(15,2), s_comment string");
        tables.put("nation", "n_nationkey bigint, n_name string, n_regionkey bigint, n_comment string");
        tables.put("region", "r_regionkey bigint, r_name string, r_comment string");
        return tables;
    }

    /// Whether there are CSV and JSON: what is read of them per second does not depend on how much there is.
    static boolean hasTexts(double scale) {
        return scale <= 1;
    }

    /// Writes the files for a scale factor, unless they are there.
    static void make(Path directory, double scale) throws IOException {
        if (Files.exists(directory.resolve("complete"))) {
            return;
        }
        Files.createDirectories(directory);
        try (Session session = Session.builder().getOrCreate()) {
            for (Map.Entry<String, String> table : TABLES.entrySet()) {
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
                if (!name.equals("lineitem") || !hasTexts(scale)) {
                    Files.delete(lines);
                    Files.delete(csv);
                }
            }
            if (hasTexts(scale)) {
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
