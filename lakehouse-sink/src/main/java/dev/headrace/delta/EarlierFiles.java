package dev.headrace.delta;

import dev.headrace.delta.log.TableMetadata;
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
            Optional<String> obstacle = obstacle(then, before, now, after.field(column), column, byId);
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> obstacle(
            TableMetadata then, StructType before, TableMetadata now, StructField inFiles, int column, boolean byId) {
        String name = now.schema().field(column).name();
        int found = find(before, inFiles, byId);
        if (found < 0) {
            return TableSchema.find(then.schema(), name) < 0
                    ? Optional.empty()
                    : Optional.of("has a column '" + name + "' that is another one in its files");
        }
        String earlier = then.schema().field(found).name();
        if (then.partitionColumns().contains(earlier) != now.partitionColumns().contains(name)) {
            return Optional.of("has other partition columns: (" + String.join(", ", then.partitionColumns())
                    + "), not (" + String.join(", ", now.partitionColumns()) + ")");
        }
        StructField was = before.field(found);
        if (!isLike(was, inFiles, byId) && !TypeWidening.widens(was.dataType(), inFiles.dataType())) {
            return Optional.of("has a column '" + earlier + "' of type '"
                    + was.dataType().simpleString() + "', which is not read as '"
                    + inFiles.dataType().simpleString() + "'");
        }
        return Optional.empty();
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

    private static boolean isLike(StructField was, StructField is, boolean byId) {
        return TableSchema.sameShape(was.dataType(), is.dataType())
                && (!byId || TableSchema.nullable(was.dataType()).equals(TableSchema.nullable(is.dataType())));
    }
}
