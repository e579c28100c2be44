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

    /// The views and tables: `name`, `tableType` (`TEMPORARY` or `EXTERNAL`) and `isTemporary`.
    public DataFrame listTables() {
        StructType schema = new StructType()
                .add("name", "string", false)
                .add("tableType", "string", false)
                .add("isTemporary", "boolean", false);
        List<Row> rows = new ArrayList<>();
        session.tables()
                .listed()
                .forEach((name, temporary) ->
                        rows.add(RowFactory.create(name, temporary ? "TEMPORARY" : "EXTERNAL", temporary)));
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

    /// Nothing is cached, so there is nothing to read anew: each query reads its files as they are.
    public void refreshTable(String tableName) {
        session.table(tableName);
    }
}
