package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In which order inner joins come, by what tables know of their columns.
class JoinOrderTest {
    @TempDir
    private Path directory;

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    /// Sales of a thousand days, the tenth of them that came back, and the days of two centuries.
    @BeforeEach
    void writeTables() {
        DataFrame sales = session.range(0, 40_000, 1, 8)
                .selectExpr(
                        "id",
                        "id * 7919 % 1000 AS item",
                        "id * 31 % 5000 AS customer",
                        "id div 4 AS ticket",
                        "10000 + id div 40 AS day");
        write("sales", sales);
        write("returns", sales.where("id % 10 = 0"));
        write(
                "days",
                session.range(0, 73_000, 1, 8)
                        .selectExpr("id AS day", "id div 7 AS week", "id % 7 AS weekday", "id div 365 AS year"));
        write("items", session.range(0, 1000, 1, 2).selectExpr("id AS item", "id % 3 AS kind"));
    }

    private void write(String name, DataFrame rows) {
        String path = directory.resolve(name).toString();
        rows.write().parquet(path);
        session.read().parquet(path).createOrReplaceTempView(name);
    }

    /// @param tables those that stream first, the ones held for them behind
    private void assertOrder(List<String> tables, String query) {
        String plan = session.sql("EXPLAIN " + query).head().getString(0);
        List<String> scans = Pattern.compile("Scan parquet \\S*/(\\w+) ")
                .matcher(plan)
                .results()
                .map(scan -> scan.group(1))
                .toList();
        assertEquals(tables, scans, plan);
    }

    @Test
    void keysOfSeveralColumnsHaveAtMostAsManyValuesAsTheirTableHasRows() {
        assertOrder(
                List.of("sales", "returns", "days"),
                "SELECT count(*) FROM sales s, returns r, days d WHERE s.item = r.item AND s.customer = r.customer"
                        + " AND s.ticket = r.ticket AND s.day = d.day AND year = 28");
    }

    @Test
    void daysWithoutSalesAreNoPartnersOfSales() {
        assertOrder(
                List.of("sales", "days", "items"),
                "SELECT count(*) FROM sales s, items i, days d WHERE s.item = i.item AND s.day = d.day"
                        + " AND weekday = 3 AND kind = 1");
    }
}
