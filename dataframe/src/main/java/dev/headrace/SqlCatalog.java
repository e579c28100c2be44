package dev.headrace;

import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Secrets;
import dev.headrace.exec.BatchRuns;
import dev.headrace.files.PartitionPath;
import dev.headrace.plan.NamedExpr;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.DataType;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Statements that show what there is beside tables and columns, with Spark's columns.
final class SqlCatalog {
    private final Session session;

    SqlCatalog(Session session) {
        this.session = session;
    }

    DataFrame show(Statement.Look look) {
        return switch (look) {
            case Statement.Look.Databases(Optional<List<String>> catalog, Optional<String> pattern) ->
                new SqlDatabases(session).show(catalog, pattern);
            case Statement.Look.Database(List<String> name, boolean extended) ->
                new SqlDatabases(session).describe(name, extended);
            case Statement.Look.Catalogs(Optional<String> pattern) ->
                texts("catalog", matching(pattern, session.catalog().currentCatalog()));
            case Statement.Look.Current _ ->
                session.createDataFrame(
                        List.of(RowFactory.create(
                                session.catalog().currentCatalog(),
                                session.catalog().currentDatabase())),
                        new StructType().add("catalog", "string", false).add("namespace", "string", false));
            case Statement.Look.Partitions(List<String> table, Map<String, NamedExpr> values) ->
                partitions(table, values);
            case Statement.Look.Properties(List<String> table, Optional<String> key) -> properties(table, key);
            case Statement.Look.CreateTable(List<String> table) -> texts("createtab_stmt", List.of(create(table)));
            case Statement.Look.Tables(Optional<List<String>> database, String pattern) ->
                tables(new SqlDatabases(session).named(database), pattern);
        };
    }

    private DataFrame tables(String database, String pattern) {
        List<Row> rows = new ArrayList<>();
        session.tables().listed(database).forEach((name, temporary) -> {
            if (SqlStatements.matches(Optional.of(pattern), name)) {
                List<String> full = temporary ? List.of(name) : List.of(database, name);
                rows.add(RowFactory.create(temporary ? "" : database, name, temporary, information(full, temporary)));
            }
        });
        return session.createDataFrame(
                rows,
                new StructType()
                        .add("namespace", "string", false)
                        .add("tableName", "string", false)
                        .add("isTemporary", "boolean", false)
                        .add("information", "string", false));
    }

    /// What is shown of a table or view.
    ///
    /// @param schema empty if nobody knows it
    private record Shown(Map<String, String> details, List<String> partitionColumns, Optional<StructType> schema) {
        static final Map<String, String> VIEW = Map.of("Type", "VIEW");
    }

    private Shown shown(List<String> table, Optional<SessionTables.StoredTable> stored) {
        try {
            return new Shown(
                    stored.map(found -> details(table, found)).orElse(Shown.VIEW),
                    stored.map(found -> new SqlTables(session).partitionColumnsOf(table, found))
                            .orElse(List.of()),
                    Optional.of(session.tables().table(table).schema()));
        } catch (HeadraceException unreadable) {
            if (unreadable.code().equals(BatchRuns.CANCELLED)) {
                throw unreadable;
            }
            // What is noted of it: the others are to be shown, too.
            return new Shown(
                    stored.map(found -> details(found, Said.NOTHING)).orElse(Shown.VIEW),
                    stored.map(SessionTables.StoredTable::partitionColumns).orElse(List.of()),
                    stored.flatMap(SessionTables.StoredTable::schema));
        }
    }

    /// As DESCRIBE EXTENDED says it, a line for each thing, and the columns as a tree.
    private String information(List<String> table, boolean temporary) {
        Map<String, String> lines = new LinkedHashMap<>();
        if (!temporary) {
            lines.put("Catalog", session.catalog().currentCatalog());
            lines.put("Database", table.getFirst());
        }
        lines.put("Table", table.getLast());
        Optional<SessionTables.StoredTable> stored =
                temporary || session.tables().isView(table)
                        ? Optional.empty()
                        : session.tables().stored(table);
        Shown shown = shown(table, stored);
        lines.putAll(shown.details());
        if (!shown.partitionColumns().isEmpty()) {
            lines.put(
                    "Partition Columns",
                    shown.partitionColumns().stream()
                            .map(ColumnName::quoted)
                            .collect(Collectors.joining(", ", "[", "]")));
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append('\n'));
        shown.schema()
                .ifPresent(schema ->
                        text.append("Schema: ").append(schema.treeString()).append('\n'));
        return text.toString();
    }

    private static List<String> matching(Optional<String> pattern, String name) {
        return SqlStatements.matches(pattern, name) ? List.of(name) : List.of();
    }

    private DataFrame texts(String column, List<String> texts) {
        List<Row> rows = texts.stream().map(text -> RowFactory.create(text)).toList();
        return session.createDataFrame(rows, new StructType().add(column, "string", false));
    }

    /// The directories that rows lie in, found in the rows.
    private DataFrame partitions(List<String> table, Map<String, NamedExpr> values) {
        DataFrame all = session.tables().table(table);
        List<String> columns = new SqlTables(session).partitionColumnsOf(table, stored(table));
        if (columns.isEmpty()) {
            throw new QueryException(
                    "INVALID_PARTITION_OPERATION",
                    "SHOW PARTITIONS: the table " + String.join(".", table)
                            + " has no partition columns. Say PARTITIONED BY when it is made.");
        }
        DataFrame rows = all;
        for (Map.Entry<String, NamedExpr> each : values.entrySet()) {
            String name = columns.stream()
                    .filter(each.getKey()::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "NON_PARTITION_COLUMN",
                            "SHOW PARTITIONS " + String.join(".", table) + ": '" + each.getKey()
                                    + "' in PARTITION (…) is not a partition column: those are "
                                    + String.join(", ", columns) + "."));
            DataType type = all.schema().apply(name).dataType();
            rows = rows.filter(rows.col(ColumnName.quoted(name)).eqNullSafe(new Column(each.getValue()).cast(type)));
        }
        DataFrame shown = rows;
        Column[] texts = columns.stream()
                .map(name -> shown.col(ColumnName.quoted(name)).cast("string").as(name))
                .toArray(Column[]::new);
        List<String> directories = new ArrayList<>();
        for (Row row : shown.select(texts).distinct().collectAsList()) {
            List<String> path = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                String text = row.getString(i);
                path.add(PartitionPath.directory(columns.get(i), text == null ? "" : text));
            }
            directories.add(String.join("/", path));
        }
        directories.sort(null);
        return texts("partition", directories);
    }

    /// What DESCRIBE says below a table's columns: by which of them it is partitioned, and where and how it is kept.
    List<List<@Nullable Object>> details(List<String> table, StructType schema, boolean extended) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        TableName place = session.tables().lasting(table);
        Optional<SessionTables.StoredTable> stored = session.tables().isView(table)
                ? Optional.empty()
                : session.tables().stored(table);
        List<String> partitions = stored.map(found -> new SqlTables(session).partitionColumnsOf(table, found))
                .orElse(List.of());
        if (!partitions.isEmpty()) {
            rows.add(List.of("# Partition Information", "", ""));
            rows.add(List.of("# col_name", "data_type", "comment"));
            for (String partition : partitions) {
                StructField field = schema.field(schema.fieldIndex(partition));
                Object comment = field.metadata().entries().get("comment");
                rows.add(Arrays.asList(
                        field.name(), DeclaredText.typeOf(field), comment == null ? null : comment.toString()));
            }
        }
        if (extended && !session.tables().isTemporaryView(table)) {
            Map<String, String> details = stored.map(found -> details(table, found))
                    .orElseGet(() -> session.tables()
                            .lastingView(table)
                            .map(SqlCatalog::details)
                            .orElse(Map.of()));
            if (!details.isEmpty()) {
                rows.add(List.of("", "", ""));
                rows.add(List.of("# Detailed Table Information", "", ""));
                rows.add(List.of("Catalog", session.catalog().currentCatalog(), ""));
                rows.add(List.of("Database", place.database(), ""));
                rows.add(List.of("Table", place.name(), ""));
                details.forEach((key, value) -> rows.add(List.of(key, value, "")));
            }
        }
        return rows;
    }

    /// As [#details], as Spark says it in JSON. What nobody has noted, such as who has made a table, is not in it.
    String json(List<String> table, StructType schema) {
        boolean temporary = session.tables().isTemporaryView(table);
        String database = temporary
                ? TemporaryViews.OF_SESSION
                : session.tables().lasting(table).database();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("table_name", table.getLast());
        facts.put("catalog_name", temporary ? "system" : session.catalog().currentCatalog());
        facts.put("namespace", List.of(database));
        facts.put("schema_name", database);
        facts.put("columns", TableJson.columns(schema));
        if (session.tables().isView(table)) {
            facts.put("type", "VIEW");
            session.tables().lastingView(table).ifPresent(view -> facts.put("view_text", view.query()));
            facts.put("view_query_output_columns", schema.names());
        } else {
            session.tables().stored(table).ifPresent(stored -> facts.putAll(facts(table, stored)));
        }
        facts.put("collation", "UTF8_BINARY");
        return TableJson.write(facts);
    }

    private Map<String, Object> facts(List<String> table, SessionTables.StoredTable stored) {
        Said said = said(table, stored);
        boolean versions = SqlTableStatements.find(stored.format()).isPresent();
        Map<String, String> properties = properties(stored, said);
        List<String> partitions = new SqlTables(session).partitionColumnsOf(table, stored);
        Map<String, Object> facts = new LinkedHashMap<>();
        stored.buckets().ifPresent(buckets -> {
            facts.put("num_buckets", buckets.count());
            facts.put("bucket_columns", buckets.columns());
            facts.put("sort_columns", buckets.sortColumns());
        });
        stored.path().ifPresent(path -> facts.put("location", path));
        if (!properties.isEmpty() && !versions) {
            facts.put("storage_properties", properties);
        }
        facts.put("type", stored.managed() ? "MANAGED" : "EXTERNAL");
        facts.put("provider", stored.format());
        said.comment().ifPresent(comment -> facts.put("comment", comment));
        if (!properties.isEmpty() && versions) {
            facts.put("table_properties", properties);
        }
        if (!partitions.isEmpty()) {
            facts.put("partition_columns", partitions);
        }
        return facts;
    }

    private Map<String, String> details(List<String> table, SessionTables.StoredTable stored) {
        return details(stored, said(table, stored));
    }

    private static Map<String, String> details(SessionTables.StoredTable stored, Said said) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("Type", stored.managed() ? "MANAGED" : "EXTERNAL");
        said.comment().ifPresent(comment -> details.put("Comment", comment));
        details.put("Provider", stored.format());
        stored.path().ifPresent(path -> details.put("Location", path));
        stored.buckets().ifPresent(buckets -> {
            details.put("Num Buckets", Integer.toString(buckets.count()));
            details.put("Bucket Columns", buckets.columns().toString());
            details.put("Sort Columns", buckets.sortColumns().toString());
        });
        Map<String, String> properties = properties(stored, said);
        if (!properties.isEmpty()) {
            boolean versions = SqlTableStatements.find(stored.format()).isPresent();
            details.put(
                    versions ? "Table Properties" : "Storage Properties",
                    properties.entrySet().stream().map(Object::toString).collect(Collectors.joining(",", "[", "]")));
        }
        return details;
    }

    private static Map<String, String> details(TableCatalog.Entry.OfView view) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("Type", "VIEW");
        Map<String, String> properties = new TreeMap<>(view.properties());
        Optional.ofNullable(properties.remove(TableStatement.COMMENT))
                .ifPresent(comment -> details.put("Comment", comment));
        details.put("View Text", view.query());
        details.put("View Catalog and Namespace", Databases.CATALOG + "." + view.database());
        details.put("View Schema Mode", view.binding().name().replace('_', ' '));
        if (!properties.isEmpty()) {
            details.put(
                    "Table Properties",
                    properties.entrySet().stream().map(Object::toString).collect(Collectors.joining(",", "[", "]")));
        }
        return details;
    }

    private SessionTables.StoredTable stored(List<String> table) {
        return session.tables().stored(table).orElseThrow(() -> {
            SqlTableStatements.Target target = new SqlTableStatements(session).target(table);
            return new QueryException(
                    "TABLE_OR_VIEW_NOT_FOUND",
                    "'" + target.path() + "' has no name. Give it one with CREATE TABLE … USING " + target.format()
                            + " LOCATION '" + target.path() + "'.");
        });
    }

    /// What a table says of itself, if its format keeps that.
    private record Said(Optional<String> comment, Map<String, String> properties) {
        static final Said NOTHING = new Said(Optional.empty(), Map.of());
    }

    private Said said(List<String> table, SessionTables.StoredTable stored) {
        if (SqlTableStatements.find(stored.format()).isEmpty()) {
            return Said.NOTHING;
        }
        Row detail = new SqlTableStatements(session)
                .run(new TableStatement.Detail(table))
                .select("description", "properties")
                .head();
        Map<String, String> properties = detail.getMap(1);
        return new Said(Optional.ofNullable(detail.getString(0)), properties == null ? Map.of() : properties);
    }

    private static Map<String, String> properties(SessionTables.StoredTable stored, Said said) {
        Map<String, String> all = new TreeMap<>(stored.options());
        all.replaceAll((key, value) -> Secrets.isSecret(key) ? Secrets.REDACTED : value);
        all.putAll(said.properties());
        return all;
    }

    private Map<String, String> properties(List<String> table) {
        return session.tables()
                .lastingView(table)
                .filter(_ -> !session.tables().isTemporaryView(table))
                .map(TableCatalog.Entry.OfView::properties)
                .orElseGet(() -> properties(stored(table), said(table, stored(table))));
    }

    private DataFrame properties(List<String> table, Optional<String> key) {
        Map<String, String> all = properties(table);
        List<Row> rows = new ArrayList<>();
        if (key.isPresent()) {
            String missing = "Table " + String.join(".", table) + " does not have property: " + key.get();
            rows.add(RowFactory.create(key.get(), all.getOrDefault(key.get(), missing)));
        } else {
            all.forEach((name, value) -> rows.add(RowFactory.create(name, value)));
        }
        return session.createDataFrame(
                rows, new StructType().add("key", "string", false).add("value", "string", false));
    }

    /// A statement that makes the table or view anew.
    private String create(List<String> table) {
        if (session.tables().isTemporaryView(table)) {
            throw new QueryException(
                    "EXPECT_PERMANENT_VIEW_NOT_TEMP",
                    "SHOW CREATE TABLE: '" + table.getLast()
                            + "' is a temporary view, which nothing but this session has made."
                            + " Name a table, or a view made by CREATE VIEW.");
        }
        return session.tables()
                .lastingView(table)
                .map(view -> create(table, view))
                .orElseGet(() -> createTable(table));
    }

    private String create(List<String> name, TableCatalog.Entry.OfView view) {
        StringBuilder text = new StringBuilder("CREATE VIEW ");
        text.append(name(session.tables().lasting(name)));
        // A view whose columns are those of its query has none of its own.
        if (view.binding() != Statement.SchemaBinding.EVOLUTION
                || !view.columns().isEmpty()) {
            text.append(session.tables().table(name).schema().names().stream()
                    .map(SqlCatalog::name)
                    .collect(Collectors.joining(",\n  ", " (\n  ", ")")));
        }
        Map<String, String> properties = new TreeMap<>(view.properties());
        Optional.ofNullable(properties.remove(TableStatement.COMMENT))
                .ifPresent(comment -> text.append("\nCOMMENT ").append(quoted(comment)));
        if (!properties.isEmpty()) {
            text.append("\nTBLPROPERTIES ").append(pairs(properties));
        }
        text.append("\nWITH SCHEMA ").append(view.binding().name().replace('_', ' '));
        return text.append("\nAS ").append(view.query()).append("\n").toString();
    }

    private String createTable(List<String> table) {
        SessionTables.StoredTable stored = stored(table);
        StructType schema = session.tables().table(table).schema();
        List<String> partitions = new SqlTables(session).partitionColumnsOf(table, stored);
        boolean versions = SqlTableStatements.find(stored.format()).isPresent();
        StringBuilder text = new StringBuilder("CREATE TABLE ");
        text.append(name(session.tables().lasting(table)));
        text.append(schema.fieldList().stream()
                .map(SqlCatalog::column)
                .collect(Collectors.joining(",\n  ", " (\n  ", ")")));
        text.append("\nUSING ").append(stored.format());
        Said said = said(table, stored);
        Map<String, String> properties = properties(stored, said);
        if (!properties.isEmpty() && !versions) {
            text.append("\nOPTIONS ").append(pairs(properties));
        }
        if (!partitions.isEmpty()) {
            text.append("\nPARTITIONED BY ")
                    .append(partitions.stream().map(SqlCatalog::name).collect(Collectors.joining(", ", "(", ")")));
        }
        stored.buckets().ifPresent(buckets -> {
            text.append("\nCLUSTERED BY ")
                    .append(buckets.columns().stream()
                            .map(SqlCatalog::name)
                            .collect(Collectors.joining(", ", "(", ")")));
            if (!buckets.sortColumns().isEmpty()) {
                text.append("\nSORTED BY ")
                        .append(buckets.sortColumns().stream()
                                .map(SqlCatalog::name)
                                .collect(Collectors.joining(", ", "(", ")")));
            }
            text.append("\nINTO ").append(buckets.count()).append(" BUCKETS");
        });
        if (!stored.managed()) {
            stored.path().ifPresent(path -> text.append("\nLOCATION ").append(quoted(path)));
        }
        said.comment().ifPresent(comment -> text.append("\nCOMMENT ").append(quoted(comment)));
        if (!properties.isEmpty() && versions) {
            text.append("\nTBLPROPERTIES ").append(pairs(properties));
        }
        return text.append("\n").toString();
    }

    private static String column(StructField field) {
        Map<String, Object> facts = field.metadata().entries();
        Object otherwise = facts.get(TableStatement.DEFAULT);
        Object comment = facts.get("comment");
        return name(field.name()) + " " + DeclaredText.of(field).sql(field.dataType())
                + (field.nullable() ? "" : " NOT NULL")
                + (otherwise == null ? "" : " DEFAULT " + otherwise)
                + generated(facts)
                + (comment == null ? "" : " COMMENT " + quoted(comment.toString()));
    }

    private static String generated(Map<String, Object> facts) {
        Object expression = facts.get("delta.generationExpression");
        Object start = facts.get("delta.identity.start");
        if (start != null) {
            boolean explicit = Boolean.TRUE.equals(facts.get("delta.identity.allowExplicitInsert"));
            return " GENERATED " + (explicit ? "BY DEFAULT" : "ALWAYS") + " AS IDENTITY (START WITH " + start
                    + " INCREMENT BY " + facts.getOrDefault("delta.identity.step", 1L) + ")";
        }
        return expression == null ? "" : " GENERATED ALWAYS AS (" + expression + ")";
    }

    private static String pairs(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> quoted(pair.getKey()) + " = " + quoted(pair.getValue()))
                .collect(Collectors.joining(",\n  ", "(\n  ", ")"));
    }

    private static String name(TableName name) {
        return name(name.database()) + "." + name(name.name());
    }

    private static String name(String name) {
        return name.matches("[a-zA-Z_][a-zA-Z0-9_]*") ? name : ColumnName.quoted(name);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
