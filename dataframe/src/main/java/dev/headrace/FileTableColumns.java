package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The columns of a table of files, which the catalog has: a new one is null in the files that there are. Partition
/// columns stay the last.
final class FileTableColumns {
    /// Formats whose files may have fewer columns than their table, as in Spark.
    private static final Set<String> FORMATS = Set.of("parquet", "orc", "json", "csv");

    private final Session session;

    FileTableColumns(Session session) {
        this.session = session;
    }

    /// @throws QueryException `UNSUPPORTED_OPERATION`, `COLUMN_ALREADY_EXISTS`
    DataFrame add(TableStatement.AddColumns asked) {
        List<String> name = asked.table();
        SessionTables.StoredTable table = session.tables()
                .stored(name)
                .filter(stored -> FORMATS.contains(stored.format().toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> SqlTableStatements.unsupported(
                        new SqlTableStatements(session).target(name).format(), name));
        List<String> partitions = new SqlTables(session).partitionColumnsOf(name, table);
        List<StructField> columns = new ArrayList<>();
        List<StructField> last = new ArrayList<>();
        for (StructField there :
                table.schema().orElseGet(() -> session.tables().table(name).schema())) {
            boolean partition = partitions.stream().anyMatch(there.name()::equalsIgnoreCase);
            (partition ? last : columns).add(there);
        }
        for (TableStatement.AddedColumn added : asked.columns()) {
            check(name, added);
            for (List<StructField> known : List.of(columns, last)) {
                checkNew(name, added.column().name(), known);
            }
            columns.add(added.column());
        }
        columns.addAll(last);
        session.tables().putTable(name, table.withColumns(new StructType(columns)));
        session.tables().changed(name);
        return session.emptyDataFrame();
    }

    private static void check(List<String> table, TableStatement.AddedColumn added) {
        if (added.place().isPresent() || !added.column().nullable()) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "ALTER TABLE " + String.join(".", table) + " ADD COLUMN "
                            + added.column().name()
                            + ": a column of files comes last and may be null. Leave out FIRST, AFTER and NOT NULL, or keep a"
                            + " Delta table.");
        }
    }

    private static void checkNew(List<String> table, String column, List<StructField> known) {
        if (known.stream().anyMatch(there -> there.name().equalsIgnoreCase(column))) {
            throw new QueryException(
                    "COLUMN_ALREADY_EXISTS",
                    "ALTER TABLE " + String.join(".", table) + ": there is a column '" + column + "' already.");
        }
    }
}
