package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.CachedTable;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.SessionVariables;
import dev.headrace.sql.Parameters;
import dev.headrace.sql.Relations;
import dev.headrace.sql.Script;
import dev.headrace.sql.SqlParser;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs SQL statements.
final class SqlStatements {
    private static final StructType DESCRIPTION = new StructType()
            .add("col_name", "string", false)
            .add("data_type", "string", false)
            .add("comment", "string", true);

    private final Session session;

    private SqlStatements(Session session) {
        this.session = session;
    }

    static DataFrame run(Session session, String sql, Parameters parameters) {
        return run(session, sql, parameters, new SqlStatements(session)::run);
    }

    /// @param action what is done with the statement
    static DataFrame run(Session session, String sql, Parameters parameters, Function<Statement, DataFrame> action) {
        return Nesting.within(() -> parsedAndRun(session, sql, parameters, action));
    }

    /// The rows of a query whose names mean what `tables` says.
    static DataFrame query(Session session, String sql, Relations tables) {
        SqlParser.Parsed<Statement> parsed = parsed(session, sql, tables, Parameters.NONE);
        return parsed.text().telling(() -> {
            if (parsed.value() instanceof Statement.Query(NamedPlan plan)) {
                return new SqlStatements(session).frame(plan);
            }
            throw new QueryException("UNSUPPORTED_SQL", "A view is made of a query.");
        });
    }

    private static SqlParser.Parsed<Statement> parsed(
            Session session, String sql, Relations tables, Parameters parameters) {
        return session.analyzing(() ->
                SqlParser.statement(sql, tables, parameters, session.conf().zone()));
    }

    private static DataFrame parsedAndRun(
            Session session, String sql, Parameters parameters, Function<Statement, DataFrame> action) {
        String text = new SettingReferences(session.conf()).replaced(sql);
        SqlParser.Parsed<Statement> parsed = parsed(session, text, session.tables(), parameters);
        return parsed.text().telling(() -> action.apply(parsed.value()));
    }

    static DataFrame run(Session session, Statement statement) {
        return new SqlStatements(session).run(statement);
    }

    private DataFrame run(Statement statement) {
        return switch (statement) {
            case Statement.RunScript(Script.Block script) -> new SqlScript(session).run(script);
            case Statement.Query(NamedPlan plan) -> frame(plan);
            case Statement.OfView view -> {
                new SqlViews(session).run(view);
                yield nothing();
            }
            case Statement.CreateTable table ->
                new SqlTables(session).create(table, table.query().map(this::frame));
            case Statement.CreateTableLike table -> new SqlTables(session).create(table);
            case Statement.Rename rename -> {
                new TableNames(session).rename(rename);
                yield nothing();
            }
            case Statement.Insert _, Statement.InsertDirectory _ -> {
                prepared(statement).write().run();
                yield nothing();
            }
            case Statement.Inserts(List<Statement> inserts) -> {
                // None writes before all are known to be right.
                PreparedInsert.runAll(inserts.stream().map(this::prepared).toList());
                yield nothing();
            }
            case Statement.Truncate(List<String> table) -> {
                truncate(table);
                yield nothing();
            }
            case Statement.OfTable(TableStatement change) -> new SqlTableStatements(session).run(change);
            case Statement.ApplyChanges changes -> new SqlChanges(session).start(changes, frame(changes.source()));
            case Statement.Drop drop -> drop(drop);
            case Statement.Explain(Statement explained, String mode) -> explain(explained, mode);
            case Statement.ShowTables show -> showTables(show);
            case Statement.Look look -> new SqlCatalog(session).show(look);
            case Statement.OfDatabase change -> {
                new SqlDatabases(session).change(change);
                yield nothing();
            }
            case Statement.Use(List<String> name, boolean ofDatabase) -> {
                new SqlDatabases(session).use(name, ofDatabase);
                yield nothing();
            }
            case Statement.ShowColumns(List<String> table) -> showColumns(table);
            case Statement.ShowFunctions show ->
                rows(
                        new StructType().add("function", "string", false),
                        new SqlFunctions(session)
                                .shown(show).stream().map(SqlStatements::row).toList());
            case Statement.DescribeTable describe -> describe(describe);
            case Statement.DescribeAsJson(List<String> table) ->
                rows(
                        new StructType().add("json_metadata", "string", false),
                        List.of(row(new SqlCatalog(session)
                                .json(table, session.tables().table(table).schema()))));
            case Statement.DescribeQuery(NamedPlan plan) -> describe(frame(plan).schema());
            case Statement.DescribeFunction(String name) ->
                rows(
                        new StructType().add("function_desc", "string", false),
                        new SqlFunctions(session)
                                .described(name).stream()
                                        .map(SqlStatements::row)
                                        .toList());
            case Statement.CreateFunction create -> {
                new SqlFunctions(session).create(create);
                yield nothing();
            }
            case Statement.CreateLastingFunction create -> {
                new SqlFunctions(session).create(create);
                yield nothing();
            }
            case Statement.DropFunction drop -> {
                new SqlFunctions(session).drop(drop);
                yield nothing();
            }
            case Statement.DropLastingFunction drop -> {
                new SqlFunctions(session).drop(drop);
                yield nothing();
            }
            case Statement.DeclareVariables declare -> {
                new SqlVariables(session).declare(declare);
                yield nothing();
            }
            case Statement.SetVariables set -> {
                new SqlVariables(session).set(set);
                yield nothing();
            }
            case Statement.DropVariable drop -> {
                new SqlVariables(session).drop(drop);
                yield nothing();
            }
            case Statement.Execute execute -> new SqlVariables(session).execute(execute);
            case Statement.Set(Optional<String> key, Optional<String> value) -> set(key, value);
            case Statement.Reset(Optional<String> key) -> reset(key);
            case Statement.CacheTable cache -> cache(cache);
            case Statement.UncacheTable(List<String> table, boolean ifExists) -> {
                if (!ifExists || session.tables().isKnown(table)) {
                    session.tables().uncache(table);
                }
                yield nothing();
            }
            case Statement.RefreshTable(List<String> table) -> {
                session.tables().refresh(table);
                yield nothing();
            }
            case Statement.ClearCache _ -> {
                session.catalog().clearCache();
                yield nothing();
            }
        };
    }

    private void truncate(List<String> table) {
        SqlTableStatements changes = new SqlTableStatements(session);
        SqlTableStatements.Target target = changes.target(table);
        if (SqlTableStatements.find(target.format()).isPresent()) {
            changes.run(new TableStatement.Delete(table, Optional.empty(), Optional.empty()));
            return;
        }
        boolean external = session.tables()
                .stored(table)
                .filter(SessionTables.StoredTable::managed)
                .isEmpty();
        if (external) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "TRUNCATE TABLE: the files of " + String.join(".", table) + " in '" + target.path()
                            + "' are not only this table's. Write INSERT OVERWRITE with a query that gives no rows, if they"
                            + " are to go.");
        }
        DataFrame none =
                session.createDataFrame(List.of(), session.tables().table(table).schema());
        prepared(new Statement.Insert(table, Map.of(), none.identified(), List.of(), false, true))
                .write()
                .run();
    }

    private PreparedInsert prepared(Statement insert) {
        return switch (insert) {
            case Statement.Insert asked -> {
                SqlTables target = new SqlTables(session);
                Statement.Insert complete = target.withDefaults(asked);
                yield target.prepared(complete, frame(complete.query()));
            }
            case Statement.InsertDirectory(String format, Map<String, String> options, NamedPlan query) -> {
                DataFrame rows = frame(query);
                Optional<Path> replaced =
                        new SqlTables(session).replaced(format, Optional.ofNullable(options.get("path")));
                yield new PreparedInsert(
                        rows,
                        replaced,
                        () -> rows.write()
                                .format(format)
                                .options(options)
                                .mode(SaveMode.Overwrite)
                                .save());
            }
            default -> throw new IllegalStateException("not an INSERT: " + insert);
        };
    }

    private DataFrame frame(NamedPlan plan) {
        return DataFrame.of(session, plan, session.tables().open());
    }

    private DataFrame nothing() {
        return session.emptyDataFrame();
    }

    private DataFrame rows(StructType schema, List<List<@Nullable Object>> rows) {
        return session.createDataFrame(
                rows.stream().map(row -> RowFactory.create(row.toArray())).toList(), schema);
    }

    private DataFrame cache(Statement.CacheTable cache) {
        cache.query()
                .ifPresent(query ->
                        session.tables().putView(ColumnName.quoted(cache.table().getLast()), frame(query), false));
        session.tables().cache(cache.table());
        if (!cache.lazy()) {
            session.cached().find(session.tables().table(cache.table())).ifPresent(CachedTable::fill);
        }
        return nothing();
    }

    // ---- Views and tables

    private DataFrame drop(Statement.Drop drop) {
        boolean dropped = drop.view()
                ? session.tables().dropView(drop.name())
                : session.tables().dropTable(drop.name());
        if (!dropped && !drop.ifExists()) {
            boolean other = session.tables().isKnown(drop.name());
            throw new QueryException(
                    "TABLE_OR_VIEW_NOT_FOUND",
                    "There is no " + (drop.view() ? "view" : "table") + " '"
                            + session.tables().lasting(drop.name()).shown() + "'"
                            + (other ? ", but a " + (drop.view() ? "table" : "view") + " of this name" : "") + ".");
        }
        return nothing();
    }

    // ---- Looking at things

    private DataFrame explain(Statement statement, String mode) {
        if (mode.equals("analyze") && !(statement instanceof Statement.Query)) {
            throw new QueryException(
                    "UNSUPPORTED_SQL",
                    "EXPLAIN ANALYZE runs a query and leaves out its rows. Give it the query without what it is for.");
        }
        NamedPlan plan = switch (statement) {
            case Statement.Query query -> query.plan();
            case Statement.Insert insert ->
                new SqlTables(session).withDefaults(insert).query();
            case Statement.InsertDirectory insert -> insert.query();
            case Statement.CreateView view -> view.plan();
            default ->
                throw new QueryException(
                        "UNSUPPORTED_SQL", "EXPLAIN explains queries, and the queries of INSERT and of views.");
        };
        List<@Nullable Object> row = new ArrayList<>();
        row.add(frame(plan).explainString(mode).strip());
        return rows(new StructType().add("plan", "string", false), List.of(row));
    }

    private DataFrame showTables(Statement.ShowTables show) {
        boolean viewsOnly = show.viewsOnly();
        StructType schema = new StructType()
                .add("namespace", "string", false)
                .add(viewsOnly ? "viewName" : "tableName", "string", false)
                .add("isTemporary", "boolean", false);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        if (show.database().filter(this::isGlobal).isPresent()) {
            for (String name : session.tables().listedGlobally()) {
                if (matches(show.pattern(), name)) {
                    boolean global = session.tables().isTemporaryView(List.of(TemporaryViews.DATABASE, name));
                    rows.add(List.of(global ? TemporaryViews.DATABASE : "", name, true));
                }
            }
            return rows(schema, rows);
        }
        String database = new SqlDatabases(session).named(show.database());
        session.tables().listed(database).forEach((name, temporary) -> {
            boolean shown = !viewsOnly || session.tables().isView(temporary ? List.of(name) : List.of(database, name));
            if (shown && matches(show.pattern(), name)) {
                rows.add(List.of(temporary ? "" : database, name, temporary));
            }
        });
        return rows(schema, rows);
    }

    private boolean isGlobal(List<String> database) {
        return database.getLast().equalsIgnoreCase(TemporaryViews.DATABASE)
                && (database.size() == 1
                        || database.size() == 2
                                && database.getFirst()
                                        .equalsIgnoreCase(session.catalog().currentCatalog()));
    }

    /// Spark's patterns: `*` is any text, `|` stands between alternatives, letter case does not count.
    static boolean matches(Optional<String> pattern, String name) {
        if (pattern.isEmpty()) {
            return true;
        }
        for (String alternative : pattern.get().split("\\|", -1)) {
            String regex = Pattern.compile("\\*")
                    .splitAsStream(alternative.strip() + " ")
                    .map(part -> Pattern.quote(part.strip()))
                    .collect(Collectors.joining(".*"));
            if (Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(name).matches()) {
                return true;
            }
        }
        return false;
    }

    private DataFrame showColumns(List<String> table) {
        List<List<@Nullable Object>> rows = session.tables().table(table).schema().names().stream()
                .map(SqlStatements::row)
                .toList();
        return rows(new StructType().add("col_name", "string", false), rows);
    }

    private static List<@Nullable Object> row(@Nullable Object... values) {
        List<@Nullable Object> row = new ArrayList<>();
        for (Object value : values) {
            row.add(value);
        }
        return row;
    }

    private DataFrame describe(Statement.DescribeTable describe) {
        StructType schema = session.tables().table(describe.table()).schema();
        if (describe.column().isEmpty()) {
            List<List<@Nullable Object>> rows = columns(schema, DeclaredText::typeOf);
            rows.addAll(new SqlCatalog(session).details(describe.table(), schema, describe.extended()));
            return rows(DESCRIPTION, rows);
        }
        NamedExpr.Name column = new NamedExpr.Name(List.of(describe.column().get()), OptionalLong.empty());
        StructField field = session.tables()
                .table(describe.table())
                .select(new Column(column))
                .schema()
                .field(0);
        StructType result = new StructType().add("info_name", "string", false).add("info_value", "string", false);
        return rows(
                result,
                List.of(
                        row("col_name", field.name()),
                        row("data_type", DeclaredText.typeOf(field)),
                        row("comment", comment(field).orElse("NULL"))));
    }

    private DataFrame describe(StructType schema) {
        return rows(DESCRIPTION, columns(schema, field -> field.dataType().simpleString()));
    }

    private static List<List<@Nullable Object>> columns(StructType schema, Function<StructField, String> type) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (StructField field : schema) {
            rows.add(row(field.name(), type.apply(field), comment(field).orElse(null)));
        }
        return rows;
    }

    private static Optional<String> comment(StructField field) {
        return Optional.ofNullable(field.metadata().entries().get("comment")).map(Object::toString);
    }

    // ---- Settings

    private DataFrame set(Optional<String> key, Optional<String> value) {
        if (key.isPresent() && value.isPresent()) {
            checkNoVariable(key.get());
            session.conf().set(key.get(), value.get());
        }
        Map<String, String> shown = new TreeMap<>();
        if (key.isEmpty()) {
            shown.putAll(session.conf().getAll());
        } else {
            shown.put(key.get(), session.conf().get(key.get(), "<undefined>"));
        }
        StructType schema = new StructType().add("key", "string", false).add("value", "string", false);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        shown.forEach((name, text) -> rows.add(row(name, text)));
        return rows(schema, rows);
    }

    /// Who sets a variable like this means its value.
    private void checkNoVariable(String key) {
        List<String> parts = List.of(key.split("\\."));
        boolean variable = !parts.isEmpty()
                && SessionVariables.areQualifiers(parts.subList(0, parts.size() - 1))
                && session.variables().get(parts.getLast()).isPresent();
        if (variable) {
            throw new QueryException(
                    "UNSUPPORTED_FEATURE.SET_VARIABLE_USING_SET",
                    "SET " + key + ": this is a variable. Write SET VARIABLE " + key
                            + " = …, or call the setting something else.");
        }
    }

    private DataFrame reset(Optional<String> key) {
        key.ifPresentOrElse(session.conf()::reset, session.conf()::reset);
        return nothing();
    }
}
