package dev.headrace.connector;

import dev.headrace.errors.QueryException;
import java.util.List;

/// How a table's rows are dealt to files: rows whose columns have the same hash, modulo the count, lie in files of the
/// same bucket. Hash and names of files are Spark's.
///
/// @param count how many there are
/// @param columns whose values are hashed, in this order
/// @param sortColumns by which each file is sorted; may be empty
public record Buckets(int count, List<String> columns, List<String> sortColumns) {
    private static final int MAX = 100_000;

    public Buckets {
        if (count < 1 || count > MAX) {
            throw new QueryException(
                    "INVALID_BUCKET_COUNT",
                    "A table has between 1 and " + MAX + " buckets, not " + count + ". Give another number.");
        }
        columns = List.copyOf(columns);
        sortColumns = List.copyOf(sortColumns);
    }
}
