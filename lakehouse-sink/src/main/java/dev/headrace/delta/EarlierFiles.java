package dev.headrace.delta;

import dev.headrace.delta.log.TableMetadata;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.Optional;

/// Whether files that were written when a table had other columns can be read as rows that it has now.
///
/// A column is found by what it is called in files, so it may have another name since. One that has come since is null,
/// as it is for a query of the table; one that has gone is passed over. An earlier type may be narrower.
final class EarlierFiles {
    private EarlierFiles() {}

    /// What stands in the way, as the rest of a sentence that begins with the version.
    static Optional<String> obstacle(TableMetadata then, TableMetadata now) {
        StructType before = ColumnMapping.inFiles(then);
        StructType after = ColumnMapping.inFiles(now);
        boolean byId = ColumnMapping.isById(now);
        for (int column = 0; column < after.size(); column++) {
            int found = find(before, after.field(column), byId);
            if (found >= 0
                    && then.partitionColumns()
                                    .contains(then.schema().field(found).name())
                            != now.partitionColumns()
                                    .contains(now.schema().field(column).name())) {
                return Optional.of("has other partition columns: (" + String.join(", ", then.partitionColumns())
                        + "), not (" + String.join(", ", now.partitionColumns()) + ")");
            }
        }
        return ofFields("", new Type(then.schema(), before), new Type(now.schema(), after), byId);
    }

    /// @param named as the table has it
    /// @param inFiles the same under its names in files
    private record Type(DataType named, DataType inFiles) {}

    /// Fields of structs come and go as columns do.
    ///
    /// @param within what the names of fields begin with
    private static Optional<String> ofFields(String within, Type then, Type now, boolean byId) {
        StructType before = (StructType) then.inFiles();
        StructType after = (StructType) now.inFiles();
        StructType namedBefore = (StructType) then.named();
        for (int i = 0; i < after.size(); i++) {
            StructField named = ((StructType) now.named()).field(i);
            int found = find(before, after.field(i), byId);
            if (found >= 0) {
                StructField was = namedBefore.field(found);
                Optional<String> obstacle = ofType(
                        within + was.name(),
                        new Type(was.dataType(), before.field(found).dataType()),
                        new Type(named.dataType(), after.field(i).dataType()),
                        byId);
                if (obstacle.isPresent()) {
                    return obstacle;
                }
            } else if (TableSchema.find(namedBefore, named.name()) >= 0) {
                return Optional.of("has a column '" + within + named.name() + "' that is another one in its files");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofType(String name, Type then, Type now, boolean byId) {
        if (then.named() instanceof StructType && now.named() instanceof StructType) {
            return ofFields(name + ".", then, now, byId);
        }
        if (then.named() instanceof ArrayType && now.named() instanceof ArrayType) {
            return ofType(name + ".element", element(then), element(now), byId);
        }
        if (then.named() instanceof MapType && now.named() instanceof MapType) {
            return ofType(name + ".key", key(then), key(now), byId)
                    .or(() -> ofType(name + ".value", value(then), value(now), byId));
        }
        return then.named().equals(now.named()) || TypeWidening.widens(then.named(), now.named())
                ? Optional.empty()
                : Optional.of("has a column '" + name + "' of type '"
                        + then.named().simpleString() + "', which is not read as '"
                        + now.named().simpleString() + "'");
    }

    private static Type element(Type array) {
        return new Type(((ArrayType) array.named()).elementType(), ((ArrayType) array.inFiles()).elementType());
    }

    private static Type key(Type map) {
        return new Type(((MapType) map.named()).keyType(), ((MapType) map.inFiles()).keyType());
    }

    private static Type value(Type map) {
        return new Type(((MapType) map.named()).valueType(), ((MapType) map.inFiles()).valueType());
    }

    private static int find(StructType before, StructField inFiles, boolean byId) {
        if (!byId) {
            return TableSchema.find(before, inFiles.name());
        }
        for (int i = 0; i < before.size(); i++) {
            if (before.field(i).metadata().equals(inFiles.metadata())) {
                return i;
            }
        }
        return -1;
    }
}
