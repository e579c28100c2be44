import static dev.headrace.functions.*;

import dev.headrace.*;

/// First steps with tables: filter, group, sort, SQL, nested values, and a mistake.
///
/// It prints
///
/// ```text
/// root
///  |-- id: long (nullable = false)
///  |-- city: string (nullable = true)
///  |-- amount: decimal(10,2) (nullable = false)
///
/// +-----+------+--------+-------+
/// | city|orders|   total|largest|
/// +-----+------+--------+-------+
/// | Lima|   269|81098.00| 499.00|
/// |Hanoi|   267|79937.00| 500.00|
/// | Oslo|   264|79365.00| 500.00|
/// +-----+------+--------+-------+
///
/// +-----+-----+
/// | city|gifts|
/// +-----+-----+
/// |Hanoi|   33|
/// | Lima|   34|
/// | Oslo|   33|
/// +-----+-----+
///
/// +-----+--------------------------+
/// |city |orders                    |
/// +-----+--------------------------+
/// |Hanoi|[{2, 339.00}, {5, 96.00}] |
/// |Lima |[{1, 420.00}, {4, 177.00}]|
/// |Oslo |[{3, 258.00}, {6, 15.00}] |
/// +-----+--------------------------+
///
/// [UNRESOLVED_COLUMN] 'amuont' is not a column of (id, city, amount). Did you mean 'amount'?
/// ```
public class FirstSteps {
    public static void main(String[] args) {
        try (Session session = Session.builder().appName("first steps").getOrCreate()) {
            DataFrame orders = session.range(1, 1001)
                    .select(
                            col("id"),
                            element_at(
                                            array(lit("Oslo"), lit("Lima"), lit("Hanoi")),
                                            col("id").mod(3).plus(1).cast("int"))
                                    .as("city"),
                            col("id")
                                    .multiply(7919)
                                    .mod(500)
                                    .plus(1)
                                    .cast("decimal(10,2)")
                                    .as("amount"));
            orders.printSchema();

            orders.filter(col("amount").gt(100))
                    .groupBy("city")
                    .agg(
                            count(lit(1)).as("orders"),
                            sum("amount").as("total"),
                            max("amount").as("largest"))
                    .orderBy(col("total").desc())
                    .show();

            orders.createOrReplaceTempView("orders");
            session.sql("SELECT city, count(*) AS gifts FROM orders WHERE id % 10 = 0 GROUP BY city ORDER BY city")
                    .show();

            orders.limit(6)
                    .groupBy("city")
                    .agg(collect_list(struct(col("id"), col("amount"))).as("orders"))
                    .orderBy("city")
                    .show(20, false);

            try {
                orders.select("amuont");
            } catch (RuntimeException mistake) {
                System.out.println(mistake.getMessage());
            }
        }
    }
}
