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

    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`, `TABLE_OR_VIEW_ALREADY_EXISTS`, or if a view is called a table
    ///     or the other way round
    void rename(Statement.Rename rename) {
        String from = SessionTables.plain(rename.from());
        String to = SessionTables.plain(rename.to());
        if (tables.isPath(rename.from()) || !tables.isKnown(rename.from())) {
            throw tables.notFound(rename.view() ? "ALTER VIEW" : "ALTER TABLE", rename.from());
        }
        if (tables.isPath(rename.to()) || tables.isKnown(rename.to())) {
            throw SqlTables.exists(rename.to());
        }
        if (tables.isTemporaryView(from)) {
            tables.renameTemporaryView(from, to);
        } else if (tables.isLastingView(from)) {
            if (!rename.view()) {
                throw new QueryException(
                        "EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW",
                        "'" + from + "' is a view, not a table. Write ALTER VIEW " + from + " RENAME TO " + to + ".");
            }
            tables.renameLastingView(from, to);
        } else {
            if (rename.view()) {
                throw new QueryException(
                        "EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE",
                        "'" + from + "' is a table, not a view. Write ALTER TABLE " + from + " RENAME TO " + to + ".");
            }
            StoredTable table =
                    tables.stored(rename.from()).orElseThrow(() -> tables.notFound("ALTER TABLE", rename.from()));
            renameTable(from, to, table);
        }
    }

    private void renameTable(String from, String to, StoredTable table) {
        Optional<Path> directory = Optional.empty();
        if (table.managed() && table.path().isPresent()) {
            directory = Optional.of(InputFiles.localPath(tables.inWarehouse(to)));
            SqlTables.checkPlaceIsFree(List.of(to), directory.get().toString());
        }
        tables.renameTable(from, to, directory);
    }
}
