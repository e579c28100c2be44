package dev.headrace;

import dev.headrace.connector.Buckets;
import dev.headrace.connector.Connector;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.exec.CachedTable;
import dev.headrace.files.FileWritable;
import dev.headrace.files.InputFiles;
import dev.headrace.files.OutputDirectory;
import dev.headrace.files.source.FileConnector;
import dev.headrace.plan.NamedPlan;
import dev.headrace.sql.Relations;
import dev.headrace.sql.Statement;
import dev.headrace.streaming.DataStreamReader;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a session's names stand for: views, tables that SQL has made, tables that sinks have filled, and formats with
/// paths. Names are without letter case. Thread-safe.
final class SessionTables implements Relations {
    /// No names at all.
    static final Relations NONE = new Relations() {
        @Override
        public Optional<NamedPlan> find(List<String> name, Map<String, String> options) {
            return Optional.empty();
        }

        @Override
        public Optional<NamedPlan> stream(List<String> name, Map<String, String> options) {
            return Optional.empty();
        }

        @Override
        public NamedPlan recursive(Recursion recursion) {
            throw new QueryException(
                    "UNSUPPORTED_SQL", "WITH RECURSIVE " + recursion.name() + " needs session.sql(…).");
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }
    };

    static final String CATALOG_PATH = "headrace.catalog.path";
    private static final Pattern DIRECTORY = Pattern.compile("[\\p{L}\\p{N}_$ -]+");

    private final Session session;
    private final TemporaryViews views;
    /// How the views that CREATE VIEW … USING has made are opened.
    private final Map<String, StoredTable> opened = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

    /// Tables that the session alone knows, and those that were made of it.
    private final Map<TableName, StoredTable> tables;

    private volatile String database = Databases.DEFAULT;

    /// A table that CREATE TABLE has made: files or a lakehouse table at a path.
    ///
    /// @param schema absent if the files tell it
    /// @param buckets how its rows are dealt to files, if they are
    /// @param managed whether it lies in the warehouse, and goes when the table is dropped
    record StoredTable(
            String format,
            Map<String, String> options,
            Optional<String> path,
            Optional<StructType> schema,
            List<String> partitionColumns,
            Optional<Buckets> buckets,
            boolean managed) {

        /// What lies somewhere whatever becomes of the table: without columns for directories, and without buckets.
        static StoredTable external(
                String format, Map<String, String> options, Optional<String> path, Optional<StructType> schema) {
            return new StoredTable(format, options, path, schema, List.of(), Optional.empty(), false);
        }

        StoredTable at(String newPath) {
            return new StoredTable(format, options, Optional.of(newPath), schema, partitionColumns, buckets, managed);
        }

        StoredTable withColumns(StructType columns) {
            return new StoredTable(format, options, path, Optional.of(columns), partitionColumns, buckets, managed);
        }

        StoredTable partitionedBy(List<String> columns) {
            return new StoredTable(format, options, path, schema, columns, buckets, managed);
        }
    }

    SessionTables(Session session) {
        this(session, new TemporaryViews(), new ConcurrentSkipListMap<>());
    }

    private SessionTables(Session session, TemporaryViews views, Map<TableName, StoredTable> tables) {
        this.session = session;
        this.views = views;
        this.tables = tables;
    }

    /// For a session that is made of this one: the same tables and global views.
    SessionTables sharedWith(Session other) {
        return new SessionTables(other, views.shared(), tables);
    }

    // ---- What names mean

    /// The database of names that say none.
    String currentDatabase() {
        return database;
    }

    /// @throws QueryException `SCHEMA_NOT_FOUND`
    void use(String name) {
        if (!databases().exists(name)) {
            throw databases().notFound(name);
        }
        database = name.toLowerCase(Locale.ROOT);
    }

    /// Where what lasts is found under a name.
    TableName lasting(List<String> name) {
        return TableName.of(name, database);
    }

    /// What a temporary view of this name is called; empty if the name is of something that lasts.
    Optional<String> temporary(List<String> name) {
        List<String> parts = Databases.withoutCatalog(name);
        String last = parts.getLast();
        if (parts.size() == 1) {
            return Optional.of(last);
        }
        String before = String.join(".", parts.subList(0, parts.size() - 1)).toLowerCase(Locale.ROOT);
        return switch (before) {
            case TemporaryViews.OF_SESSION, Databases.DEFAULT -> Optional.of(last);
            case TemporaryViews.DATABASE -> Optional.of(TemporaryViews.global(last));
            default -> Optional.empty();
        };
    }

    private Optional<DataFrame> view(List<String> name) {
        return temporary(name).flatMap(view -> Optional.ofNullable(views.get(view)));
    }

    /// Whether a name says a database, where what lasts goes before temporary views.
    private static boolean isInDatabase(List<String> name) {
        List<String> parts = Databases.withoutCatalog(name);
        return name.size() > parts.size() && parts.size() == 1
                || parts.size() > 1
                        && !Set.of(TemporaryViews.OF_SESSION, TemporaryViews.DATABASE)
                                .contains(parts.getFirst().toLowerCase(Locale.ROOT));
    }

    // ---- Rows that are kept

    /// Keeps the rows of a view or table from the next query on.
    void cache(List<String> name) {
        DataFrame frame = table(name);
        if (isTemporaryView(name)) {
            session.cached().add(frame);
        } else {
            session.cached().addTable(lasting(name), frame);
        }
    }

    void uncache(List<String> name) {
        session.cached().remove(table(name));
        session.cached().removeTable(lasting(name));
    }

    /// Has kept rows be read anew, of a table as it is now.
    void refresh(List<String> name) {
        session.cached().find(table(name)).ifPresent(CachedTable::refresh);
        TableName table = lasting(name);
        if (session.cached().table(table).isPresent()) {
            session.cached().removeTable(table);
            cache(table.parts());
        }
    }

    /// After a statement that has changed a table.
    void changed(List<String> name) {
        if (session.cached().table(lasting(name)).isPresent()) {
            refresh(name);
        }
    }

    // ---- Temporary views

    void putView(String name, DataFrame frame, boolean replace) {
        String plain = viewName(name);
        if (replace) {
            opened.remove(plain);
            DataFrame before = views.put(plain, frame);
            if (before != null) {
                session.cached().replace(before, frame);
            }
        } else if (views.putIfAbsent(plain, frame) != null) {
            throw exists(plain);
        }
    }

    /// @param name without the database, or with it
    void putGlobalView(String name, DataFrame frame, boolean replace) {
        List<String> parts = ColumnName.parts(name);
        boolean qualified = parts.size() == 2 && parts.getFirst().equalsIgnoreCase(TemporaryViews.DATABASE);
        String plain = qualified ? parts.getLast() : viewName(name);
        putView(ColumnName.quoted(TemporaryViews.global(plain)), frame, replace);
    }

    /// A view of what lies in files or elsewhere, which can be read as a stream too.
    void putView(String name, DataFrame frame, StoredTable definition, boolean replace) {
        putView(name, frame, replace);
        opened.put(viewName(name), definition);
    }

    private static String viewName(String name) {
        List<String> parts = ColumnName.parts(name);
        if (parts.size() != 1) {
            throw new QueryException(
                    "INVALID_VIEW_NAME",
                    "'" + name + "': a temporary view has a name without dots. Put backquotes around it if the dot is a"
                            + " part of it.");
        }
        return parts.getFirst();
    }

    static QueryException exists(String name) {
        return new QueryException(
                "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
                "There is a table or view '" + name
                        + "' already. Use CREATE OR REPLACE, or createOrReplaceTempView(…).");
    }

    /// Drops the view that a query means by the name.
    ///
    /// @return whether there was one
    boolean dropView(List<String> name) {
        if (isTemporaryView(name)) {
            return temporary(name).filter(this::dropTempView).isPresent();
        }
        TableName view = lasting(name);
        boolean there = isLastingView(name) && catalog(view).remove(view.name());
        if (there) {
            session.cached().removeTable(view);
        }
        return there;
    }

    /// @return whether there was one
    boolean dropTempView(String name) {
        opened.remove(name);
        DataFrame view = views.remove(name);
        if (view != null) {
            session.cached().remove(view);
        }
        return view != null;
    }

    /// With what lies in the warehouse for it. A table in memory goes if no other one is called so.
    ///
    /// @return whether there was one
    boolean dropTable(List<String> name) {
        TableName place = lasting(name);
        session.cached().removeTable(place);
        Optional<StoredTable> made = stored(place);
        made.ifPresent(table -> {
            // Another session may have noted a table that this one's hid.
            if (tables.remove(place) == null) {
                catalog(place).remove(place.name());
            }
            deleteIfManaged(table);
        });
        return made.isPresent()
                || temporary(name).filter(session.runtime().tables()::remove).isPresent();
    }

    /// @throws QueryException `SCHEMA_NOT_FOUND`, `SCHEMA_NOT_EMPTY`
    void dropDatabase(String name, boolean cascade) {
        Set<String> ofSession = namesIn(tables.keySet(), name);
        if (!cascade && databases().exists(name) && !ofSession.isEmpty()) {
            throw Databases.notEmpty(name, ofSession);
        }
        Set<String> all = new TreeSet<>(ofSession);
        all.addAll(databases().tables(name).names());
        databases().drop(name, cascade);
        for (String table : all) {
            TableName place = new TableName(name, table);
            session.cached().removeTable(place);
            tables.remove(place);
        }
    }

    private static Set<String> namesIn(Set<TableName> tables, String database) {
        return tables.stream()
                .filter(table -> table.database().equalsIgnoreCase(database))
                .map(TableName::name)
                .collect(Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER)));
    }

    // ---- Other names, which are not in use

    void renameTemporaryView(String from, String to) {
        DataFrame view = views.get(from);
        if (view == null) {
            throw notFound("ALTER VIEW", List.of(from));
        }
        putView(ColumnName.quoted(to), view, false);
        views.remove(from);
        StoredTable definition = opened.remove(from);
        if (definition != null) {
            opened.put(to, definition);
        }
    }

    void renameLastingView(TableName from, String to) {
        catalog(from).rename(from.name(), to, Optional.empty());
        session.cached().removeTable(from);
    }

    /// @param directory where the table is to lie if it moves
    void renameTable(TableName from, String to, Optional<Path> directory) {
        session.cached().removeTable(from);
        StoredTable ofSession = tables.remove(from);
        if (ofSession == null) {
            catalog(from).rename(from.name(), to, directory);
        } else {
            tables.put(new TableName(from.database(), to), ofSession);
        }
    }

    private static void deleteIfManaged(StoredTable table) {
        if (table.managed()) {
            table.path().ifPresent(OutputDirectory::delete);
        }
    }

    /// Makes a name that of a table. The table that it was of before goes, with what lies in the warehouse for it
    /// unless the new one lies there.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`
    void putTable(List<String> name, StoredTable table) {
        TableName place = lasting(name);
        requireDatabase(place);
        session.cached().removeTable(place);
        stored(place)
                .filter(before -> before.managed() && !liesIn(table, before))
                .ifPresent(SessionTables::deleteIfManaged);
        if (table.managed() || session.conf().contains(CATALOG_PATH)) {
            catalog(place).put(place.name(), new TableCatalog.Entry.OfTable(table));
            tables.remove(place);
        } else {
            if (tables.put(place, table) == null) {
                catalog(place).remove(place.name());
            }
        }
    }

    /// That something new can be in the database that a name says.
    ///
    /// @throws QueryException `SCHEMA_NOT_FOUND`, `INVALID_SCHEMA_OR_RELATION_NAME`
    void requireDatabase(TableName place) {
        if (!databases().exists(place.database())) {
            throw databases().notFound(place.database());
        }
        // Files of such names are the catalog's own, and not listed.
        boolean hidden = place.name().isEmpty() || place.name().startsWith(".");
        if (hidden && !lasts(place)) {
            throw new QueryException(
                    "INVALID_SCHEMA_OR_RELATION_NAME",
                    "'" + place.name()
                            + "' can't be a name in a database: it begins with a dot, or is empty. Use letters, digits"
                            + " and _.");
        }
    }

    private static boolean liesIn(StoredTable table, StoredTable other) {
        return table.path().filter(InputFiles::isLocal).isPresent()
                && other.path().filter(InputFiles::isLocal).isPresent()
                && realPath(table.path().get()).startsWith(realPath(other.path().get()));
    }

    private static Path realPath(String path) {
        Path local = InputFiles.localPath(path).toAbsolutePath().normalize();
        try {
            return local.toRealPath();
        } catch (IOException notThereYet) {
            return local;
        }
    }

    Optional<StoredTable> stored(List<String> name) {
        return stored(lasting(name));
    }

    private Optional<StoredTable> stored(TableName name) {
        return Optional.ofNullable(tables.get(name)).or(() -> catalog(name).table(name.name()));
    }

    boolean isView(List<String> name) {
        return isTemporaryView(name) || isLastingView(name);
    }

    /// Whether a name means a temporary view, also where something that lasts is called so.
    boolean isTemporaryView(List<String> name) {
        return view(name).isPresent() && !(isInDatabase(name) && lasts(lasting(name)));
    }

    boolean isLastingView(List<String> name) {
        return lastingView(name).isPresent();
    }

    Optional<TableCatalog.Entry.OfView> lastingView(List<String> name) {
        return lastingView(lasting(name));
    }

    private Optional<TableCatalog.Entry.OfView> lastingView(TableName name) {
        return catalog(name).view(name.name());
    }

    private boolean lasts(TableName name) {
        return tables.containsKey(name) || catalog(name).has(name.name());
    }

    // ---- What outlives the session

    /// Where it is noted: beside the tables of the warehouse, unless the user says another place.
    Databases databases() {
        return new Databases(
                session.conf()
                        .find(CATALOG_PATH)
                        .map(InputFiles::localPath)
                        .orElseGet(() -> warehouse().resolve(".catalog"))
                        .toAbsolutePath()
                        .normalize(),
                warehouse());
    }

    private TableCatalog catalog(TableName name) {
        return databases().tables(name.database());
    }

    /// Notes a view that outlives the session, under a name that is not in use, or is that of such a view.
    ///
    /// @throws QueryException `INVALID_TEMP_OBJ_REFERENCE` if its query reads what does not
    ///
    /// @param view without the columns that it is made with
    void putLastingView(List<String> written, TableCatalog.Entry.OfView view) {
        TableName name = lasting(written);
        requireDatabase(name);
        LastingNames names = new LastingNames(Set.of(name), view.database(), true);
        StructType made = rows(view, names).schema();
        frame(name, view, names);
        noteView(written, view.binding() == Statement.SchemaBinding.EVOLUTION ? view : view.madeWith(made));
    }

    /// Notes a view whose query is as it was.
    void noteView(List<String> written, TableCatalog.Entry.OfView view) {
        TableName name = lasting(written);
        catalog(name).put(name.name(), view);
        session.cached().removeTable(name);
    }

    private DataFrame frame(TableName name, TableCatalog.Entry.OfView view) {
        return frame(name, view, new LastingNames(Set.of(name), view.database(), false));
    }

    private DataFrame frame(TableName name, TableCatalog.Entry.OfView view, LastingNames names) {
        DataFrame given = rows(view, names);
        DataFrame rows = view.made()
                .map(made -> new ViewColumns(name.shown(), made, view.binding()).of(given))
                .orElse(given);
        return view.columns().isEmpty() ? rows : rows.toDF(view.columns().toArray(String[]::new));
    }

    private DataFrame rows(TableCatalog.Entry.OfView view, LastingNames names) {
        return session.variables()
                .outlivedBy(
                        "view",
                        names.isNew,
                        () -> LastingFunctions.within(
                                view.database(), () -> SqlStatements.query(session, view.query(), names)));
    }

    /// What the query of a view that outlives the session can name: not temporary views, which don't hide what the view
    /// was made of.
    private final class LastingNames implements Relations {
        private final Set<TableName> within;
        private final String current;
        private final boolean isNew;

        /// @param within the views that are being opened, which can't be read in themselves
        /// @param current the database of names that say none
        /// @param isNew whether the view is being made, so that it is an error to mean a temporary view
        LastingNames(Set<TableName> within, String current, boolean isNew) {
            this.within = within;
            this.current = current;
            this.isNew = isNew;
        }

        private TableName checked(List<String> name) {
            TableName place = TableName.of(name, current);
            if (within.contains(place)) {
                throw new QueryException(
                        "RECURSIVE_VIEW",
                        "The view '" + place.shown() + "' would be made of itself: "
                                + within.stream().map(TableName::shown).sorted().toList() + ".");
            }
            if (isNew && isTemporaryView(name)) {
                throw new QueryException(
                        "INVALID_TEMP_OBJ_REFERENCE",
                        "A view that outlives the session can't read '" + String.join(".", name)
                                + "', a temporary view. Write CREATE TEMPORARY VIEW.");
            }
            return place;
        }

        @Override
        public Optional<NamedPlan> find(List<String> name, Map<String, String> options) {
            TableName place = checked(name);
            Optional<TableCatalog.Entry.OfView> view = lastingView(place);
            if (view.isEmpty()) {
                return lasting(place, name, options).map(DataFrame::identified);
            }
            Set<TableName> deeper = new TreeSet<>(within);
            deeper.add(place);
            return Optional.of(
                    frame(place, view.get(), new LastingNames(deeper, view.get().database(), false))
                            .identified());
        }

        @Override
        public Optional<String> database(List<String> name) {
            return isPath(name)
                    ? Optional.empty()
                    : Optional.of(TableName.of(name, current).database());
        }

        @Override
        public Optional<NamedPlan> stream(List<String> name, Map<String, String> options) {
            return openedStream(stored(checked(name)), name, options);
        }

        @Override
        public NamedPlan recursive(Recursion recursion) {
            return SessionTables.this.recursive(recursion);
        }

        @Override
        public Set<String> names() {
            return SessionTables.this.names();
        }
    }

    boolean isKnown(List<String> name) {
        return view(name).isPresent()
                || lasts(lasting(name))
                || temporary(name).flatMap(session.runtime().tables()::find).isPresent();
    }

    /// Whether a name is a format with a path, as in `` parquet.`/data` ``.
    ///
    /// @throws QueryException `INVALID_EMPTY_LOCATION`
    boolean isPath(List<String> name) {
        boolean path = name.size() == 2
                && session.connectors().isKnown(name.getFirst())
                && !databases().exists(name.getFirst());
        if (path && name.getLast().isBlank()) {
            throw new QueryException(
                    "INVALID_EMPTY_LOCATION",
                    name.getFirst() + ".``: there is no path between the backquotes. Write one, as in "
                            + name.getFirst() + ".`/data/orders`.");
        }
        return path;
    }

    DataFrame table(List<String> name) {
        return frame(name, Map.of()).orElseThrow(() -> notFound("table", name));
    }

    QueryException notFound(String method, List<String> name) {
        return new QueryException(
                "TABLE_OR_VIEW_NOT_FOUND",
                method + "(\"" + String.join(".", name) + "\"): the session has no table or view of this name. "
                        + Suggestion.didYouMean(lasting(name).shown(), names()));
    }

    private Optional<DataFrame> frame(List<String> name, Map<String, String> options) {
        Optional<DataFrame> view = view(name).map(this::here);
        TableName place = lasting(name);
        return isInDatabase(name)
                ? lasting(place, name, options).or(() -> view)
                : view.or(() -> lasting(place, name, options));
    }

    /// A view or a kept table that may be of another session, in this one.
    private DataFrame here(DataFrame known) {
        return known.sparkSession() == session ? known : DataFrame.of(session, known.identified(), known);
    }

    /// What a name stands for but for temporary views.
    private Optional<DataFrame> lasting(TableName place, List<String> written, Map<String, String> options) {
        return session.cached()
                .table(place)
                .map(this::here)
                .or(() -> stored(place).map(table -> open(table, options)))
                .or(() -> lastingView(place).map(view -> frame(place, view)))
                .or(() -> temporary(written)
                        .flatMap(name -> session.runtime()
                                .tables()
                                .find(name)
                                .map(table -> DataFrame.of(session, new NamedPlan.Read(table, name)))))
                .or(() -> Optional.of(written)
                        .filter(this::isPath)
                        .map(path -> reader(path.getFirst(), options).load(path.get(1))));
    }

    /// What names stand for without being opened anew: a query of them has their plans as parts.
    DataFrame[] open() {
        return Stream.concat(views.all(), session.cached().tables()).toArray(DataFrame[]::new);
    }

    private DataFrameReader reader(String format, Map<String, String> options) {
        return session.read().format(format).options(options);
    }

    private DataFrame open(StoredTable table, Map<String, String> options) {
        DataFrameReader reader = reader(table.format(), readOptions(table)).options(options);
        table.schema().ifPresent(reader::schema);
        return table.path().map(reader::load).orElseGet(reader::load);
    }

    @Override
    public Optional<String> database(List<String> name) {
        if (isPath(name)) {
            return Optional.empty();
        }
        return isTemporaryView(name)
                ? temporary(name).filter(TemporaryViews::isGlobal).map(_ -> TemporaryViews.DATABASE)
                : Optional.of(lasting(name).database());
    }

    @Override
    public Optional<NamedPlan> find(List<String> name, Map<String, String> options) {
        return frame(name, options).map(DataFrame::identified);
    }

    @Override
    public Optional<NamedPlan> stream(List<String> name, Map<String, String> options) {
        Optional<String> temporary = isTemporaryView(name) ? temporary(name) : Optional.empty();
        Optional<DataFrame> view = temporary.flatMap(known -> Optional.ofNullable(views.get(known)));
        if (view.filter(DataFrame::isStreaming).isPresent()) {
            return Optional.of(view.get().identified());
        }
        Optional<StoredTable> definition = temporary.flatMap(known -> Optional.ofNullable(opened.get(known)));
        if (view.isPresent() && definition.isEmpty()) {
            throw new QueryException(
                    "NOT_A_STREAM",
                    "STREAM(" + temporary.get() + "): the view '" + temporary.get()
                            + "' is of a batch, whose rows do not come bit by bit. Make it of a"
                            + " DataFrame of readStream(), or with CREATE TEMPORARY VIEW … USING.");
        }
        return openedStream(definition.or(() -> stored(name)), name, options);
    }

    private Optional<NamedPlan> openedStream(
            Optional<StoredTable> known, List<String> name, Map<String, String> options) {
        return known.or(() -> Optional.of(name)
                        .filter(this::isPath)
                        .map(path -> StoredTable.external(
                                path.getFirst(), Map.of(), Optional.of(path.get(1)), Optional.empty())))
                .map(table -> openStream(table, options).identified());
    }

    private DataFrame openStream(StoredTable table, Map<String, String> options) {
        DataStreamReader reader = session.readStream()
                .format(table.format())
                .options(readOptions(table))
                .options(options);
        table.schema().ifPresent(reader::schema);
        return table.path().map(reader::load).orElseGet(reader::load);
    }

    /// Options of a table may be of its writes alone, such as `compression`.
    private Map<String, String> readOptions(StoredTable table) {
        Connector connector = session.connectors().readable(table.format());
        Map<String, String> options = new HashMap<>(table.options());
        if (connector instanceof FileConnector files) {
            options.keySet().removeIf(key -> !files.isReadOption(key) && isWriteOption(connector, key));
        }
        return options;
    }

    static boolean isWriteOption(Connector connector, String name) {
        return connector instanceof FileWritable files && files.isWriteOption(name);
    }

    @Override
    public NamedPlan recursive(Recursion recursion) {
        return new NamedPlan.Read(new RecursiveRows(session, recursion), "recursion");
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(views.ownNames());
        names.addAll(views.globalNames());
        names.addAll(session.runtime().tables().names());
        names.addAll(lastingNames(database));
        for (String other : databases().names()) {
            if (!other.equalsIgnoreCase(database)) {
                lastingNames(other).forEach(name -> names.add(other + "." + name));
            }
        }
        return names;
    }

    private Set<String> lastingNames(String ofDatabase) {
        Set<String> names = namesIn(tables.keySet(), ofDatabase);
        names.addAll(databases().tables(ofDatabase).names());
        return names;
    }

    /// The names of a database but for those of global views, and whether each is a temporary view.
    Map<String, Boolean> listed(String ofDatabase) {
        Map<String, Boolean> listed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        lastingNames(ofDatabase).forEach(name -> listed.put(name, false));
        views.ownNames().forEach(name -> listed.put(name, true));
        session.runtime().tables().names().forEach(name -> listed.putIfAbsent(name, true));
        return listed;
    }

    /// The temporary views, global ones without their database: what `global_temp` is said to have.
    Set<String> listedGlobally() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(views.ownNames());
        views.globalNames().forEach(name -> names.add(name.substring(TemporaryViews.DATABASE.length() + 1)));
        return names;
    }

    /// Where a table without a location lies.
    ///
    /// @throws QueryException `INVALID_SCHEMA_OR_RELATION_NAME` for a name that is no plain name of a directory;
    ///     `SCHEMA_NOT_FOUND`
    String inWarehouse(TableName name) {
        if (!DIRECTORY.matcher(name.name()).matches()) {
            throw new QueryException(
                    "INVALID_SCHEMA_OR_RELATION_NAME",
                    "'" + name.name()
                            + "' can't be the name of a table in the warehouse, whose directory is called like it."
                            + " Use letters, digits and _, or say where the table lies: LOCATION, or the option path.");
        }
        return InputFiles.localPath(databases().get(name.database()).location())
                .resolve(name.name().toLowerCase(Locale.ROOT))
                .toAbsolutePath()
                .toString();
    }

    Path warehouse() {
        return InputFiles.localPath(session.conf().get("spark.sql.warehouse.dir", "spark-warehouse"));
    }
}
