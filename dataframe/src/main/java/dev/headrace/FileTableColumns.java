package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The columns of a table of files, which the catalog has: a new one is null in the files that there are, or its
/// default. Partition columns stay the last.
final class FileTableColumns {
    /// Formats whose files may have fewer columns than their table, as in Spark.
    private static final Set<String> FORMATS = Set.of("parquet", "orc", "json", "csv");

    /// Those whose files tell which columns they have.
    private static final Set<String> FILLED = Set.of("parquet", "orc");

    private final Session session;

    FileTableColumns(Session session) {
        this.session = session;
    }

    /// The columns of a new table, which may lie over files that lack some of them: those have their defaults there, if
    /// the format can tell and their types have literals.
    ///
    /// @throws QueryException `INVALID_DEFAULT_VALUE.…`, `UNSUPPORTED_OPERATION` if tables of the format have no
    ///     defaults
    static StructType withDefaults(Session session, List<String> table, String format, StructType columns) {
        String statement = "CREATE TABLE " + String.join(".", table);
        List<StructField> all = new ArrayList<>();
        for (StructField column : columns) {
            boolean hasDefault = column.metadata().entries().containsKey(TableStatement.DEFAULT);
            if (hasDefault && !FORMATS.contains(format)) {
                throw new QueryException(
                        "UNSUPPORTED_OPERATION",
                        statement + ": tables of format '" + format + "' have no DEFAULT for columns. It is there for "
                                + String.join(", ", new TreeSet<>(FORMATS)) + " and delta.");
            }
            DefaultValues.check(session, statement, column);
            all.add(
                    hasDefault && FILLED.contains(format)
                            ? DefaultValues.forRowsThatAreThere(session, column).orElse(column)
                            : column);
        }
        return new StructType(all);
    }

    private SessionTables.StoredTable table(List<String> name) {
        return session.tables()
                .stored(name)
                .filter(stored -> FORMATS.contains(stored.format().toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> SqlTableStatements.unsupported(
                        new SqlTableStatements(session).target(name).format(), name));
    }

    private StructType columns(List<String> name, SessionTables.StoredTable table) {
        return table.schema().orElseGet(() -> session.tables().table(name).schema());
    }

    private DataFrame put(List<String> name, SessionTables.StoredTable table, List<StructField> columns) {
        session.tables().putTable(name, table.withColumns(new StructType(columns)));
        session.tables().changed(name);
        return session.emptyDataFrame();
    }

    /// @throws QueryException `UNSUPPORTED_OPERATION`, `COLUMN_ALREADY_EXISTS`, `INVALID_DEFAULT_VALUE.…`
    DataFrame add(TableStatement.AddColumns asked) {
        List<String> name = asked.table();
        SessionTables.StoredTable table = table(name);
        List<String> partitions = new SqlTables(session).partitionColumnsOf(name, table);
        List<StructField> columns = new ArrayList<>();
        List<StructField> last = new ArrayList<>();
        for (StructField there : columns(name, table)) {
            boolean partition = partitions.stream().anyMatch(there.name()::equalsIgnoreCase);
            (partition ? last : columns).add(there);
        }
        for (TableStatement.AddedColumn added : asked.columns()) {
            check(name, added);
            for (List<StructField> known : List.of(columns, last)) {
                checkNew(name, added.column().name(), known);
            }
            columns.add(withDefault(name, table.format(), added.column()));
        }
        columns.addAll(last);
        return put(name, table, columns);
    }

    private StructField withDefault(List<String> table, String format, StructField column) {
        if (!column.metadata().entries().containsKey(TableStatement.DEFAULT)) {
            return column;
        }
        String statement = "ALTER TABLE " + String.join(".", table) + " ADD COLUMN " + column.name();
        if (!FILLED.contains(format.toLowerCase(Locale.ROOT))) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    statement + ": files of format '" + format + "' do not tell whether they lack a column, so the rows"
                            + " that are there can't be given a default. Add it without DEFAULT, and set one for later"
                            + " rows: ALTER TABLE … ALTER COLUMN … SET DEFAULT ….");
        }
        DefaultValues.check(session, statement, column);
        return DefaultValues.forRowsThatAreThere(session, column)
                .orElseThrow(() -> new QueryException(
                        "UNSUPPORTED_OPERATION",
                        statement + ": a column of type " + column.dataType().simpleString()
                                + " can't be given to rows that are there. Add it without DEFAULT, and set one for later"
                                + " rows: ALTER TABLE … ALTER COLUMN … SET DEFAULT …."));
    }

    /// @throws QueryException `UNSUPPORTED_OPERATION` for other changes than of defaults and comments,
    ///     `UNRESOLVED_COLUMN`, `INVALID_DEFAULT_VALUE.…`
    DataFrame alter(TableStatement.AlterColumns asked) {
        List<String> name = asked.table();
        SessionTables.StoredTable table = table(name);
        List<StructField> columns = new ArrayList<>(columns(name, table).fieldList());
        for (TableStatement.AlteredColumn altered : asked.columns()) {
            int at = 0;
            while (at < columns.size() && !columns.get(at).name().equalsIgnoreCase(altered.name())) {
                at++;
            }
            if (at == columns.size()) {
                List<String> names = new StructType(columns).names();
                throw new QueryException(
                        "UNRESOLVED_COLUMN",
                        ("ALTER TABLE " + String.join(".", name) + ": there is no column '" + altered.name() + "'. "
                                        + Suggestion.didYouMean(altered.name(), names))
                                .strip());
            }
            StructField changed = changed(name, table.format(), columns.get(at), altered.change());
            DefaultValues.check(session, "ALTER TABLE " + String.join(".", name), changed);
            columns.set(at, changed);
        }
        return put(name, table, columns);
    }

    private static StructField changed(
            List<String> table, String format, StructField column, TableStatement.ColumnChange change) {
        Map<String, Object> facts = new HashMap<>(column.metadata().entries());
        switch (change) {
            case TableStatement.ColumnChange.Default(Optional<String> value) ->
                value.ifPresentOrElse(
                        text -> facts.put(TableStatement.DEFAULT, text), () -> facts.remove(TableStatement.DEFAULT));
            case TableStatement.ColumnChange.Comment(String text) -> facts.put("comment", text);
            default -> throw SqlTableStatements.unsupported(format, table);
        }
        return new StructField(column.name(), column.dataType(), column.nullable(), new Metadata(facts));
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
