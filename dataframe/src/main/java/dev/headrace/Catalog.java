package dev.headrace;

import dev.headrace.catalog.Database;
import dev.headrace.catalog.Function;
import dev.headrace.catalog.Table;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.sql.Statement;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The views, tables and functions that SQL knows, from [Session#catalog]. The database `default` is always there,
/// CREATE DATABASE makes others. Databases, managed tables, and views that are not temporary, outlive the session: they
/// are noted in the directory `.catalog` of the warehouse, or where the setting `headrace.catalog.path` says. With that
/// setting external tables are noted there too; without it they live as long as the session.
public final class Catalog {
    private final Session session;

    Catalog(Session session) {
        this.session = session;
    }

    /// The database of names that say none: `default`, until the session says another.
    public String currentDatabase() {
        return session.tables().currentDatabase();
    }

    public String currentCatalog() {
        return Databases.CATALOG;
    }

    /// Makes a database that of names that say none, for this session.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`
    public void setCurrentDatabase(String dbName) {
        session.tables().use(database(dbName));
    }

    /// A database's name as it may be given, with its catalog, in backquotes.
    private static String database(String dbName) {
        return String.join(".", Databases.withoutCatalog(ColumnName.parts(dbName)));
    }

    /// @throws QueryException `CATALOG_NOT_FOUND` for another than `spark_catalog`
    public void setCurrentCatalog(String catalogName) {
        if (!catalogName.equalsIgnoreCase(currentCatalog())) {
            throw new QueryException(
                    "CATALOG_NOT_FOUND", "There is no catalog '" + catalogName + "', only '" + currentCatalog() + "'.");
        }
    }

    private Databases.Database known(String dbName) {
        return session.tables().databases().get(database(dbName));
    }

    /// The views and tables of the current database: `name`, `tableType` (`TEMPORARY`, `VIEW`, `EXTERNAL` or `MANAGED`)
    /// and `isTemporary`.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND` if the database was dropped
    public DataFrame listTables() {
        return listed(tables(currentDatabase()));
    }

    private DataFrame listed(List<Table> tables) {
        StructType schema = new StructType()
                .add("name", "string", false)
                .add("tableType", "string", false)
                .add("isTemporary", "boolean", false);
        List<Row> rows = tables.stream()
                .map(table -> RowFactory.create(table.name(), table.tableType(), table.isTemporary()))
                .toList();
        return session.createDataFrame(rows, schema);
    }

    /// [#listTables()] of a database; of `global_temp`: the temporary views, global ones and the session's own.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`
    public DataFrame listTables(String dbName) {
        if (dbName.equalsIgnoreCase(TemporaryViews.DATABASE)) {
            return listed(session.tables().listedGlobally().stream()
                    .map(Catalog::temporary)
                    .toList());
        }
        return listed(tables(dbName));
    }

    /// A table or view, of the current database unless the name says another one.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public Table getTable(String tableName) {
        List<String> name = ColumnName.parts(tableName);
        if (!session.tables().isKnown(name)) {
            throw session.tables().notFound("getTable", name);
        }
        TableName place = session.tables().lasting(name);
        boolean lasts =
                session.tables().stored(name).isPresent() || session.tables().isLastingView(name);
        return session.tables().isTemporaryView(name) || !lasts ? temporary(name.getLast()) : lasting(place);
    }

    /// A table or view of a database.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`, `TABLE_OR_VIEW_NOT_FOUND`
    public Table getTable(String dbName, String tableName) {
        return getTable(inDatabase(dbName, tableName));
    }

    /// @throws QueryException `SCHEMA_NOT_FOUND`
    private String inDatabase(String dbName, String tableName) {
        String database = dbName.equalsIgnoreCase(TemporaryViews.DATABASE)
                ? dbName
                : known(dbName).name();
        return ColumnName.quoted(database) + "." + ColumnName.quoted(tableName);
    }

    private List<Table> tables(String dbName) {
        String database = known(dbName).name();
        List<Table> tables = new ArrayList<>();
        session.tables()
                .listed(database)
                .forEach((name, temporary) ->
                        tables.add(temporary ? temporary(name) : lasting(new TableName(database, name))));
        return tables;
    }

    private static Table temporary(String name) {
        return new Table(name, null, null, "TEMPORARY", true);
    }

    private Table lasting(TableName name) {
        Optional<SessionTables.StoredTable> stored = session.tables().stored(name.parts());
        String table = stored.filter(SessionTables.StoredTable::managed).isPresent() ? "MANAGED" : "EXTERNAL";
        return new Table(
                name.name().toLowerCase(Locale.ROOT),
                currentCatalog(),
                name.database(),
                stored.isPresent() ? table : "VIEW",
                false);
    }

    /// [#listTables(String)] whose names are like a pattern: `*` is any text, `|` stands between alternatives, letter
    /// case does not count.
    public DataFrame listTables(String dbName, String pattern) {
        return named(listTables(dbName), pattern);
    }

    private DataFrame named(DataFrame all, String pattern) {
        List<Row> rows = new ArrayList<>(all.collectAsList());
        rows.removeIf(row -> !SqlStatements.matches(Optional.of(pattern), String.valueOf(row.get(0))));
        return session.createDataFrame(rows, all.schema());
    }

    /// The columns of a view or table: `name`, `dataType` and `nullable`.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public DataFrame listColumns(String tableName) {
        StructType schema = new StructType()
                .add("name", "string", false)
                .add("dataType", "string", false)
                .add("nullable", "boolean", false);
        List<Row> rows = new ArrayList<>();
        for (StructField field : session.table(tableName).schema()) {
            rows.add(RowFactory.create(field.name(), field.dataType().simpleString(), field.nullable()));
        }
        return session.createDataFrame(rows, schema);
    }

    /// [#listColumns(String)] of a table in a database.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`, `TABLE_OR_VIEW_NOT_FOUND`
    public DataFrame listColumns(String dbName, String tableName) {
        return listColumns(inDatabase(dbName, tableName));
    }

    /// Makes a table of what lies at a path, in the format `parquet`, and gives its rows.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_ALREADY_EXISTS`
    public DataFrame createTable(String tableName, String path) {
        return createTable(tableName, path, "parquet");
    }

    /// Makes a table of what lies at a path and gives its rows.
    ///
    /// @param source the format
    /// @throws QueryException `TABLE_OR_VIEW_ALREADY_EXISTS`
    public DataFrame createTable(String tableName, String path, String source) {
        return createTable(tableName, source, Map.of("path", path));
    }

    /// Makes a table of what is there already, and gives its rows.
    ///
    /// @param source the format
    /// @param options of reading and writing, such as `path`
    /// @throws QueryException `TABLE_OR_VIEW_ALREADY_EXISTS`
    public DataFrame createTable(String tableName, String source, Map<String, String> options) {
        return create(tableName, source, Optional.empty(), options);
    }

    /// Makes a table with these columns, in the warehouse unless the option `path` says another place, and gives its
    /// rows.
    ///
    /// @param source the format
    /// @throws QueryException `TABLE_OR_VIEW_ALREADY_EXISTS`, `LOCATION_ALREADY_EXISTS`
    public DataFrame createTable(String tableName, String source, StructType schema, Map<String, String> options) {
        return create(tableName, source, Optional.of(schema), options);
    }

    private DataFrame create(
            String tableName, String source, Optional<StructType> schema, Map<String, String> options) {
        if (schema.isEmpty()) {
            // What is not there gets no name.
            session.read().format(source).options(options).load().schema();
        }
        Statement.CreateTable table = new Statement.CreateTable(
                ColumnName.parts(tableName),
                schema,
                Optional.of(source),
                options,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Statement.Exists.FAIL,
                Map.of());
        new SqlTables(session).create(table, Optional.empty());
        return session.table(tableName);
    }

    /// The functions of the library, of the session and of the current database: `name`.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND` if the database was dropped
    public DataFrame listFunctions() {
        return functions(currentDatabase());
    }

    /// [#listFunctions()] of a database.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`
    public DataFrame listFunctions(String dbName) {
        return functions(known(dbName).name());
    }

    private DataFrame functions(String database) {
        Set<String> names = new TreeSet<>(FunctionRegistry.names());
        names.addAll(session.functions().names());
        names.addAll(session.functions().lasting().names(database));
        List<Row> rows = names.stream().map(name -> RowFactory.create(name)).toList();
        return session.createDataFrame(rows, new StructType().add("name", "string", false));
    }

    /// [#listFunctions(String)] whose names are like a pattern, as in [#listTables(String, String)].
    public DataFrame listFunctions(String dbName, String pattern) {
        return named(listFunctions(dbName), pattern);
    }

    /// A function, of the library or the session, or of the current database unless the name says another one.
    ///
    /// @throws QueryException `UNRESOLVED_ROUTINE`
    public Function getFunction(String functionName) {
        List<String> parts = ColumnName.parts(functionName);
        String name = parts.getLast().toLowerCase(Locale.ROOT);
        if (parts.size() == 1
                && (FunctionRegistry.names().contains(name)
                        || session.functions().isOfSession(name))) {
            return new Function(name, true);
        }
        if (!session.functions().lasting().exists(session.tables().lasting(parts))) {
            throw new QueryException(
                    "UNRESOLVED_ROUTINE",
                    "There is no function '" + functionName + "'. "
                            + Suggestion.didYouMean(name, FunctionRegistry.names()));
        }
        return new Function(name, false);
    }

    /// A function of a database; also one of the library or the session.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`, `UNRESOLVED_ROUTINE`
    public Function getFunction(String dbName, String functionName) {
        String database = known(dbName).name();
        boolean lasting = session.functions().lasting().exists(new TableName(database, functionName));
        return lasting ? new Function(functionName.toLowerCase(Locale.ROOT), false) : getFunction(functionName);
    }

    /// A database.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`
    public Database getDatabase(String dbName) {
        Databases.Database database = known(dbName);
        return new Database(
                database.name(),
                currentCatalog(),
                database.comment().orElse(""),
                Path.of(database.location()).toUri().toString());
    }

    public boolean tableExists(String dbName, String tableName) {
        return session.tables().isKnown(List.of(database(dbName), tableName));
    }

    public boolean functionExists(String dbName, String functionName) {
        return databaseExists(dbName)
                && (session.functions().lasting().exists(new TableName(database(dbName), functionName))
                        || functionExists(functionName));
    }

    public boolean tableExists(String tableName) {
        return session.tables().isKnown(ColumnName.parts(tableName));
    }

    public boolean functionExists(String functionName) {
        List<String> parts = ColumnName.parts(functionName);
        String name = parts.getLast();
        boolean plain = parts.size() == 1
                && (FunctionRegistry.names().contains(name.toLowerCase(Locale.ROOT))
                        || session.functions().isOfSession(name));
        return plain || session.functions().lasting().exists(session.tables().lasting(parts));
    }

    /// Forgets a temporary view.
    ///
    /// @return whether there was one
    public boolean dropTempView(String viewName) {
        return session.tables().dropTempView(viewName);
    }

    /// Forgets a view of `global_temp`.
    ///
    /// @return whether there was one
    public boolean dropGlobalTempView(String viewName) {
        return session.tables().dropTempView(TemporaryViews.global(viewName));
    }

    public boolean databaseExists(String dbName) {
        return session.tables().databases().exists(database(dbName));
    }

    /// The databases: `name`, `catalog`, `description` and `locationUri`.
    public DataFrame listDatabases() {
        List<Row> rows = session.tables().databases().names().stream()
                .map(this::getDatabase)
                .map(database -> RowFactory.create(
                        database.name(), database.catalog(), database.description(), database.locationUri()))
                .toList();
        return session.createDataFrame(
                rows,
                new StructType()
                        .add("name", "string", false)
                        .add("catalog", "string")
                        .add("description", "string")
                        .add("locationUri", "string"));
    }

    /// [#listDatabases()] whose names are like a pattern, as in [#listTables(String, String)].
    public DataFrame listDatabases(String pattern) {
        return named(listDatabases(), pattern);
    }

    /// [#listCatalogs()] whose names are like a pattern, as in [#listTables(String, String)].
    public DataFrame listCatalogs(String pattern) {
        return named(listCatalogs(), pattern);
    }

    /// The catalogs: `spark_catalog`.
    public DataFrame listCatalogs() {
        return session.createDataFrame(
                List.of(RowFactory.create(currentCatalog())), new StructType().add("name", "string", false));
    }

    /// Has the session keep the rows of a view or table from the next query on that reads them; see [DataFrame#cache].
    /// Statements of this session that change the table make the rows be read anew.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public void cacheTable(String tableName) {
        session.tables().cache(ColumnName.parts(tableName));
    }

    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public boolean isCached(String tableName) {
        return session.cached().find(session.table(tableName)).isPresent();
    }

    /// Forgets the rows that [#cacheTable] keeps, if it does.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public void uncacheTable(String tableName) {
        session.tables().uncache(ColumnName.parts(tableName));
    }

    /// Forgets the rows of all DataFrames, views and tables that are kept.
    public void clearCache() {
        session.cached().close();
    }

    /// Has rows that are kept be read anew by the next query. Where none are kept, each query reads files as they are.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public void refreshTable(String tableName) {
        session.tables().refresh(ColumnName.parts(tableName));
    }

    /// Nothing is to be done: each query finds the files of a table, and the directories they lie in, anew.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public void recoverPartitions(String tableName) {
        refreshTable(tableName);
    }

    /// Has rows that are kept of files below a path be read anew, as those of all others.
    public void refreshByPath(String path) {
        session.cached().refresh();
    }
}
