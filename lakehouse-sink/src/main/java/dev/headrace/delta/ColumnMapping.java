package dev.headrace.delta;

import dev.headrace.delta.log.TableMetadata;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;

/// What the columns of a table are called in its files and its log: the same, unless the table maps columns
/// (`delta.columnMapping.mode=name`), which lets it rename and drop them without a new file.
final class ColumnMapping {
    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

    private ColumnMapping() {}

    static boolean isMapped(TableMetadata metadata) {
        return "name".equalsIgnoreCase(metadata.configuration().get("delta.columnMapping.mode"));
    }

    /// The table's columns under their names in files.
    static StructType inFiles(TableMetadata metadata) {
        return isMapped(metadata) ? struct(metadata.schema(), metadata.schema()) : metadata.schema();
    }

    /// The partition columns under their names in the log.
    static List<String> partitionColumns(TableMetadata metadata) {
        return metadata.partitionColumns().stream()
                .map(column -> isMapped(metadata) ? nameOf(metadata.schema().apply(column)) : column)
                .toList();
    }

    /// A column that a query wants, under its name in files.
    ///
    /// @param wanted its type may lack fields of structs
    /// @param column the table's column, which knows the names
    static StructField inFiles(StructField wanted, StructField column) {
        return new StructField(nameOf(column), type(wanted.dataType(), column.dataType()), wanted.nullable());
    }

    private static String nameOf(StructField column) {
        return column.metadata().entries().get(PHYSICAL_NAME) instanceof String name ? name : column.name();
    }

    private static DataType type(DataType wanted, DataType column) {
        return switch (wanted) {
            case StructType fields when column instanceof StructType all -> struct(fields, all);
            case ArrayType(DataType element, boolean nulls)
                    when column instanceof ArrayType(DataType ofColumn, boolean _) ->
                new ArrayType(type(element, ofColumn), nulls);
            case MapType(DataType key, DataType value, boolean nulls)
                    when column instanceof MapType(DataType keyOfColumn, DataType valueOfColumn, boolean _) ->
                new MapType(type(key, keyOfColumn), type(value, valueOfColumn), nulls);
            case DataType atomic -> atomic;
        };
    }

    private static StructType struct(StructType wanted, StructType all) {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : wanted) {
            fields.add(inFiles(field, all.apply(field.name())));
        }
        return new StructType(fields);
    }
}
