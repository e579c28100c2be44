package dev.headrace.delta;

import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.parquet.FieldIds;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// What the columns of a table are called in its files and its log: the same, unless the table maps columns
/// (`delta.columnMapping.mode`), which lets it rename and drop them without a new file.
///
/// Mapped by name, a file's column has the physical name of the table's; mapped by id, it has its field id, whatever it
/// is called. Files that are written have both.
final class ColumnMapping {
    static final String MODE = "delta.columnMapping.mode";
    private static final String MAX_ID = "delta.columnMapping.maxColumnId";
    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    private static final String ID = "delta.columnMapping.id";

    private ColumnMapping() {}

    static boolean isMapped(TableMetadata metadata) {
        String mode = metadata.configuration().get(MODE);
        return "name".equalsIgnoreCase(mode) || "id".equalsIgnoreCase(mode);
    }

    /// Whether files' columns go by their ids, so that nothing but a scan of columns finds them.
    static boolean isById(TableMetadata metadata) {
        return "id".equalsIgnoreCase(metadata.configuration().get(MODE));
    }

    /// The table's columns under their names in files.
    static StructType inFiles(TableMetadata metadata) {
        return isMapped(metadata) ? struct(metadata.schema(), metadata.schema(), isById(metadata)) : metadata.schema();
    }

    /// Whether what is read from files of one table, or version, is found in those of another as it is there.
    static boolean sameInFiles(TableMetadata one, TableMetadata other) {
        StructType columns = inFiles(one);
        StructType others = inFiles(other);
        return TableSchema.sameShape(columns, others)
                && isById(one) == isById(other)
                && (!isById(one) || TableSchema.nullable(columns).equals(TableSchema.nullable(others)));
    }

    /// Columns of the table as files that are written have them.
    static StructType written(TableMetadata metadata, StructType columns) {
        return isMapped(metadata) ? struct(columns, columns, true) : columns;
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
    static StructField inFiles(TableMetadata metadata, StructField wanted, StructField column) {
        return isMapped(metadata) ? inFiles(wanted, column, isById(metadata)) : wanted;
    }

    private static StructField inFiles(StructField wanted, StructField column, boolean withIds) {
        StructField named =
                new StructField(nameOf(column), type(wanted.dataType(), column.dataType(), withIds), wanted.nullable());
        return withIds && column.metadata().entries().get(ID) instanceof Number id
                ? FieldIds.with(named, id.intValue())
                : named;
    }

    private static String nameOf(StructField column) {
        return column.metadata().entries().get(PHYSICAL_NAME) instanceof String name ? name : column.name();
    }

    private static DataType type(DataType wanted, DataType column, boolean withIds) {
        return switch (wanted) {
            case StructType fields when column instanceof StructType all -> struct(fields, all, withIds);
            case ArrayType(DataType element, boolean nulls)
                    when column instanceof ArrayType(DataType ofColumn, boolean _) ->
                new ArrayType(type(element, ofColumn, withIds), nulls);
            case MapType(DataType key, DataType value, boolean nulls)
                    when column instanceof MapType(DataType keyOfColumn, DataType valueOfColumn, boolean _) ->
                new MapType(type(key, keyOfColumn, withIds), type(value, valueOfColumn, withIds), nulls);
            case DataType atomic -> atomic;
        };
    }

    private static StructType struct(StructType wanted, StructType all, boolean withIds) {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : wanted) {
            fields.add(inFiles(field, all.apply(field.name()), withIds));
        }
        return new StructType(fields);
    }

    /// Which files may hold rows that satisfy some predicates over the table's columns.
    static FileFilter filter(TableMetadata metadata, List<BoundExpr> predicates, ZoneId zone) {
        StructType names = inFiles(metadata);
        return new FileFilter(inFiles(metadata, predicates, names), names, partitionColumns(metadata), zone);
    }

    /// Predicates over the table's columns as predicates over the same columns under the names that files have.
    ///
    /// @param names the columns under those names
    static List<BoundExpr> inFiles(TableMetadata metadata, List<BoundExpr> predicates, StructType names) {
        if (!isMapped(metadata)) {
            return predicates;
        }
        return predicates.stream()
                .map(predicate -> predicate.transformUp(node -> node instanceof BoundExpr.Column column
                        ? new BoundExpr.Column(
                                column.ordinal(),
                                names.field(column.ordinal()).name(),
                                names.field(column.ordinal()).dataType(),
                                column.nullable())
                        : node))
                .toList();
    }

    /// The metadata with a name and an id for files for each column that has none yet, if the table maps columns.
    ///
    /// @param keepNames whether there are files already in which columns have their own names
    static TableMetadata assigned(TableMetadata metadata, boolean keepNames, Supplier<UUID> ids) {
        if (!isMapped(metadata)) {
            return metadata;
        }
        Assignment assignment = new Assignment(
                Math.max(
                        number(Optional.ofNullable(metadata.configuration().get(MAX_ID))),
                        largestId(metadata.schema())),
                keepNames,
                ids);
        StructType schema = (StructType) assignment.type(metadata.schema());
        Map<String, String> configuration = new HashMap<>(metadata.configuration());
        configuration.put(MAX_ID, Long.toString(assignment.largest));
        return metadata.withSchema(schema).withConfiguration(configuration);
    }

    /// What takes a table's place, where columns of the same name and type are called in files as they are in those of
    /// the table: so who has begun to read it finds them. No other column gets the id that one of the table has had.
    static TableMetadata reusing(TableMetadata old, TableMetadata anew) {
        if (!isMapped(old) || !isMapped(anew)) {
            return anew;
        }
        Map<String, String> configuration = new HashMap<>(anew.configuration());
        configuration.put(
                MAX_ID,
                Long.toString(Math.max(
                        largestId(old.schema()),
                        Math.max(
                                number(Optional.ofNullable(old.configuration().get(MAX_ID))),
                                number(Optional.ofNullable(configuration.get(MAX_ID)))))));
        return anew.withSchema((StructType) reusing(old.schema(), anew.schema()))
                .withConfiguration(configuration);
    }

    private static DataType reusing(DataType old, DataType anew) {
        return switch (anew) {
            case StructType struct when old instanceof StructType before ->
                new StructType(struct.fieldList().stream()
                        .map(field -> reusing(before, field))
                        .toList());
            case ArrayType(DataType element, boolean nulls)
                    when old instanceof ArrayType(DataType before, boolean _) -> new ArrayType(reusing(before, element), nulls);
            case MapType(DataType key, DataType value, boolean nulls)
                    when old instanceof MapType(DataType keyBefore, DataType valueBefore, boolean _) ->
                new MapType(reusing(keyBefore, key), reusing(valueBefore, value), nulls);
            case DataType other -> other;
        };
    }

    private static StructField reusing(StructType old, StructField field) {
        int found = TableSchema.find(old, field.name());
        if (found < 0 || !TableSchema.sameShape(old.field(found).dataType(), field.dataType())) {
            return field;
        }
        Map<String, Object> facts = new HashMap<>(field.metadata().entries());
        for (String fact : List.of(ID, PHYSICAL_NAME)) {
            Object known = old.field(found).metadata().entries().get(fact);
            if (known != null) {
                facts.put(fact, known);
            }
        }
        return new StructField(
                field.name(),
                reusing(old.field(found).dataType(), field.dataType()),
                field.nullable(),
                new Metadata(facts));
    }

    private static long number(Optional<String> text) {
        try {
            return text.map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    private static long largestId(DataType type) {
        return switch (type) {
            case StructType struct ->
                struct.fieldList().stream()
                        .mapToLong(field -> Math.max(
                                field.metadata().entries().get(ID) instanceof Number id ? id.longValue() : 0,
                                largestId(field.dataType())))
                        .max()
                        .orElse(0);
            case ArrayType(DataType element, boolean _) -> largestId(element);
            case MapType(DataType key, DataType value, boolean _) -> Math.max(largestId(key), largestId(value));
            case DataType _ -> 0;
        };
    }

    private static final class Assignment {
        private long largest;
        private final boolean keepNames;
        private final Supplier<UUID> ids;

        Assignment(long largest, boolean keepNames, Supplier<UUID> ids) {
            this.largest = largest;
            this.keepNames = keepNames;
            this.ids = ids;
        }

        DataType type(DataType type) {
            return switch (type) {
                case StructType struct ->
                    new StructType(struct.fieldList().stream().map(this::field).toList());
                case ArrayType(DataType element, boolean nulls) -> new ArrayType(type(element), nulls);
                case MapType(DataType key, DataType value, boolean nulls) -> new MapType(type(key), type(value), nulls);
                case DataType atomic -> atomic;
            };
        }

        private StructField field(StructField field) {
            Map<String, Object> facts = new HashMap<>(field.metadata().entries());
            facts.computeIfAbsent(ID, _ -> ++largest);
            facts.computeIfAbsent(PHYSICAL_NAME, _ -> keepNames ? field.name() : "col-" + ids.get());
            return new StructField(field.name(), type(field.dataType()), field.nullable(), new Metadata(facts));
        }
    }
}
