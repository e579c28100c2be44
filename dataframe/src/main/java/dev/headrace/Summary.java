package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Computes `describe` and `summary`: one aggregation over all columns, its row turned into a row per statistic.
final class Summary {
    private static final List<String> DESCRIBED = List.of("count", "mean", "stddev", "min", "max");
    private static final List<String> SUMMARIZED =
            List.of("count", "mean", "stddev", "min", "25%", "50%", "75%", "max");
    private static final List<String> STATISTICS =
            List.of("count", "count_distinct", "approx_count_distinct", "mean", "stddev", "min", "max");
    private static final int ACCURACY = 10_000;

    private Summary() {}

    static DataFrame describe(DataFrame frame, List<String> columns) {
        List<Described> described = columns.stream()
                .map(frame::col)
                .map(column ->
                        new Described(column, frame.select(column).schema().field(0)))
                .filter(Described::isNumberOrText)
                .toList();
        return compute(frame, columns.isEmpty() ? numbersAndTexts(frame) : described, DESCRIBED);
    }

    static DataFrame of(DataFrame frame, List<String> statistics) {
        for (String statistic : statistics) {
            if (!STATISTICS.contains(statistic.toLowerCase(Locale.ROOT))
                    && share(statistic).isEmpty()) {
                throw new QueryException(
                        "UNKNOWN_STATISTIC",
                        "summary(\"" + statistic + "\"): " + Suggestion.didYouMean(statistic, STATISTICS)
                                + " Statistics: " + String.join(", ", STATISTICS)
                                + ", and percentiles from 0% to 100%.");
            }
        }
        return compute(frame, numbersAndTexts(frame), statistics.isEmpty() ? SUMMARIZED : statistics);
    }

    /// What a percentile such as `25%` is of all, from 0 to 1.
    private static OptionalDouble share(String statistic) {
        if (!statistic.endsWith("%")) {
            return OptionalDouble.empty();
        }
        try {
            double share = Double.parseDouble(statistic.substring(0, statistic.length() - 1)) / 100;
            return share >= 0 && share <= 1 ? OptionalDouble.of(share) : OptionalDouble.empty();
        } catch (NumberFormatException none) {
            return OptionalDouble.empty();
        }
    }

    /// A column that statistics are computed of, and what is known about it.
    private record Described(Column column, StructField field) {
        boolean isNumber() {
            return field.dataType() instanceof NumericType;
        }

        boolean isNumberOrText() {
            return isNumber() || field.dataType() instanceof StringType;
        }
    }

    private static List<Described> numbersAndTexts(DataFrame frame) {
        return IntStream.range(0, frame.schema().size())
                .mapToObj(i -> new Described(frame.columnAt(i), frame.schema().field(i)))
                .filter(Described::isNumberOrText)
                .toList();
    }

    private static DataFrame compute(DataFrame frame, List<Described> columns, List<String> statistics) {
        StructType schema = new StructType().add("summary", DataTypes.StringType);
        List<Column> computed = new ArrayList<>();
        for (Described column : columns) {
            schema = schema.add(column.field().name(), DataTypes.StringType);
            for (String statistic : statistics) {
                computed.add(
                        statistic(statistic, column).cast(DataTypes.StringType).as("s" + computed.size()));
            }
        }
        List<Row> rows = new ArrayList<>();
        Row values = computed.isEmpty()
                ? RowFactory.create()
                : frame.select(computed.toArray(Column[]::new)).head();
        for (int s = 0; s < statistics.size(); s++) {
            List<@Nullable Object> row = new ArrayList<>(List.of(statistics.get(s)));
            for (int f = 0; f < columns.size(); f++) {
                row.add(values.get(f * statistics.size() + s));
            }
            rows.add(new GenericRow(row, null));
        }
        return frame.session().createDataFrame(rows, schema);
    }

    private static Column statistic(String statistic, Described described) {
        Column column = described.column();
        Column number = described.isNumber() ? column : column.try_cast(DataTypes.DoubleType);
        OptionalDouble share = share(statistic);
        if (share.isPresent()) {
            return functions.percentile_approx(number, functions.lit(share.getAsDouble()), functions.lit(ACCURACY));
        }
        return switch (statistic.toLowerCase(Locale.ROOT)) {
            case "count" -> functions.count(column);
            case "count_distinct" -> functions.count_distinct(column);
            case "approx_count_distinct" -> functions.approx_count_distinct(column);
            case "mean" -> functions.avg(number);
            case "stddev" -> functions.stddev(number);
            case "min" -> functions.min(column);
            default -> functions.max(column);
        };
    }
}
