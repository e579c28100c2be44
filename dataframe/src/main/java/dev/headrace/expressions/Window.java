package dev.headrace.expressions;

import dev.headrace.Column;

/// Begins the description of a window: which rows a window function sees.
///
/// ```java
/// WindowSpec newest = Window.partitionBy("customer").orderBy(col("ts").desc());
/// orders.withColumn("n", row_number().over(newest)).filter("n = 1");
/// ```
public final class Window {
    private static final WindowSpec ALL = new WindowSpec();

    private Window() {}

    public static WindowSpec partitionBy(String first, String... others) {
        return ALL.partitionBy(first, others);
    }

    public static WindowSpec partitionBy(Column... columns) {
        return ALL.partitionBy(columns);
    }

    public static WindowSpec orderBy(String first, String... others) {
        return ALL.orderBy(first, others);
    }

    public static WindowSpec orderBy(Column... columns) {
        return ALL.orderBy(columns);
    }

    /// The start of a frame that begins with the partition.
    public static long unboundedPreceding() {
        return Long.MIN_VALUE;
    }

    /// The end of a frame that ends with the partition.
    public static long unboundedFollowing() {
        return Long.MAX_VALUE;
    }

    public static long currentRow() {
        return 0;
    }

    /// See [WindowSpec#rowsBetween].
    public static WindowSpec rowsBetween(long start, long end) {
        return ALL.rowsBetween(start, end);
    }

    /// See [WindowSpec#rangeBetween].
    public static WindowSpec rangeBetween(long start, long end) {
        return ALL.rangeBetween(start, end);
    }
}
