package dev.headrace.delta;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.TableFacts;
import dev.headrace.delta.log.PartitionValue;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// How rows fit into a table: which of their columns goes where.
///
/// Columns are matched by name, whatever the case; a column that the rows lack is null. Types must be the same.
///
/// @param data the columns of the data files
/// @param dataOrdinals for each of them where the rows have it, or [#ABSENT]
/// @param partition the partition columns
/// @param partitionOrdinals for each of them where the rows have it, or [#ABSENT]
record TableSchema(StructType data, List<Integer> dataOrdinals, StructType partition, List<Integer> partitionOrdinals) {
    private static final int ABSENT = -1;

    /// What column names can't hold in Delta tables without column mapping.
    private static final String REFUSED_IN_NAMES = " ,;{}()\n\t=";

    /// Fits rows into a table.
    ///
    /// @param table for messages
    /// @throws QueryException `DELTA_SCHEMA_MISMATCH` that names the column
    static TableSchema fit(String table, TableMetadata metadata, StructType rows) {
        for (StructField field : rows) {
            checkFits(table, metadata.schema(), field);
        }
        List<StructField> partition = new ArrayList<>();
        for (String column : metadata.partitionColumns()) {
            partition.add(metadata.schema().apply(column));
        }
        StructType partitionSchema = new StructType(partition);
        return new TableSchema(
                metadata.dataSchema(),
                ordinals(table, metadata.dataSchema(), rows),
                partitionSchema,
                ordinals(table, partitionSchema, rows));
    }

    private static List<Integer> ordinals(String table, StructType columns, StructType rows) {
        List<Integer> ordinals = new ArrayList<>();
        for (StructField column : columns) {
            int ordinal = find(rows, column.name());
            if (ordinal == ABSENT && !column.nullable() && !RowRules.isGiven(column)) {
                throw new QueryException(
                        "DELTA_SCHEMA_MISMATCH",
                        table + ": the rows to write have no column '" + column.name()
                                + "', which is 'not null' in the " + "table. Add it to the rows.");
            }
            ordinals.add(ordinal);
        }
        return List.copyOf(ordinals);
    }

    private static void checkFits(String table, StructType schema, StructField field) {
        int ordinal = find(schema, field.name());
        if (ordinal == ABSENT) {
            throw new QueryException(
                    "DELTA_SCHEMA_MISMATCH",
                    table + ": the rows to write have a column '" + field.name() + "' ('"
                            + field.dataType().simpleString() + "'), which the table ("
                            + String.join(", ", schema.names())
                            + ") has not. Drop or rename it, write with option(\"mergeSchema\", true) to add it to "
                            + "the table, or with mode(\"overwrite\") and option(\"overwriteSchema\", true). "
                            + Suggestion.didYouMean(field.name(), schema.names()));
        }
        DataType wanted = schema.field(ordinal).dataType();
        if (!shape(wanted).equals(shape(field.dataType()))) {
            throw new QueryException(
                    "DELTA_SCHEMA_MISMATCH",
                    table + ": column '" + field.name() + "' is '"
                            + field.dataType().simpleString()
                            + "' in the rows to write, but '" + wanted.simpleString()
                            + "' in the table. Cast it: col(\""
                            + field.name() + "\").cast(\"" + wanted.simpleString() + "\")."
                            + (TypeWidening.widens(wanted, field.dataType())
                                    ? " Or let the table's column become wider: write with option(\"mergeSchema\", true), after"
                                            + " ALTER TABLE … SET TBLPROPERTIES ('" + TypeWidening.PROPERTY
                                            + "' = 'true')."
                                    : ""));
        }
    }

    /// Where rows of a schema have a column, or -1.
    static int find(StructType schema, String name) {
        for (int i = 0; i < schema.size(); i++) {
            if (schema.field(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return ABSENT;
    }

    /// The schema of a new table for rows of a schema: the same columns, all of which may be null, as Spark does it.
    /// What is known about them because of the table they come from does not hold here.
    ///
    /// @param table for messages
    /// @throws QueryException `DELTA_INVALID_COLUMN_NAME`, `DELTA_DUPLICATE_COLUMN`, `DELTA_UNSUPPORTED_TYPE`
    static StructType forNewTable(String table, StructType rows) {
        checkNames(table, rows, "");
        return (StructType) nullable(TableFacts.without(rows));
    }

    /// A table's columns followed by those of the rows that it has not, which may be null. Where the table allows it,
    /// its columns get the wider types of the rows.
    ///
    /// @param table for messages
    /// @throws QueryException as [#forNewTable]
    static StructType merged(String table, TableMetadata metadata, StructType rows) {
        StructType merged = metadata.schema();
        for (StructField field : rows) {
            int ordinal = find(merged, field.name());
            if (ordinal == ABSENT) {
                StructType alone = new StructType().add(field);
                merged = merged.add(forNewTable(table, alone).field(0));
            } else if (TypeWidening.isAllowed(metadata)
                    && !metadata.partitionColumns()
                            .contains(merged.field(ordinal).name())
                    && TypeWidening.widens(merged.field(ordinal).dataType(), field.dataType())) {
                List<StructField> columns = new ArrayList<>(merged.fieldList());
                columns.set(ordinal, TypeWidening.widened(merged.field(ordinal), field.dataType()));
                merged = new StructType(columns);
            }
        }
        return merged;
    }

    private static void checkNames(String table, DataType type, String within) {
        switch (type) {
            case StructType struct -> checkFieldNames(table, struct, within);
            case ArrayType(DataType element, boolean _) -> checkNames(table, element, within + "element.");
            case MapType(DataType key, DataType value, boolean _) -> {
                checkNames(table, key, within + "key.");
                checkNames(table, value, within + "value.");
            }
            case NullType _ ->
                throw new QueryException(
                        "DELTA_UNSUPPORTED_TYPE",
                        table + ": column '" + within.substring(0, within.length() - 1)
                                + "' is of type 'void', which no Delta reader can read. Cast it to the type that is meant.");
            case AnsiIntervalType _ ->
                throw new QueryException(
                        "DELTA_UNSUPPORTED_TYPE",
                        table + ": column '" + within.substring(0, within.length() - 1) + "' is of type '"
                                + type.simpleString() + "', which Delta tables have not. Cast it to a string, or to a"
                                + " number of its last field.");
            case DataType _ -> {}
        }
    }

    private static void checkFieldNames(String table, StructType struct, String within) {
        Set<String> seen = new HashSet<>();
        for (StructField field : struct) {
            String name = within + field.name();
            if (field.name().isEmpty() || field.name().chars().anyMatch(c -> REFUSED_IN_NAMES.indexOf(c) >= 0)) {
                throw new QueryException(
                        "DELTA_INVALID_COLUMN_NAME",
                        table + ": a Delta table can't have a column '" + name
                                + "': names must not be empty or hold a blank, "
                                + "a tab, a line break or one of ,;{}()=. Rename it: col(\"`" + name
                                + "`\").as(\"…\").");
            }
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new QueryException(
                        "DELTA_DUPLICATE_COLUMN",
                        table + ": there are two columns '" + name + "' (case doesn't count). Rename or drop one.");
            }
            checkNames(table, field.dataType(), name + ".");
        }
    }

    /// The type with nulls allowed everywhere.
    static DataType nullable(DataType type) {
        return switch (type) {
            case StructType struct ->
                new StructType(struct.fieldList().stream()
                        .map(field -> field.withNullable(true).withDataType(nullable(field.dataType())))
                        .toList());
            case ArrayType(DataType element, boolean _) -> new ArrayType(nullable(element), true);
            case MapType(DataType key, DataType value, boolean _) -> new MapType(nullable(key), nullable(value), true);
            case DataType atomic -> atomic;
        };
    }

    /// Whether values of one type fit into a column of another.
    static boolean sameShape(DataType a, DataType b) {
        return shape(a).equals(shape(b));
    }

    /// The type without what doesn't matter for whether values fit: nullability and comments.
    private static DataType shape(DataType type) {
        return switch (type) {
            case StructType struct ->
                new StructType(struct.fieldList().stream()
                        .map(field -> new StructField(field.name(), shape(field.dataType()), true))
                        .toList());
            case ArrayType(DataType element, boolean _) -> new ArrayType(shape(element), true);
            case MapType(DataType key, DataType value, boolean _) -> new MapType(shape(key), shape(value), true);
            case DataType atomic -> atomic;
        };
    }

    /// The names of the table's columns for the names of `partitionBy`.
    ///
    /// @param table for messages
    /// @throws QueryException `UNRESOLVED_COLUMN`, `DELTA_UNSUPPORTED_PARTITION_TYPE`, `ALL_COLUMNS_PARTITIONED`
    static List<String> partitionColumns(String table, StructType schema, List<String> names) {
        List<String> columns = new ArrayList<>();
        for (String name : names) {
            int ordinal = find(schema, name);
            if (ordinal == ABSENT) {
                throw new QueryException(
                        "UNRESOLVED_COLUMN",
                        table + ": partitionBy names '" + name + "', which is not a column of the rows to write ("
                                + String.join(", ", schema.names()) + "). "
                                + Suggestion.didYouMean(name, schema.names()));
            }
            StructField field = schema.field(ordinal);
            if (!PartitionValue.supports(field.dataType())) {
                throw new QueryException(
                        "DELTA_UNSUPPORTED_PARTITION_TYPE",
                        table + ": partitionBy names '" + name + "' of type '"
                                + field.dataType().simpleString() + "', which can't be a partition column. Choose a "
                                + "number, text, date, timestamp or boolean.");
            }
            columns.add(field.name());
        }
        if (columns.size() == schema.size() && !columns.isEmpty()) {
            throw new QueryException(
                    "ALL_COLUMNS_PARTITIONED",
                    table + ": partitionBy names all columns (" + String.join(", ", columns)
                            + "), so the files would hold nothing. Leave at least one out.");
        }
        return columns;
    }

    /// Where the rows have a column of the table, or -1.
    int ordinalOf(String column) {
        int inData = find(data, column);
        return inData != ABSENT ? dataOrdinals.get(inData) : partitionOrdinals.get(find(partition, column));
    }

    /// The rows as the data files hold them, sharing their memory. The caller closes the chunk.
    Chunk dataOf(Chunk rows, BufferAllocator allocator) {
        return columns(rows, data, dataOrdinals, allocator);
    }

    /// The rows' partition columns, sharing their memory. The caller closes the chunk.
    Chunk partitionOf(Chunk rows, BufferAllocator allocator) {
        return columns(rows, partition, partitionOrdinals, allocator);
    }

    private static Chunk columns(Chunk rows, StructType schema, List<Integer> ordinals, BufferAllocator allocator) {
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < ordinals.size(); i++) {
            int ordinal = ordinals.get(i);
            columns.add(ordinal == ABSENT ? nulls(schema.field(i), rows.rowCount(), allocator) : rows.share(ordinal));
        }
        return new Chunk(schema, columns, rows.rowCount());
    }

    private static FieldVector nulls(StructField field, int count, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector(field.name(), field.dataType(), allocator);
        vector.setInitialCapacity(count);
        vector.allocateNew();
        vector.setValueCount(count);
        return vector;
    }
}
