package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.sql.Statement;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Statements about databases.
final class SqlDatabases {
    private final Session session;

    SqlDatabases(Session session) {
        this.session = session;
    }

    /// `USE`.
    ///
    /// @param ofDatabase whether a single name can't be that of the catalog
    void use(List<String> name, boolean ofDatabase) {
        boolean ofCatalog = name.size() == 1 && !ofDatabase && name.getFirst().equalsIgnoreCase(Databases.CATALOG);
        if (ofCatalog) {
            session.catalog().setCurrentCatalog(name.getFirst());
        } else {
            session.tables().use(plain(name));
        }
    }

    /// The name of a database without its catalog.
    ///
    /// @throws QueryException `CATALOG_NOT_FOUND`, `REQUIRES_SINGLE_PART_NAMESPACE`
    private String plain(List<String> name) {
        if (name.size() == 1) {
            return name.getFirst();
        }
        session.catalog().setCurrentCatalog(name.getFirst());
        if (name.size() > 2) {
            throw new QueryException(
                    "REQUIRES_SINGLE_PART_NAMESPACE",
                    "'" + String.join(".", name) + "': a database has a name of one part, and the catalog "
                            + Databases.CATALOG + " may stand before it.");
        }
        return name.getLast();
    }

    /// The database that a statement names, which is there, or the current one.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`, `CATALOG_NOT_FOUND`
    String named(Optional<List<String>> name) {
        String database = name.map(this::plain).orElse(session.tables().currentDatabase());
        return session.tables().databases().get(database).name();
    }

    void change(Statement.OfDatabase statement) {
        String name = plain(statement.name());
        switch (statement) {
            case Statement.CreateDatabase create ->
                session.tables()
                        .databases()
                        .create(name, create.ifNotExists(), create.comment(), create.location(), create.properties());
            case Statement.DropDatabase drop -> drop(name, drop);
            case Statement.AlterDatabase alter ->
                session.tables().databases().change(name, database -> changed(database, alter.change()));
        }
    }

    private void drop(String name, Statement.DropDatabase drop) {
        if (drop.ifExists() && !session.tables().databases().exists(name)) {
            return;
        }
        if (name.equalsIgnoreCase(Databases.DEFAULT)) {
            throw new QueryException(
                    "UNSUPPORTED_FEATURE.DROP_DATABASE",
                    "DROP DATABASE: the database 'default' is always there. Drop its tables.");
        }
        session.tables().dropDatabase(name, drop.cascade());
    }

    private Databases.Database changed(Databases.Database database, Statement.DatabaseChange change) {
        return switch (change) {
            case Statement.DatabaseChange.SetProperties(Map<String, String> properties) -> {
                Map<String, String> all = new HashMap<>(database.properties());
                all.putAll(properties);
                yield database.withProperties(all);
            }
            case Statement.DatabaseChange.UnsetProperties(List<String> keys) -> {
                Map<String, String> all = new HashMap<>(database.properties());
                all.keySet().removeAll(keys);
                yield database.withProperties(all);
            }
            case Statement.DatabaseChange.SetComment(Optional<String> comment) -> database.withComment(comment);
            case Statement.DatabaseChange.SetLocation(String location) -> {
                if (database.name().equals(Databases.DEFAULT)) {
                    throw new QueryException(
                            "UNSUPPORTED_OPERATION",
                            "ALTER DATABASE: the database 'default' lies in spark.sql.warehouse.dir. Set that, or make"
                                    + " another database.");
                }
                yield database.at(session.tables().databases().place(location));
            }
        };
    }

    // ---- Looking at databases

    DataFrame show(Optional<List<String>> catalog, Optional<String> pattern) {
        catalog.ifPresent(name -> session.catalog().setCurrentCatalog(String.join(".", name)));
        List<Row> rows = session.tables().databases().names().stream()
                .filter(name -> SqlStatements.matches(pattern, name))
                .map(name -> RowFactory.create(name))
                .toList();
        return session.createDataFrame(rows, new StructType().add("namespace", "string", false));
    }

    DataFrame describe(List<String> name, boolean extended) {
        Databases.Database database = session.tables().databases().get(plain(name));
        List<Row> rows = new ArrayList<>(List.of(
                RowFactory.create("Catalog Name", Databases.CATALOG),
                RowFactory.create("Namespace Name", database.name()),
                RowFactory.create("Comment", database.comment().orElse("")),
                RowFactory.create("Location", database.location()),
                RowFactory.create("Owner", database.owner())));
        if (extended) {
            String properties = new TreeMap<>(database.properties())
                    .entrySet().stream()
                            .map(each -> "(" + each.getKey() + "," + each.getValue() + ")")
                            .collect(Collectors.joining(", ", "(", ")"));
            rows.add(RowFactory.create("Properties", database.properties().isEmpty() ? "" : properties));
        }
        return session.createDataFrame(
                rows, new StructType().add("info_name", "string", false).add("info_value", "string"));
    }
}
