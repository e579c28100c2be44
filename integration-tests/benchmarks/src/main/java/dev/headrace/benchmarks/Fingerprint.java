package dev.headrace.benchmarks;

import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What answers with the same rows have in common, in whatever order the rows come: their number, and of each column
/// the sum of its values, of dates the days, of texts a hash. Nulls and NaN count as 0.
///
/// @param sums empty if there are no rows
public record Fingerprint(long rows, List<Double> sums) {
    /// The fingerprint of these rows.
    public static Fingerprint of(List<List<Object>> rows) {
        List<Double> sums = new ArrayList<>();
        for (int column = 0; !rows.isEmpty() && column < rows.getFirst().size(); column++) {
            double sum = 0;
            for (List<Object> row : rows) {
                sum += number(row.get(column));
            }
            sums.add(sum);
        }
        return new Fingerprint(rows.size(), sums);
    }

    private static double number(Object value) {
        return switch (value) {
            case null -> 0;
            case Double number when number.isNaN() -> 0;
            case Number number -> number.doubleValue();
            case String text -> text.hashCode() & 0xffff;
            case LocalDate date -> date.toEpochDay();
            case Date date -> date.toLocalDate().toEpochDay();
            default -> throw new IllegalArgumentException("no sum of " + value.getClass());
        };
    }

    /// Prints this as figures: `rows-name` and for each column `sum-name-column`.
    void print(String name) {
        System.out.println("rows-" + name + " " + rows);
        for (int column = 0; column < sums.size(); column++) {
            System.out.println("sum-" + name + "-" + column + " " + sums.get(column));
        }
    }

    /// What [#print] has printed; -1 rows if there is nothing of this name.
    static Fingerprint printed(String name, Map<String, List<Double>> figures) {
        List<Double> rows = figures.get("rows-" + name);
        List<Double> sums = new ArrayList<>();
        for (List<Double> sum = figures.get("sum-" + name + "-0"); sum != null; ) {
            sums.add(sum.getFirst());
            sum = figures.get("sum-" + name + "-" + sums.size());
        }
        return new Fingerprint(rows == null ? -1 : rows.getFirst().longValue(), sums);
    }

    /// Whether the two are the same but for rounding; decimals may have been rounded to six digits behind the point.
    public boolean isNear(Fingerprint other) {
        if (rows != other.rows || sums.size() != other.sums.size()) {
            return false;
        }
        for (int column = 0; column < sums.size(); column++) {
            double sum = sums.get(column);
            if (Math.abs(sum - other.sums.get(column)) > 1e-6 * Math.max((double) rows, Math.abs(sum))) {
                return false;
            }
        }
        return true;
    }
}
