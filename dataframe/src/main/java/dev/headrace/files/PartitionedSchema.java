package dev.headrace.files;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which columns of an output go into the names of directories, and which into files; and how rows are dealt to files.
///
/// @param partitionColumns their ordinals, in the order of the directories
/// @param dataColumns the ordinals of the others
/// @param data the schema of the files
/// @param zone for timestamps in names
/// @param buckets of the files, if rows are dealt by hash
record PartitionedSchema(
        StructType all,
        List<Integer> partitionColumns,
        List<Integer> dataColumns,
        StructType data,
        ZoneId zone,
        Optional<BucketNumbers> buckets) {

    /// @throws QueryException `COLUMN_ALREADY_EXISTS` if readers could not tell two columns apart; for partition
    ///     columns that don't exist or leave nothing to write
    static PartitionedSchema of(StructType schema, ConnectorOptions options) {
        checkNamesDiffer(schema, options);
        List<Integer> partitions = new ArrayList<>();
        for (String name : options.partitionColumns()) {
            int ordinal = ordinal(schema, name);
            DataType type = schema.field(ordinal).dataType();
            if (type.isNested() || type instanceof VariantType) {
                throw new QueryException(
                        "INVALID_PARTITION_COLUMN",
                        "partitionBy: '" + name + "' is of type " + type.simpleString()
                                + ", which can't be a directory's name.");
            }
            partitions.add(ordinal);
        }
        List<Integer> data = new ArrayList<>();
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            if (!partitions.contains(i)) {
                data.add(i);
                fields.add(schema.field(i));
            }
        }
        if (fields.isEmpty() && !partitions.isEmpty()) {
            throw new QueryException(
                    "ALL_COLUMNS_PARTITIONED",
                    "partitionBy names all columns (" + String.join(", ", schema.names())
                            + "), so the files would hold nothing. Leave at least one out.");
        }
        return new PartitionedSchema(
                schema,
                List.copyOf(partitions),
                List.copyOf(data),
                new StructType(fields),
                options.session().zone(),
                options.buckets().map(buckets -> BucketNumbers.of(schema, partitions, buckets)));
    }

    private static void checkNamesDiffer(StructType schema, ConnectorOptions options) {
        Set<String> names = new HashSet<>();
        for (StructField field : schema) {
            if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new QueryException(
                        "COLUMN_ALREADY_EXISTS",
                        "format(\"" + options.format() + "\"): two columns of the rows to write are called '"
                                + field.name() + "', whatever the letter case: " + String.join(", ", schema.names())
                                + ". Rename one with withColumnRenamed or as, or drop it.");
            }
        }
    }

    /// Whether a task writes one file only.
    boolean isOneFile() {
        return partitionColumns.isEmpty() && buckets.isEmpty();
    }

    private static int ordinal(StructType schema, String name) {
        return ordinal(schema, name, "partitionBy");
    }

    /// @param clause what names the column, for the message
    static int ordinal(StructType schema, String name, String clause) {
        for (int i = 0; i < schema.size(); i++) {
            if (schema.field(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new QueryException(
                "UNRESOLVED_COLUMN",
                clause + ": '" + name + "' is not a column of the rows to write (" + String.join(", ", schema.names())
                        + "). " + Suggestion.didYouMean(name, schema.names()));
    }
}
