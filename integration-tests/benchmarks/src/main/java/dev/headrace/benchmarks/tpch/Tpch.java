package dev.headrace.benchmarks.tpch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables and queries of TPC-H.
final class Tpch {
    /// The columns of each table by its name.
    static final Map<String, String> TABLES = tables();

    /// Queries that each stress one thing, over the same tables.
    static final List<String> SINGLE_THINGS =
            List.of("group_by_key", "group_by_string", "top_100", "full_sort", "join", "window", "csv", "json");

    private Tpch() {}

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

    /// The names of the 22 queries.
    static List<String> queries() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= 22; i++) {
            names.add(i < 10 ? "q0" + i : "q" + i);
        }
        return names;
    }

    /// The text of a query.
    static String text(String query) {
        try (InputStream in = Tpch.class.getResourceAsStream(query + ".sql")) {
            if (in == null) {
                throw new IllegalArgumentException("no query '" + query + "'");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
