package dev.headrace.jdbc;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parts of a table that are read at once: ranges of a column's values. Rows below the lower and above the upper
/// bound, and nulls, are in them, too.
///
/// @param column as the program calls it
/// @param count how many parts, if the range has so many values
record JdbcParts(String column, long lower, long upper, long count) {
    /// The option that names the column.
    static final String COLUMN = "partitionColumn";

    private static final String NUM_PARTITIONS = "numPartitions";

    /// Empty if the table is read in one part.
    static Optional<JdbcParts> of(ConnectorOptions given) {
        Optional<String> column = given.get(COLUMN);
        if (column.isEmpty()) {
            return Optional.empty();
        }
        long lower = required(given, "lowerBound");
        long upper = required(given, "upperBound");
        long count = required(given, NUM_PARTITIONS);
        if (upper < lower || count < 1) {
            throw given.invalid("upperBound", "at least the lowerBound, and numPartitions at least 1");
        }
        return Optional.of(new JdbcParts(column.get(), lower, upper, count));
    }

    private static long required(ConnectorOptions given, String key) {
        return given.number(key)
                .orElseThrow(() -> new QueryException(
                        "MISSING_OPTION",
                        "format(\"jdbc\"): with 'partitionColumn', the options 'lowerBound', 'upperBound' and"
                                + " 'numPartitions' are needed; '" + key + "' is missing."));
    }

    /// Conditions of SQL which each row meets one of; an empty one is all rows.
    ///
    /// @param name the column in SQL
    List<String> conditions(String name) {
        BigInteger range = BigInteger.valueOf(upper).subtract(BigInteger.valueOf(lower));
        long parts = range.max(BigInteger.ONE).min(BigInteger.valueOf(count)).longValueExact();
        List<String> conditions = new ArrayList<>();
        for (long part = 0; part < parts; part++) {
            String from = name + " >= " + bound(range, part, parts);
            String to = name + " < " + bound(range, part + 1, parts);
            if (parts == 1) {
                conditions.add("");
            } else if (part == 0) {
                conditions.add(to + " OR " + name + " IS NULL");
            } else {
                conditions.add(part == parts - 1 ? from : from + " AND " + to);
            }
        }
        return conditions;
    }

    private BigInteger bound(BigInteger range, long part, long parts) {
        return range.multiply(BigInteger.valueOf(part))
                .divide(BigInteger.valueOf(parts))
                .add(BigInteger.valueOf(lower));
    }
}
