package dev.headrace;

import dev.headrace.connector.Buckets;
import dev.headrace.connector.Connector;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFiles;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.source.FileConnector;
import dev.headrace.function.StoreAssignment;
import dev.headrace.function.TextLengths;
import dev.headrace.function.UserFunction;
import dev.headrace.plan.NamedExpr;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// CREATE TABLE and INSERT, in SQL and by writers of DataFrames.
final class SqlTables {
    static final String PARTITION_OVERWRITE_MODE = "partitionOverwriteMode";

    /// Options of overwrites, before which the session's setting does not count.
    private static final Set<String> SAYING_WHAT_IS_REPLACED =
            Set.of(PARTITION_OVERWRITE_MODE.toLowerCase(Locale.ROOT), "replacewhere", "overwriteschema");

    private static final String STORE_ASSIGNMENT = "spark.sql.storeAssignmentPolicy";

    private final Session session;

    SqlTables(Session session) {
        this.session = session;
    }

    // ---- CREATE TABLE

    /// @param rows of the statement's query, if it has one
    DataFrame create(Statement.CreateTable create, Optional<DataFrame> rows) {
        return create(create, rows, Optional.of(create.properties()));
    }

    /// @param properties of the table, which has no others then; empty if those stay that it has
    private DataFrame create(
            Statement.CreateTable create, Optional<DataFrame> rows, Optional<Map<String, String>> properties) {
        boolean there = session.tables().isKnown(create.name());
        if (there && create.ifExists() == Statement.Exists.KEEP) {
            return session.emptyDataFrame();
        }
        if (there && (create.ifExists() == Statement.Exists.FAIL || isView(create.name()))) {
            throw exists(create.name());
        }
        // A format with a path, as in delta.`/data`, is a table without a name of its own.
        boolean atPath = session.tables().isPath(create.name());
        if (!atPath) {
            session.tables().requireDatabase(session.tables().lasting(create.name()));
        }
        NewTable table = atPath ? atPath(create) : named(create);
        table.buckets().ifPresent(_ -> checkTakesBuckets(table.format()));
        if (table.managed() && create.ifExists() != Statement.Exists.REPLACE) {
            checkPlaceIsFree(create.name(), table.path());
        }
        Optional<TableStatements> keeper = SqlTableStatements.find(table.format());
        Optional<StructType> schema = keeper.isPresent()
                ? create.schema()
                : create.schema()
                        .map(given -> FileTableColumns.withDefaults(session, create.name(), table.format(), given));
        boolean anew = table.managed() || create.ifExists() == Statement.Exists.REPLACE;
        if (rows.isPresent()) {
            write(table.filled(rows.get(), create, properties, keeper.isPresent()));
        } else if (schema.isPresent() && keeper.isPresent()) {
            Statement.Exists mode = anew ? Statement.Exists.REPLACE : Statement.Exists.KEEP;
            TableStatement.Create empty = new TableStatement.Create(
                    create.name(),
                    schema.get(),
                    create.partitionColumns(),
                    create.properties(),
                    atPath ? create.ifExists() : mode);
            keeper.get().run(session, empty, table.path(), Optional.empty());
        } else if (schema.isPresent()) {
            // Rows that lie at a location already become the table's.
            DataFrame none = session.createDataFrame(List.of(), schema.get());
            write(table.write(none, anew ? SaveMode.Overwrite : SaveMode.Ignore));
        }
        if (!atPath) {
            session.tables()
                    .putTable(
                            create.name(),
                            table.stored(
                                    schema.or(() -> rows.map(DataFrame::schema).map(NewTable::nullable)),
                                    keeper.isPresent()));
        }
        return session.emptyDataFrame();
    }

    DataFrame create(Statement.CreateTableLike like) {
        StructType schema = session.tables().table(like.source()).schema();
        Optional<SessionTables.StoredTable> source =
                isView(like.source()) ? Optional.empty() : session.tables().stored(like.source());
        Statement.CreateTable create = new Statement.CreateTable(
                like.name(),
                Optional.of(schema),
                like.format().or(() -> source.map(SessionTables.StoredTable::format)),
                source.map(SessionTables.StoredTable::options).orElse(Map.of()),
                source.map(table -> partitionColumnsOf(like.source(), table)).orElse(List.of()),
                source.flatMap(SessionTables.StoredTable::buckets),
                like.location(),
                Optional.empty(),
                like.ifExists(),
                like.properties());
        return create(create, Optional.empty());
    }

    private boolean isView(List<String> name) {
        return session.tables().isView(name);
    }

    private static String shown(List<String> name) {
        return TableName.of(name, Databases.DEFAULT).shown();
    }

    static QueryException exists(List<String> name) {
        return new QueryException(
                "TABLE_OR_VIEW_ALREADY_EXISTS",
                "There is a table or view '" + shown(name)
                        + "' already. Choose another name, DROP it first, or replace a table with CREATE OR REPLACE"
                        + " TABLE or mode(\"overwrite\").");
    }

    static void checkPlaceIsFree(List<String> name, String path) {
        if (InputFiles.hasFiles(path)) {
            throw new QueryException(
                    "LOCATION_ALREADY_EXISTS",
                    "The table '" + shown(name) + "' would lie in '" + path
                            + "', where files are already. Give its LOCATION (or the option path) to read them as this"
                            + " table, say CREATE OR REPLACE TABLE (or mode(\"overwrite\")) to delete them, or choose"
                            + " another name.");
        }
    }

    private void checkTakesBuckets(String format) {
        if (!(session.connectors().writable(format) instanceof FileWritable)) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "A table of format '" + format
                            + "' has no buckets: leave out CLUSTERED BY or bucketBy(…), or choose a"
                            + " format of plain files, such as parquet.");
        }
    }

    /// Where and how a table that is to be made is kept.
    ///
    /// @param managed whether it lies in the warehouse
    private record NewTable(
            String format,
            Map<String, String> options,
            List<String> partitionColumns,
            Optional<Buckets> buckets,
            String path,
            boolean managed,
            boolean atPath) {

        TableWrite write(DataFrame rows, SaveMode mode) {
            return new TableWrite(rows, format, options, partitionColumns, buckets, mode, Optional.of(path));
        }

        /// @param versioned whether the format keeps versions of tables, and their properties
        TableWrite filled(
                DataFrame rows,
                Statement.CreateTable create,
                Optional<Map<String, String>> properties,
                boolean versioned) {
            boolean anew = managed || create.ifExists() == Statement.Exists.REPLACE;
            SaveMode whenNamed = anew ? SaveMode.Overwrite : SaveMode.ErrorIfExists;
            SaveMode mode = atPath && create.ifExists() == Statement.Exists.KEEP ? SaveMode.Ignore : whenNamed;
            TableWrite write = write(rows, mode);
            if (!versioned) {
                properties.ifPresent(write.options()::putAll);
                return write;
            }
            if (mode == SaveMode.Overwrite && !replacesPart()) {
                write.options().put("overwriteSchema", "true");
            }
            return write.with(properties);
        }

        /// Whether an overwrite leaves other rows of the table as they are.
        private boolean replacesPart() {
            return options.containsKey("replaceWhere")
                    || "dynamic".equalsIgnoreCase(options.get(PARTITION_OVERWRITE_MODE));
        }

        /// @param schema the columns that are given, or those of the rows that the table was made with, if there are
        ///     any
        /// @param versioned whether the format keeps what a table is: then options were of this one write
        SessionTables.StoredTable stored(Optional<StructType> schema, boolean versioned) {
            return new SessionTables.StoredTable(
                    format,
                    versioned && schema.isPresent() ? Map.of() : options,
                    Optional.of(path),
                    schema.filter(_ -> !versioned).map(this::ordered),
                    partitionColumns,
                    buckets,
                    managed);
        }

        private static StructType nullable(StructType rows) {
            return new StructType(rows.fieldList().stream()
                    .map(field -> new StructField(field.name(), field.dataType(), true))
                    .toList());
        }

        /// As files are read: the partition columns come last, in the order of their directories. So positions are the
        /// same before there are files and after.
        private StructType ordered(StructType columns) {
            List<StructField> ordered = new ArrayList<>();
            for (StructField field : columns) {
                if (indexOf(partitionColumns, field.name()) < 0) {
                    ordered.add(field);
                }
            }
            for (String partition : partitionColumns) {
                int at = indexOf(columns.names(), partition);
                if (at >= 0) {
                    ordered.add(columns.field(at));
                }
            }
            return new StructType(ordered);
        }
    }

    private static NewTable atPath(Statement.CreateTable create) {
        return new NewTable(
                create.name().getFirst().toLowerCase(Locale.ROOT),
                create.options(),
                create.partitionColumns(),
                create.buckets(),
                create.name().getLast(),
                false,
                true);
    }

    private NewTable named(Statement.CreateTable create) {
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.putAll(create.options());
        Optional<String> location = create.location().or(() -> Optional.ofNullable(options.remove("path")));
        String format = format(create);
        Optional<SessionTables.StoredTable> replaced = location.isPresent() ? Optional.empty() : kept(create, format);
        return new NewTable(
                format,
                options,
                create.partitionColumns(),
                create.buckets(),
                location.or(() -> replaced.flatMap(SessionTables.StoredTable::path))
                        .orElseGet(() ->
                                session.tables().inWarehouse(session.tables().lasting(create.name()))),
                replaced.map(SessionTables.StoredTable::managed).orElse(location.isEmpty()),
                false);
    }

    /// The table that gets a new version, where it is, if its format keeps versions.
    private Optional<SessionTables.StoredTable> kept(Statement.CreateTable create, String format) {
        return session.tables()
                .stored(create.name())
                .filter(there -> there.format().equals(format)
                        && SqlTableStatements.find(format).isPresent());
    }

    /// Rows on their way into a table.
    ///
    /// @param properties of a table that is made, anew if it is there; empty if they stay
    private record TableWrite(
            DataFrame rows,
            String format,
            Map<String, String> options,
            List<String> partitionColumns,
            Optional<Buckets> buckets,
            SaveMode mode,
            Optional<String> path,
            Optional<Map<String, String>> properties) {
        TableWrite {
            options = new HashMap<>(options);
        }

        /// Whatever properties the table has.
        TableWrite(
                DataFrame rows,
                String format,
                Map<String, String> options,
                List<String> partitionColumns,
                Optional<Buckets> buckets,
                SaveMode mode,
                Optional<String> path) {
            this(rows, format, options, partitionColumns, buckets, mode, path, Optional.empty());
        }

        TableWrite with(Optional<Map<String, String>> ofTable) {
            return new TableWrite(rows, format, options, partitionColumns, buckets, mode, path, ofTable);
        }
    }

    private static void write(TableWrite write) {
        List<String> sorted = write.buckets().map(Buckets::sortColumns).orElse(List.of());
        DataFrame rows = sorted.isEmpty()
                ? write.rows()
                : write.rows()
                        .sortWithinPartitions(sorted.stream()
                                .map(ColumnName::quoted)
                                .map(functions::col)
                                .toArray(Column[]::new));
        DataFrameWriter writer =
                rows.write().format(write.format()).options(write.options()).mode(write.mode());
        if (!write.partitionColumns().isEmpty()) {
            writer.partitionBy(write.partitionColumns().toArray(String[]::new));
        }
        writer.writeTable(write.path(), write.buckets(), write.properties());
    }

    // ---- Writers of DataFrames

    /// @param asked what the table is if it is made; its format is absent if the user has not said it
    void save(DataFrame rows, Statement.CreateTable asked, SaveMode mode) {
        List<String> name = asked.name();
        if (session.tables().isPath(name)) {
            write(atPath(asked).write(rows, mode));
            return;
        }
        boolean there = session.tables().isKnown(name);
        if (there && mode == SaveMode.Ignore) {
            return;
        }
        Optional<SessionTables.StoredTable> stored = session.tables().stored(name);
        Optional<SessionTables.StoredTable> kept = kept(asked, format(asked));
        if (mode == SaveMode.Overwrite && kept.isPresent() && asked.location().isEmpty()) {
            write(versionOf(kept.get(), asked, rows, mode));
            if (says(asked.options(), "overwriteSchema", "true")) {
                session.tables().putTable(name, kept.get().partitionedBy(asked.partitionColumns()));
            }
            session.tables().changed(name);
            return;
        }
        if (mode == SaveMode.Overwrite
                && stored.filter(table -> replacesPartitions(asked, table)).isPresent()) {
            checkSame("saveAsTable", asked, stored.get());
            insert(new Statement.Insert(name, asked.options(), rows.identified(), List.of(), true, true), rows);
            return;
        }
        if (stored.isPresent() && mode == SaveMode.Append) {
            checkSame("saveAsTable", asked, stored.get());
            if (says(asked.options(), "mergeSchema", "true")
                    && SqlTableStatements.find(stored.get().format()).isPresent()) {
                write(versionOf(stored.get(), asked, rows, mode));
                session.tables().changed(name);
                return;
            }
            insert(new Statement.Insert(name, asked.options(), rows.identified(), List.of(), true, false), rows);
            return;
        }
        create(asked, Optional.of(rows), Optional.empty());
        session.tables().changed(name);
    }

    /// The table that a stream writes to, which is made if it is not there.
    ///
    /// @param format that the writer says
    /// @param columns of a table that is made, if they are those of the stream
    /// @param options of the writer
    SessionTables.StoredTable ofStream(
            String tableName,
            Optional<String> format,
            Optional<StructType> columns,
            List<String> partitionColumns,
            SourceOptions options) {
        List<String> name = ColumnName.parts(tableName);
        if (session.tables().isPath(name)) {
            return SessionTables.StoredTable.external(
                    name.getFirst().toLowerCase(Locale.ROOT), Map.of(), Optional.of(name.getLast()), Optional.empty());
        }
        if (isView(name)) {
            throw notATable("toTable(\"" + tableName + "\")", name);
        }
        Optional<String> path = options.take("path");
        boolean versioned = format.filter(said ->
                        SqlTableStatements.find(said.toLowerCase(Locale.ROOT)).isPresent())
                .isPresent();
        Map<String, String> properties = new HashMap<>(options.all());
        // Of a format of files it may be an option, as it is of CSV.
        properties
                .keySet()
                .removeIf(key -> !key.startsWith("delta.") && !(versioned && key.equals(TableStatement.COMMENT)));
        Statement.CreateTable asked = new Statement.CreateTable(
                name,
                columns.filter(_ -> versioned).map(NewTable::nullable),
                format,
                Map.of(),
                partitionColumns,
                Optional.empty(),
                path,
                Optional.empty(),
                Statement.Exists.FAIL,
                properties);
        Optional<SessionTables.StoredTable> there = session.tables().stored(name);
        if (there.isPresent()) {
            checkSame("toTable", asked, there.get());
            return there.get();
        }
        create(asked, Optional.empty());
        return session.tables().stored(name).orElseThrow();
    }

    /// Rows for a table that keeps versions: its format knows what may become of its columns.
    private static TableWrite versionOf(
            SessionTables.StoredTable table, Statement.CreateTable asked, DataFrame rows, SaveMode mode) {
        return new TableWrite(
                rows, table.format(), asked.options(), asked.partitionColumns(), Optional.empty(), mode, table.path());
    }

    /// Whether an overwrite leaves rows of a table of files as they are, so that the new ones must fit it.
    private boolean replacesPartitions(Statement.CreateTable asked, SessionTables.StoredTable table) {
        return says(asked.options(), PARTITION_OVERWRITE_MODE, "dynamic")
                && session.connectors().writable(table.format()) instanceof FileWritable
                && !partitionColumns(table).isEmpty();
    }

    private static boolean says(Map<String, String> options, String option, String value) {
        return options.entrySet().stream()
                .anyMatch(said -> said.getKey().equalsIgnoreCase(option)
                        && said.getValue().equalsIgnoreCase(value));
    }

    private static String format(Statement.CreateTable create) {
        return create.format().orElse("parquet").toLowerCase(Locale.ROOT);
    }

    /// What a writer says about a table that it appends to must be so.
    private static void checkSame(String method, Statement.CreateTable asked, SessionTables.StoredTable stored) {
        String name = method + "(\"" + String.join(".", asked.name()) + "\")";
        asked.format()
                .filter(format -> !format.equalsIgnoreCase(stored.format()))
                .ifPresent(format -> {
                    throw mismatch(name, "is of format '" + stored.format() + "', not '" + format + "'");
                });
        if (!asked.partitionColumns().isEmpty() && !asked.partitionColumns().equals(stored.partitionColumns())) {
            throw mismatch(
                    name,
                    "has the partition columns " + stored.partitionColumns() + ", not " + asked.partitionColumns());
        }
        if (asked.buckets().isPresent() && !asked.buckets().equals(stored.buckets())) {
            throw mismatch(name, "has other buckets, or none");
        }
        String place = stored.path().orElse("");
        asked.location()
                .filter(path -> !directory(path).equals(directory(place)))
                .ifPresent(path -> {
                    throw mismatch(name, "lies in '" + place + "', not in '" + path + "'");
                });
    }

    private static Path directory(String path) {
        return InputFiles.path(path).toAbsolutePath().normalize();
    }

    private static QueryException mismatch(String name, String difference) {
        return new QueryException(
                "TABLE_MISMATCH",
                name + ": the table " + difference
                        + ". Leave this to the table, which knows it, or replace it with mode(\"overwrite\").");
    }

    // ---- INSERT

    /// The statement with what DEFAULT means in the places of the word.
    Statement.Insert withDefaults(Statement.Insert insert) {
        Optional<StructType> target =
                DefaultValues.stands(insert.query()) && !insert.byName() ? existing(insert) : Optional.empty();
        if (target.isEmpty()) {
            return insert;
        }
        List<String> names = new ArrayList<>(insert.columns());
        if (names.isEmpty()) {
            names.addAll(target.get().names());
            names.removeIf(name -> insert.partition().entrySet().stream()
                    .anyMatch(said -> said.getKey().equalsIgnoreCase(name)
                            && said.getValue().isPresent()));
        }
        List<Optional<NamedExpr>> defaults = names.stream()
                .map(name -> target.get().fieldList().stream()
                        .filter(field -> field.name().equalsIgnoreCase(name))
                        .findFirst()
                        .map(field -> DefaultValues.of(session, field)
                                .as(field.name())
                                .expr()))
                .toList();
        return insert.of(DefaultValues.replaced(
                insert.query(),
                defaults,
                query -> DataFrame.of(session, query, session.tables().open()).schema()));
    }

    /// @param given of the statement's query
    void insert(Statement.Insert asked, DataFrame given) {
        prepared(asked, given).write().run();
    }

    /// @param given of the statement's query
    PreparedInsert prepared(Statement.Insert asked, DataFrame given) {
        SaveMode mode = asked.overwrite() ? SaveMode.Overwrite : SaveMode.Append;
        Optional<SessionTables.StoredTable> stored = session.tables().stored(asked.target());
        if (stored.isPresent()) {
            SessionTables.StoredTable table = stored.get();
            StaticPartitions.Said said = said(asked, given, table);
            Map<String, String> options = writeOptions(table);
            options.putAll(said.insert().options());
            TableWrite write = new TableWrite(
                    fitting(said.insert(), said.rows(), table.format()),
                    table.format(),
                    options,
                    partitionColumns(table, options),
                    table.buckets(),
                    mode,
                    table.path());
            return new PreparedInsert(given, replaced(write), () -> {
                if (!asked.ifNotExists() || !isThere(asked, table)) {
                    write(write);
                    session.tables().changed(asked.target());
                }
            });
        }
        if (!session.tables().isPath(asked.target())) {
            throw notATable("INSERT", asked.target());
        }
        SessionTables.StoredTable place = SessionTables.StoredTable.external(
                asked.target().getFirst(), Map.of(), Optional.of(asked.target().get(1)), Optional.empty());
        boolean there = existing(asked).isPresent();
        StaticPartitions.Said said = there ? said(asked, given, place) : unpartitioned(asked, given);
        Statement.Insert insert = said.insert();
        TableWrite write = new TableWrite(
                there ? fitting(insert, said.rows(), place.format()) : named(insert, said.rows()),
                place.format(),
                insert.options(),
                there ? partitionColumns(place, insert.options()) : List.of(),
                Optional.empty(),
                mode,
                place.path());
        return new PreparedInsert(given, replaced(write), () -> {
            if (!there || !asked.ifNotExists() || !isThere(asked, place)) {
                write(write);
            }
        });
    }

    private Optional<Path> replaced(TableWrite write) {
        return write.mode() == SaveMode.Overwrite ? replaced(write.format(), write.path()) : Optional.empty();
    }

    /// The directory whose files an overwrite removes.
    Optional<Path> replaced(String format, Optional<String> path) {
        return session.connectors().writable(format) instanceof FileWritable
                ? path.map(SqlTables::directory)
                : Optional.empty();
    }

    /// Whether the table has rows with the values of PARTITION (…).
    private boolean isThere(Statement.Insert insert, SessionTables.StoredTable table) {
        List<String> columns = partitionColumnsOf(insert.target(), table);
        return StaticPartitions.haveRows(insert, session.tables().table(insert.target()), columns);
    }

    /// The columns by whose values a table's rows lie apart.
    List<String> partitionColumnsOf(List<String> name, SessionTables.StoredTable table) {
        boolean versions = SqlTableStatements.find(table.format()).isPresent();
        return versions ? partitionColumnsOf(name) : partitionColumns(table);
    }

    /// Whether an overwrite replaces only partitions that get rows because the session's setting says so.
    static boolean replacesPartitionsBySetting(Session session, Map<String, String> options) {
        return session.conf().replacesPartitions()
                && options.keySet().stream()
                        .map(option -> option.toLowerCase(Locale.ROOT))
                        .noneMatch(SAYING_WHAT_IS_REPLACED::contains);
    }

    /// With the option that the session's setting stands for. If PARTITION (…) has all values, it says what is
    /// replaced.
    private Statement.Insert bySetting(Statement.Insert insert, SessionTables.StoredTable table) {
        boolean open = insert.overwrite()
                && replacesPartitionsBySetting(session, table.options())
                && replacesPartitionsBySetting(session, insert.options());
        long given =
                insert.partition().values().stream().filter(Optional::isPresent).count();
        return open && given < partitionColumnsOf(insert.target(), table).size()
                ? insert.with(PARTITION_OVERWRITE_MODE, "dynamic")
                : insert;
    }

    private StaticPartitions.Said said(Statement.Insert asked, DataFrame rows, SessionTables.StoredTable table) {
        Statement.Insert insert = bySetting(asked, table);
        if (insert.partition().isEmpty()) {
            return new StaticPartitions.Said(insert, rows);
        }
        boolean versions = SqlTableStatements.find(table.format()).isPresent();
        List<String> columns = partitionColumnsOf(insert.target(), table);
        StructType target = session.tables().table(insert.target()).schema();
        return StaticPartitions.of(insert, rows, target, columns, versions);
    }

    /// As a table says that keeps versions.
    private List<String> partitionColumnsOf(List<String> table) {
        DataFrame detail = new SqlTableStatements(session).run(new TableStatement.Detail(table));
        List<String> columns = detail.select("partitionColumns").head().getList(0);
        return columns == null ? List.of() : columns;
    }

    private static StaticPartitions.Said unpartitioned(Statement.Insert insert, DataFrame rows) {
        return StaticPartitions.of(insert, rows, rows.schema(), List.of(), false);
    }

    /// Those that a write says: none to a format that knows them, since they may have become others.
    private List<String> partitionColumns(SessionTables.StoredTable table, Map<String, String> options) {
        boolean known = SqlTableStatements.find(table.format()).isPresent();
        return known && !says(options, "overwriteSchema", "true") ? List.of() : partitionColumns(table);
    }

    /// Those that the table was made with, else those by which its files lie in directories.
    private List<String> partitionColumns(SessionTables.StoredTable table) {
        boolean said = !table.partitionColumns().isEmpty();
        boolean files = session.connectors().writable(table.format()) instanceof FileWritable;
        if (said || !files || table.path().filter(InputFiles::hasFiles).isEmpty()) {
            return table.partitionColumns();
        }
        return PartitionColumns.of(
                        InputFiles.list(List.of(table.path().get())),
                        table.schema(),
                        session.conf().zone())
                .schema()
                .names();
    }

    /// Options of a table may be of reading alone, such as `inferSchema`.
    private Map<String, String> writeOptions(SessionTables.StoredTable table) {
        Connector connector = session.connectors().writable(table.format());
        Map<String, String> options = new HashMap<>(table.options());
        if (connector instanceof FileConnector files) {
            options.keySet().removeIf(key -> files.isReadOption(key) && !SessionTables.isWriteOption(connector, key));
        }
        return options;
    }

    private QueryException notATable(String what, List<String> target) {
        String name = String.join(".", target);
        String view =
                session.tables().isKnown(target) ? "'" + name + "' is a view" : "There is no table '" + name + "'";
        return new QueryException(
                        "TABLE_OR_VIEW_NOT_FOUND",
                        what + ": " + view
                                + ". Insert into a table made by CREATE TABLE, or into files as in parquet.`/path`. "
                                + Suggestion.didYouMean(name, session.tables().names()))
                .within(target);
    }

    /// The target's schema, if it is there already.
    private Optional<StructType> existing(Statement.Insert insert) {
        try {
            return Optional.of(session.tables().table(insert.target()).schema());
        } catch (dev.headrace.errors.HeadraceException notThereYet) {
            return Optional.empty();
        }
    }

    private static DataFrame named(Statement.Insert insert, DataFrame rows) {
        return insert.columns().isEmpty() ? rows : rows.toDF(insert.columns().toArray(String[]::new));
    }

    /// The rows as the target's columns, in its order and types; columns that are not given have their default, or are
    /// null.
    private DataFrame fitting(Statement.Insert insert, DataFrame rows, String format) {
        boolean versions = SqlTableStatements.find(format).isPresent();
        StructType target = session.tables().table(insert.target()).schema();
        List<String> given = insert.columns();
        if (insert.byName()) {
            given = rows.schema().names();
        }
        if (given.isEmpty()) {
            given = target.names();
        }
        if (given.size() != rows.schema().size()) {
            throw new QueryException(
                            "INSERT_COLUMN_ARITY_MISMATCH",
                            "INSERT INTO " + String.join(".", insert.target()) + ": there are " + given.size()
                                    + " columns, " + String.join(", ", given) + ", but the query gives "
                                    + rows.schema().size() + ".")
                    .within(insert.columns())
                    .within(insert.target());
        }
        checkOnce(insert, given);
        List<Column> columns = new ArrayList<>();
        List<String> left = new ArrayList<>(given);
        DataFrame source = rows.toDF(java.util.stream.IntStream.range(0, given.size())
                .mapToObj(i -> "_" + i)
                .toArray(String[]::new));
        FieldsByName byName = new FieldsByName("INSERT INTO " + String.join(".", insert.target()));
        for (StructField field : target) {
            int at = indexOf(given, field.name());
            left.removeIf(field.name()::equalsIgnoreCase);
            Column value = at < 0 ? DefaultValues.of(session, field) : functions.col("_" + at);
            if (at >= 0) {
                DataType type = rows.schema().field(at).dataType();
                if (insert.byName()) {
                    value = byName.match(value, type, field.dataType(), field.name());
                    type = source.select(value).schema().field(0).dataType();
                }
                checkAssignable(insert, field, type);
            }
            columns.add(written(field, value.cast(field.dataType()), versions).as(field.name()));
        }
        if (!left.isEmpty()) {
            throw new QueryException(
                            "UNRESOLVED_COLUMN",
                            "'" + left.getFirst() + "' is not a column of " + String.join(".", insert.target())
                                    + ", which has "
                                    + String.join(", ", target.names()) + ". "
                                    + Suggestion.didYouMean(left.getFirst(), target.names()))
                    .within(insert.columns())
                    .within(insert.target());
        }
        return source.select(columns.toArray(Column[]::new));
    }

    /// Tables that keep versions see to it that texts have the length of the column.
    private Column written(StructField field, Column value, boolean versions) {
        Optional<UserFunction> length = versions ? Optional.empty() : TextLengths.written(field);
        return length.map(function -> new Column(new NamedExpr.Apply(function, List.of(value.expr()))))
                .orElse(value);
    }

    private void checkAssignable(Statement.Insert insert, StructField field, DataType given) {
        boolean any = session.conf().get(STORE_ASSIGNMENT, "ANSI").equalsIgnoreCase("LEGACY");
        if (!any && !StoreAssignment.isSafe(given, field.dataType())) {
            throw new QueryException(
                            "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                            "INSERT INTO " + String.join(".", insert.target()) + ": the column '" + field.name()
                                    + "' is of type " + field.dataType().simpleString() + ", and a value of type "
                                    + given.simpleString() + " may not be one. Cast it, or set " + STORE_ASSIGNMENT
                                    + "=LEGACY, which casts what can be cast.")
                    .within(insert.target());
        }
    }

    /// Of two columns of a name, one would be lost.
    private static void checkOnce(Statement.Insert insert, List<String> given) {
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : given) {
            if (!seen.add(name)) {
                throw new QueryException(
                                "COLUMN_ALREADY_EXISTS",
                                "INSERT INTO " + String.join(".", insert.target()) + ": the column '" + name
                                        + "' is given twice. Give each column once.")
                        .within(insert.columns());
            }
        }
    }

    private static int indexOf(List<String> names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }
}
