package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;

/// The views, tables and functions that SQL knows, from [Session#catalog]. There is one database, `default`; what is in
/// it lives as long as the session.
public final class Catalog {
    private final Session session;

    Catalog(Session session) {
        this.session = session;
    }

    public String currentDatabase() {
        return "default";
    }

    public String currentCatalog() {
        return "spark_catalog";
    }

    /// The views and tables: `name`, `tableType` (`TEMPORARY`, `EXTERNAL` or `MANAGED`) and `isTemporary`.
    public DataFrame listTables() {
        StructType schema = new StructType()
                .add("name", "string", false)
                .add("tableType", "string", false)
                .add("isTemporary", "boolean", false);
        List<Row> rows = new ArrayList<>();
        session.tables().listed().forEach((name, temporary) -> {
            String lasting = session.tables().isManaged(name) ? "MANAGED" : "EXTERNAL";
            rows.add(RowFactory.create(name, temporary ? "TEMPORARY" : lasting, temporary));
        });
        return session.createDataFrame(rows, schema);
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

    /// The functions: `name`.
    public DataFrame listFunctions() {
        java.util.Set<String> names = new java.util.TreeSet<>(FunctionRegistry.names());
        names.addAll(session.functions().names());
        List<Row> rows = names.stream().map(name -> RowFactory.create(name)).toList();
        return session.createDataFrame(rows, new StructType().add("name", "string", false));
    }

    public boolean tableExists(String tableName) {
        return session.tables().isKnown(ColumnName.parts(tableName));
    }

    public boolean functionExists(String functionName) {
        String name = functionName.toLowerCase(java.util.Locale.ROOT);
        return FunctionRegistry.names().contains(name) || session.functions().knows(name);
    }

    /// Forgets a temporary view.
    ///
    /// @return whether there was one
    public boolean dropTempView(String viewName) {
        return session.tables().dropView(viewName);
    }

    /// Only `default`: there is no metastore.
    public boolean databaseExists(String dbName) {
        return dbName.equalsIgnoreCase(currentDatabase());
    }

    /// The databases: `default`.
    public DataFrame listDatabases() {
        return session.createDataFrame(
                List.of(RowFactory.create(currentDatabase(), currentCatalog())),
                new StructType().add("name", "string", false).add("catalog", "string", false));
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
}
