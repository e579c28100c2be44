package dev.headrace.files;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.Buckets;
import dev.headrace.errors.QueryException;
import dev.headrace.function.Murmur3Hash;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// The bucket of each row, as Spark computes it: `pmod(hash(columns), count)`.
///
/// @param columns their ordinals in the rows
record BucketNumbers(int count, List<Integer> columns) {
    private static final int SEED = 42;

    /// @throws QueryException for columns that do not exist, that are partition columns, or that have no hash
    static BucketNumbers of(StructType schema, List<Integer> partitionColumns, Buckets buckets) {
        List<Integer> columns = new ArrayList<>();
        for (String name : buckets.columns()) {
            check(schema, partitionColumns, "bucketBy", name);
            int ordinal = PartitionedSchema.ordinal(schema, name, "bucketBy");
            DataType type = schema.field(ordinal).dataType();
            if (type.isNested()) {
                throw invalid("bucketBy", name, "is of type " + type.simpleString() + ", whose values are not hashed");
            }
            columns.add(ordinal);
        }
        buckets.sortColumns().forEach(name -> check(schema, partitionColumns, "sortBy", name));
        return new BucketNumbers(buckets.count(), List.copyOf(columns));
    }

    private static void check(StructType schema, List<Integer> partitionColumns, String clause, String name) {
        if (partitionColumns.contains(PartitionedSchema.ordinal(schema, name, clause))) {
            throw invalid(clause, name, "is a partition column, the same in all files of its directory");
        }
    }

    private static QueryException invalid(String clause, String name, String why) {
        return new QueryException(
                "INVALID_BUCKET_COLUMN", clause + ": '" + name + "' " + why + ". Name another column.");
    }

    int of(Chunk chunk, int row) {
        int hash = SEED;
        for (int ordinal : columns) {
            Object value = Cell.read(chunk.column(ordinal), row);
            hash = chunk.type(ordinal) instanceof DecimalType(int precision, int _) && precision > 18
                    ? Murmur3Hash.hashWideDecimal((BigDecimal) value, hash)
                    : Murmur3Hash.hash(value, hash);
        }
        return Math.floorMod(hash, count);
    }
}
