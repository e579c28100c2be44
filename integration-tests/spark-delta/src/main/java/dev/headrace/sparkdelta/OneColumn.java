package dev.headrace.sparkdelta;

import static org.apache.spark.sql.functions.col;

import java.util.stream.Collectors;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// What a statement of one column gives, as one line.
final class OneColumn {
    private OneColumn() {}

    /// The values as texts and their type, or the condition of the error.
    static String of(SparkSession spark, String statement) {
        try {
            Dataset<Row> rows = spark.sql(statement);
            String type = rows.schema().fields()[0].dataType().simpleString();
            return rows.toDF("v").select(col("v").cast("string")).collectAsList().stream()
                            .map(OneColumn::shown)
                            .collect(Collectors.joining(" ; "))
                    + " :: " + type;
        } catch (Exception | StackOverflowError failed) {
            return "!" + condition(failed);
        }
    }

    private static String condition(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkThrowable known && known.getCondition() != null) {
                return known.getCondition();
            }
        }
        Throwable first = failed;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return "?" + first.getClass().getSimpleName();
    }

    private static String shown(Row row) {
        if (row.isNullAt(0)) {
            return "NULL";
        }
        String text = row.getString(0);
        return text.isEmpty()
                ? "''"
                : text.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\r", "\\r");
    }
}
