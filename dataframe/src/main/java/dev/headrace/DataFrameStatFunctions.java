package dev.headrace;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Statistics of a DataFrame's columns. Each method runs the query.
public final class DataFrameStatFunctions {
    private final DataFrame frame;

    DataFrameStatFunctions(DataFrame frame) {
        this.frame = frame;
    }

    /// Pearson's correlation of two columns of numbers; NaN if it is not defined. As in Spark, a null counts as 0;
    /// [functions#corr(Column, Column)] leaves its row out.
    ///
    /// @throws QueryException `DATATYPE_MISMATCH` for columns that are not numbers
    public double corr(String col1, String col2) {
        return number(functions.corr(zeroForNull("corr", col1), zeroForNull("corr", col2)));
    }

    /// @param method `pearson`
    /// @throws QueryException `UNSUPPORTED_OPERATION` for other methods
    public double corr(String col1, String col2, String method) {
        if (!method.equalsIgnoreCase("pearson")) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION", "corr: the method '" + method + "' is not known. Use 'pearson'.");
        }
        return corr(col1, col2);
    }

    /// The covariance of a sample of two columns of numbers; NaN if there are fewer than two rows. As in Spark, a null
    /// counts as 0; [functions#covar_samp(Column, Column)] leaves its row out.
    ///
    /// @throws QueryException `DATATYPE_MISMATCH` for columns that are not numbers
    public double cov(String col1, String col2) {
        return number(functions.covar_samp(zeroForNull("cov", col1), zeroForNull("cov", col2)));
    }

    private Column zeroForNull(String method, String name) {
        return coalesce(numeric(method, name).cast("double"), lit(0.0));
    }

    private Column numeric(String method, String name) {
        Column column = frame.col(name);
        DataType type = frame.select(column).schema().field(0).dataType();
        if (!(type instanceof NumericType)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "stat()." + method + ": the column '" + name + "' is " + type.simpleString()
                            + ": expected a number. Cast it first.");
        }
        return column;
    }

    private double number(Column column) {
        Row row = frame.agg(column).head();
        return row.isNullAt(0) ? Double.NaN : row.getDouble(0);
    }

    /// The values up to which these parts of all lie: exact, whatever error is allowed.
    ///
    /// @param probabilities from 0 to 1
    /// @return as many values as probabilities; none if all rows are null
    /// @throws QueryException `DATATYPE_MISMATCH` for a column that is not of numbers
    public double[] approxQuantile(String col, double[] probabilities, double relativeError) {
        return approxQuantile(new String[] {col}, probabilities, relativeError)[0];
    }

    public double[][] approxQuantile(String[] cols, double[] probabilities, double relativeError) {
        if (!(relativeError >= 0)) {
            throw new QueryException(
                    "INVALID_PARAMETER_VALUE",
                    "approxQuantile: the error " + relativeError + " must be 0 or a positive number.");
        }
        if (cols.length == 0) {
            return new double[0][];
        }
        Column fractions = functions.array(
                Arrays.stream(probabilities).mapToObj(functions::lit).toArray(Column[]::new));
        Column[] columns = Arrays.stream(cols)
                .map(name -> functions.call_function(
                        "approx_percentile",
                        functions.nanvl(numeric("approxQuantile", name).cast("double"), lit(null)),
                        fractions))
                .toArray(Column[]::new);
        Row row = frame.agg(columns[0], Arrays.copyOfRange(columns, 1, columns.length))
                .head();
        double[][] quantiles = new double[cols.length][];
        for (int i = 0; i < cols.length; i++) {
            List<Double> found = row.getList(i);
            quantiles[i] = found == null
                    ? new double[0]
                    : found.stream().mapToDouble(Double::doubleValue).toArray();
        }
        return quantiles;
    }

    /// A count-min sketch of a column of integers, texts or binaries.
    ///
    /// @param eps the relative error, more than 0
    /// @param confidence more than 0, less than 1
    public CountMinSketch countMinSketch(Column col, double eps, double confidence, int seed) {
        byte[] bytes = frame.agg(functions.count_min_sketch(col, lit(eps), lit(confidence), lit(seed)))
                .head()
                .getAs(0);
        return CountMinSketch.readFrom(bytes);
    }

    public CountMinSketch countMinSketch(String colName, double eps, double confidence, int seed) {
        return countMinSketch(frame.col(colName), eps, confidence, seed);
    }

    /// A count-min sketch of so many rows of counters.
    public CountMinSketch countMinSketch(Column col, int depth, int width, int seed) {
        return countMinSketch(col, 2.0 / width, 1 - 1 / Math.pow(2, depth), seed);
    }

    public CountMinSketch countMinSketch(String colName, int depth, int width, int seed) {
        return countMinSketch(frame.col(colName), depth, width, seed);
    }

    /// How often each pair of values occurs: a row for each value of `col1`, a column for each of `col2`.
    public DataFrame crosstab(String col1, String col2) {
        String first = col1 + "_" + col2;
        Column shown = coalesce(frame.col(col1).cast("string"), lit("null"));
        return frame.select(
                        shown.as(first),
                        coalesce(frame.col(col2).cast("string"), lit("null")).as("value"))
                .groupBy("`" + first + "`")
                .pivot("value")
                .agg(count(lit(1)))
                .na()
                .fill(0);
    }

    /// The values that more than this part of the rows have, for each column as an array `…_freqItems`.
    ///
    /// @param support from 0.0001 to 1
    public DataFrame freqItems(String[] cols, double support) {
        if (!(support >= 1e-4 && support <= 1)) {
            throw new QueryException(
                    "INVALID_PARAMETER_VALUE", "freqItems: the support " + support + " must be from 0.0001 to 1.");
        }
        long least = (long) Math.floor(frame.count() * support);
        StructType schema = new StructType();
        List<Object> values = new ArrayList<>();
        for (String name : cols) {
            DataFrame frequent = frame.groupBy(frame.col(name).as("value"))
                    .agg(count(lit(1)).as("n"))
                    .filter(col("n").gt(least));
            values.add(frequent.sort("value").collectAsList().stream()
                    .map(row -> row.get(0))
                    .toList());
            schema = schema.add(
                    name + "_freqItems",
                    new dev.headrace.types.ArrayType(frequent.schema().field(0).dataType(), true));
        }
        return frame.session().createDataFrame(List.of(RowFactory.create(values.toArray())), schema);
    }

    public DataFrame freqItems(String[] cols) {
        return freqItems(cols, 0.01);
    }

    /// About these parts of the rows of each value of a column, none of the values that are not named.
    public <T> DataFrame sampleBy(String col, Map<T, Double> fractions, long seed) {
        return sampleBy(frame.col(col), fractions, seed);
    }

    public <T> DataFrame sampleBy(Column col, Map<T, Double> fractions, long seed) {
        DataFrame sampled = frame.limit(0);
        Map<T, Double> ordered = new LinkedHashMap<>(fractions);
        for (Map.Entry<T, Double> entry : ordered.entrySet()) {
            sampled = sampled.union(frame.sample(entry.getValue(), seed).filter(col.equalTo(entry.getKey())));
        }
        return sampled;
    }
}
