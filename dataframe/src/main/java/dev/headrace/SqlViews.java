package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedPlan;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Statements that make and change views.
final class SqlViews {
    private final Session session;

    SqlViews(Session session) {
        this.session = session;
    }

    void run(Statement.OfView statement) {
        switch (statement) {
            case Statement.CreateView view -> create(view);
            case Statement.CreateViewUsing view -> create(view);
            case Statement.AlterView view -> alter(view);
        }
    }

    private DataFrame frame(NamedPlan plan) {
        return DataFrame.of(session, plan, session.tables().open());
    }

    private void create(Statement.CreateView view) {
        checkColumns(view);
        if (view.lasting().isEmpty() && view.name().size() > 1) {
            throw new QueryException(
                    "TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS",
                    "CREATE VIEW: a temporary view is in no database, so it can't be called '"
                            + String.join(".", view.name()) + "'. Write its last part alone.");
        }
        List<String> name =
                view.global() ? List.of(TemporaryViews.DATABASE, view.name().getLast()) : view.name();
        if (view.ifNotExists() && session.tables().isView(name)) {
            return;
        }
        if (view.lasting().isPresent()) {
            boolean free = !session.tables().isKnown(name);
            boolean replaces = view.replace() && session.tables().isView(name);
            // A temporary view may hide a table.
            if (!free && !(replaces && session.tables().stored(name).isEmpty())) {
                throw SqlTables.exists(name);
            }
            session.tables()
                    .putLastingView(
                            name,
                            new TableCatalog.Entry.OfView(
                                    view.lasting().get(),
                                    view.columns(),
                                    view.binding(),
                                    session.tables().currentDatabase(),
                                    view.properties(),
                                    Optional.empty()));
            return;
        }
        DataFrame frame = frame(view.plan());
        if (!view.columns().isEmpty()) {
            frame = frame.toDF(view.columns().toArray(String[]::new));
        }
        putTemporary(name, frame, view.replace());
    }

    private void putTemporary(List<String> name, DataFrame frame, boolean replace) {
        session.tables()
                .putView(ColumnName.quoted(session.tables().temporary(name).orElseThrow()), frame, replace);
    }

    private static void checkColumns(Statement.CreateView view) {
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String column : view.columns()) {
            if (!seen.add(column)) {
                throw new QueryException(
                        "COLUMN_ALREADY_EXISTS",
                        "CREATE VIEW " + String.join(".", view.name()) + ": there are two columns '" + column
                                + "'. Give each a name of its own.");
            }
        }
    }

    private void create(Statement.CreateViewUsing view) {
        DataFrameReader reader = session.read().format(view.format()).options(view.options());
        view.schema().ifPresent(reader::schema);
        SessionTables.StoredTable definition =
                SessionTables.StoredTable.external(view.format(), view.options(), Optional.empty(), view.schema());
        String name = view.global() ? TemporaryViews.global(view.name()) : view.name();
        session.tables().putView(ColumnName.quoted(name), reader.load(), definition, view.replace());
    }

    // ---- ALTER VIEW

    private void alter(Statement.AlterView alter) {
        List<String> name = alter.name();
        if (session.tables().isTemporaryView(name)) {
            if (!(alter.change() instanceof Statement.ViewChange.Query(NamedPlan plan, String _))) {
                throw new QueryException(
                        "EXPECT_PERMANENT_VIEW_NOT_TEMP",
                        "ALTER VIEW: '" + String.join(".", name)
                                + "' is a temporary view, of which only AS and RENAME TO change something. Name a view"
                                + " made by CREATE VIEW.");
            }
            putTemporary(name, frame(plan), true);
            return;
        }
        TableCatalog.Entry.OfView view = session.tables().lastingView(name).orElseThrow(() -> noView(name));
        switch (alter.change()) {
            case Statement.ViewChange.Query(NamedPlan _, String text) ->
                session.tables()
                        .putLastingView(name, view.of(text, session.tables().currentDatabase()));
            case Statement.ViewChange.Binding(Statement.SchemaBinding binding) ->
                session.tables()
                        .putLastingView(
                                name,
                                new TableCatalog.Entry.OfView(
                                        view.query(),
                                        view.columns(),
                                        binding,
                                        view.database(),
                                        view.properties(),
                                        Optional.empty()));
            case Statement.ViewChange.SetProperties(Map<String, String> properties) -> {
                Map<String, String> all = new TreeMap<>(view.properties());
                all.putAll(properties);
                session.tables().noteView(name, view.with(all));
            }
            case Statement.ViewChange.UnsetProperties(List<String> keys, boolean ifExists) -> {
                Map<String, String> all = new TreeMap<>(view.properties());
                for (String key : keys) {
                    if (all.remove(key) == null && !ifExists && !key.equals(TableStatement.COMMENT)) {
                        throw new QueryException(
                                "UNSET_NONEXISTENT_PROPERTIES",
                                "ALTER VIEW " + String.join(".", name) + ": it has no property '" + key
                                        + "'. Write IF EXISTS if it need not be there.");
                    }
                }
                session.tables().noteView(name, view.with(all));
            }
        }
    }

    private QueryException noView(List<String> name) {
        return session.tables().isKnown(name)
                ? new QueryException(
                        "EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE",
                        "'" + String.join(".", name)
                                + "' is a table, not a view. Write ALTER TABLE, or CREATE VIEW with" + " another name.")
                : session.tables().notFound("ALTER VIEW", name);
    }
}
