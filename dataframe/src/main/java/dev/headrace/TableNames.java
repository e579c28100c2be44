package dev.headrace;

import dev.headrace.SessionTables.StoredTable;
import dev.headrace.errors.QueryException;
import dev.headrace.files.InputFiles;
import dev.headrace.sql.Statement;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Gives tables and views other names. A table in the warehouse moves to the directory of its new name, so that another
/// one can be made under the old name.
final class TableNames {
    private final SessionTables tables;

    TableNames(Session session) {
        this.tables = session.tables();
    }

    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`, `TABLE_OR_VIEW_ALREADY_EXISTS`,
    ///     `INVALID_SCHEMA_OR_RELATION_NAME`, or if a view is called a table or the other way round
    void rename(Statement.Rename rename) {
        List<String> from = rename.from();
        TableName place = tables.lasting(from);
        if (tables.isPath(from) || !tables.isKnown(from)) {
            throw tables.notFound(rename.view() ? "ALTER VIEW" : "ALTER TABLE", from);
        }
        boolean temporary = tables.isTemporaryView(from);
        List<String> to = temporary ? rename.to() : within(place, rename.to());
        if (tables.isPath(to) || tables.isKnown(to)) {
            throw SqlTables.exists(to);
        }
        if (temporary) {
            tables.renameTemporaryView(
                    tables.temporary(from).orElseThrow(),
                    tables.temporary(to)
                            .orElseThrow(() -> otherDatabase(String.join(".", from), String.join(".", to))));
            return;
        }
        tables.requireDatabase(tables.lasting(to));
        if (tables.isLastingView(from)) {
            if (!rename.view()) {
                throw new QueryException(
                        "EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW",
                        "'" + place.shown() + "' is a view, not a table. Write ALTER VIEW " + place.shown()
                                + " RENAME TO " + to.getLast() + ".");
            }
            tables.renameLastingView(place, to.getLast());
        } else {
            if (rename.view()) {
                throw new QueryException(
                        "EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE",
                        "'" + place.shown() + "' is a table, not a view. Write ALTER TABLE " + place.shown()
                                + " RENAME TO " + to.getLast() + ".");
            }
            StoredTable table = tables.stored(from).orElseThrow(() -> tables.notFound("ALTER TABLE", from));
            renameTable(place, to, table);
        }
    }

    /// A new name in the database that the old one is in.
    private static List<String> within(TableName from, List<String> to) {
        TableName said = TableName.of(to, from.database());
        if (!said.database().equalsIgnoreCase(from.database())) {
            throw otherDatabase(from.shown(), said.shown());
        }
        return said.parts();
    }

    private static QueryException otherDatabase(String from, String to) {
        return new QueryException(
                "UNSUPPORTED_OPERATION",
                "RENAME: '" + from + "' can't become '" + to
                        + "': a table or view stays in its database. Copy it with CREATE TABLE … AS SELECT ….");
    }

    private void renameTable(TableName from, List<String> to, StoredTable table) {
        Optional<Path> directory = Optional.empty();
        if (table.managed() && table.path().isPresent()) {
            directory = Optional.of(InputFiles.localPath(tables.inWarehouse(tables.lasting(to))));
            SqlTables.checkPlaceIsFree(to, directory.get().toString());
        }
        tables.renameTable(from, to.getLast(), directory);
    }
}
