package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/// Finds the table that a statement is about, and who can change tables of its format.
final class SqlTableStatements {
    private final Session session;

    SqlTableStatements(Session session) {
        this.session = session;
    }

    DataFrame run(TableStatement statement) {
        if (statement instanceof TableStatement.Convert convert) {
            return convert(convert);
        }
        if (statement instanceof TableStatement.Clone clone) {
            return copy(clone);
        }
        if (statement instanceof TableStatement.AddColumns add && isOfFiles(add.table())) {
            return new FileTableColumns(session).add(add);
        }
        if (statement instanceof TableStatement.AlterColumns alter && isOfFiles(alter.table())) {
            return new FileTableColumns(session).alter(alter);
        }
        DataFrame done = onTable(statement);
        session.tables().changed(statement.table());
        return done;
    }

    private boolean isOfFiles(List<String> table) {
        return find(target(table).format()).isEmpty();
    }

    private DataFrame onTable(TableStatement statement) {
        List<String> name = statement.table();
        Target table = target(name);
        return of(table.format(), name).run(session, statement, table.path(), table.name());
    }

    /// A table that a statement changes.
    ///
    /// @param name what columns may be qualified with; empty if only its path is known
    record Target(String format, String path, Optional<String> name) {}

    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    Target target(List<String> table) {
        Optional<SessionTables.StoredTable> stored = session.tables().stored(table);
        if (stored.isPresent() && stored.get().path().isPresent()) {
            return new Target(stored.get().format(), stored.get().path().get(), Optional.of(table.getLast()));
        }
        if (session.tables().isPath(table)) {
            return new Target(table.getFirst(), table.getLast(), Optional.empty());
        }
        throw notFound(table);
    }

    /// A directory of Parquet files becomes a Delta table; so does a table of that format that has a name.
    private DataFrame convert(TableStatement.Convert convert) {
        List<String> table = convert.table();
        Optional<SessionTables.StoredTable> stored = session.tables().stored(table);
        String format = stored.map(SessionTables.StoredTable::format).orElse(table.getFirst());
        Optional<String> path = stored.isPresent()
                ? stored.get().path()
                : Optional.of(table.getLast()).filter(_ -> session.tables().isPath(table));
        if (path.isEmpty()) {
            throw notFound(table);
        }
        if (!format.equalsIgnoreCase("parquet") && !format.equalsIgnoreCase("delta")) {
            throw new QueryException(
                    "DELTA_CONVERT_FORMAT",
                    String.join(".", table) + " is a table of format '" + format
                            + "': only Parquet files can become a Delta table as they are. Write it as one: CREATE TABLE …"
                            + " USING delta AS SELECT ….");
        }
        DataFrame done = of("delta", table).run(session, convert, path.get(), Optional.empty());
        stored.ifPresent(before -> session.tables().putTable(table, delta(path.get(), before.managed())));
        return done;
    }

    private DataFrame copy(TableStatement.Clone clone) {
        List<String> target = clone.target();
        if (session.tables().isPath(target)) {
            return onTable(clone.at(target.getLast()));
        }
        session.tables().requireDatabase(session.tables().lasting(target));
        Optional<SessionTables.StoredTable> there = session.tables().stored(target);
        boolean view = there.isEmpty() && session.tables().isKnown(target);
        boolean other = there.filter(table -> !table.format().equals("delta")).isPresent();
        if (view || other && clone.ifExists() != Statement.Exists.REPLACE) {
            if (clone.ifExists() == Statement.Exists.KEEP) {
                return session.emptyDataFrame();
            }
            throw SqlTables.exists(target);
        }
        String path = clone.location()
                .or(() -> there.flatMap(SessionTables.StoredTable::path))
                .orElseGet(() -> session.tables().inWarehouse(session.tables().lasting(target)));
        DataFrame done = onTable(clone.at(path));
        boolean managed = there.map(SessionTables.StoredTable::managed).orElse(true);
        session.tables().putTable(target, delta(path, clone.location().isEmpty() && managed));
        return done;
    }

    private static SessionTables.StoredTable delta(String path, boolean managed) {
        return new SessionTables.StoredTable(
                "delta", Map.of(), Optional.of(path), Optional.empty(), List.of(), Optional.empty(), managed);
    }

    private QueryException notFound(List<String> table) {
        String name = String.join(".", table);
        boolean view = session.tables().isKnown(table);
        String suggestion =
                view ? "" : Suggestion.didYouMean(name, session.tables().names()) + " ";
        return new QueryException(
                        "TABLE_OR_VIEW_NOT_FOUND",
                        (view
                                        ? "'" + name + "' is a view, which can't be changed. "
                                        : "There is no table '" + name + "'. ")
                                + suggestion.stripLeading()
                                + "Name a table that CREATE TABLE has made, or a format and a path as in delta.`/path`.")
                .within(table);
    }

    /// Who changes tables of a format, if anybody does.
    static Optional<TableStatements> find(String format) {
        return ServiceLoader.load(TableStatements.class, SqlTableStatements.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.format().equals(format.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static TableStatements of(String format, List<String> table) {
        return find(format).orElseThrow(() -> unsupported(format, table));
    }

    static QueryException unsupported(String format, List<String> table) {
        return new QueryException(
                "UNSUPPORTED_OPERATION",
                String.join(".", table) + " is a table of format '" + format
                        + "', whose rows and properties can't be changed in place. Write it as a Delta table: CREATE"
                        + " TABLE … USING delta AS SELECT ….");
    }
}
