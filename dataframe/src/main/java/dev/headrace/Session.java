package dev.headrace;

import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.BatchRuns;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.sql.Parameters;
import dev.headrace.streaming.DataStreamReader;
import dev.headrace.streaming.StreamingQueryManager;
import dev.headrace.types.StructType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where everything begins: opens files, tables and streams, and holds what queries share (memory, threads, settings).
///
/// ```java
/// Session session = Session.builder().appName("orders").getOrCreate();
/// session.read().parquet("/data/orders").groupBy("status").count().show();
/// ```
///
/// Thread-safe. A closed session runs nothing any more.
public final class Session implements AutoCloseable {
    private static final AtomicReference<@Nullable Session> ACTIVE = new AtomicReference<>();

    private final Map<String, String> initial;
    private final RuntimeConfig conf;
    private final SessionRuntime runtime;
    private final Connectors connectors = new Connectors();
    private final StreamingQueries queries = new StreamingQueries();
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong planIds;
    private final SessionTables tables;
    private final UserFunctions functions = new UserFunctions(new LastingFunctions(this));
    private final Variables variables = new Variables();
    private final CachedFrames cached;
    /// The session that this one was made of, which has what they share.
    private final Optional<Session> origin;

    private volatile boolean closed;

    private Session(Map<String, String> options, Clock clock) {
        this.initial = Map.copyOf(options);
        this.conf = new RuntimeConfig(options);
        this.planIds = new AtomicLong();
        this.tables = new SessionTables(this);
        this.cached = new CachedFrames(this);
        this.origin = Optional.empty();
        String limit = conf.get(RuntimeConfig.MEMORY_LIMIT, "");
        long memory = limit.isEmpty() ? MemorySize.byDefault() : MemorySize.parse(RuntimeConfig.MEMORY_LIMIT, limit);
        this.runtime = new SessionRuntime(settings(conf), memory, conf.spillDirectory(), clock, conf.getAll());
    }

    private Session(Session origin) {
        this.initial = origin.initial;
        this.conf = new RuntimeConfig(initial);
        this.planIds = origin.planIds;
        this.tables = origin.tables.sharedWith(this);
        this.cached = origin.cached;
        this.runtime = origin.runtime.forAnotherSession();
        this.origin = Optional.of(origin);
    }

    private static SessionSettings settings(RuntimeConfig conf) {
        return new SessionSettings(conf.zone(), conf.parallelism(), conf.getAll());
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The session that [Builder#getOrCreate] gives.
    ///
    /// @throws QueryException `NO_ACTIVE_SESSION` if there is none
    public static Session active() {
        Session session = ACTIVE.get();
        if (session == null || session.closed) {
            throw new QueryException(
                    "NO_ACTIVE_SESSION", "There is no session. Make one with Session.builder().getOrCreate().");
        }
        return session;
    }

    static Optional<Session> ifActive() {
        return Optional.ofNullable(ACTIVE.get()).filter(session -> !session.closed);
    }

    /// Describes a session to make.
    public static final class Builder {
        private final Map<String, String> options = new HashMap<>();
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        public Builder appName(String name) {
            return config("spark.app.name", name);
        }

        /// Where to run: `local` (one thread), `local[4]`, `local[*]` (a thread per processor, the default).
        ///
        /// @throws QueryException `UNSUPPORTED_MASTER` for clusters
        public Builder master(String master) {
            Master.parallelism(master).ifPresent(threads -> config(RuntimeConfig.PARALLELISM, threads));
            return config("spark.master", master);
        }

        /// Sets something; see [RuntimeConfig].
        public Builder config(String key, String value) {
            options.put(key, value);
            return this;
        }

        public Builder config(String key, boolean value) {
            return config(key, String.valueOf(value));
        }

        public Builder config(String key, long value) {
            return config(key, String.valueOf(value));
        }

        public Builder config(String key, double value) {
            return config(key, String.valueOf(value));
        }

        public Builder config(Map<String, ?> settings) {
            settings.forEach((key, value) -> config(key, String.valueOf(value)));
            return this;
        }

        /// The clock that queries see, for tests.
        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        /// The active session with these settings added, or a new one if there is none.
        ///
        /// @throws QueryException `INVALID_CONFIG`, `UNSUPPORTED_CONFIG`
        public Session getOrCreate() {
            synchronized (ACTIVE) {
                Session active = ACTIVE.get();
                if (active != null && !active.closed) {
                    options.forEach((key, value) -> {
                        if (active.conf.isModifiable(key)) {
                            active.conf.set(key, value);
                        }
                    });
                    return active;
                }
                Session created = create();
                ACTIVE.set(created);
                return created;
            }
        }

        /// A session of its own, which is not the active one: what it is made for closes it.
        public Session create() {
            FirstUse.prepare();
            return new Session(options, clock);
        }
    }

    /// The settings, which can be changed while the session runs.
    public RuntimeConfig conf() {
        return conf;
    }

    /// What the queries share, with the settings as they are now.
    SessionRuntime runtime() {
        if (closed) {
            throw isClosed();
        }
        return runtime.with(settings(conf), conf.getAll());
    }

    static QueryException isClosed() {
        return new QueryException("SESSION_CLOSED", "The session is closed. Make another one with Session.builder().");
    }

    JavaValues javaValues() {
        return new JavaValues(conf.java8Time());
    }

    Connectors connectors() {
        return connectors;
    }

    StreamingQueries queries() {
        return queries;
    }

    long nextPlanId() {
        return planIds.getAndIncrement();
    }

    void opened(AutoCloseable resource) {
        open.add(resource);
    }

    void closed(AutoCloseable resource) {
        open.remove(resource);
    }

    /// A session with settings, temporary views, functions and running queries of its own, which begins with the
    /// settings that this one began with. Memory, threads, tables, rows that are kept, and views of `global_temp` are
    /// those of both. Closing the session that was made by the builder closes it, too.
    public Session newSession() {
        Session root = origin.orElse(this);
        root.runtime();
        Session made = new Session(root);
        root.opened(made);
        return made;
    }

    /// Opens files and tables.
    public DataFrameReader read() {
        return new DataFrameReader(this);
    }

    /// Opens streams.
    public DataStreamReader readStream() {
        return new StreamReader(this);
    }

    /// The streaming queries.
    public StreamingQueryManager streams() {
        return queries;
    }

    /// Rows given in the program.
    ///
    /// Values are of the classes that [Row] gives, in either family of dates and times; whole numbers may be of any
    /// class that fits, arrays may be Java arrays.
    ///
    /// @throws QueryException `INVALID_ROW_VALUE` if a value doesn't fit its column
    public DataFrame createDataFrame(List<Row> rows, StructType schema) {
        List<List<@Nullable Object>> cells = new ArrayList<>(rows.size());
        for (Row row : rows) {
            cells.add(JavaValues.toCells(row, schema, "createDataFrame(…): row " + cells.size()));
        }
        return DataFrame.of(this, new NamedPlan.LocalRelation(schema, cells));
    }

    /// Objects given in the program, a column for each property of the bean (or component of the record).
    ///
    /// @throws QueryException `UNSUPPORTED_ENCODER` for classes with properties of types that have no column type
    public <T> DataFrame createDataFrame(List<T> objects, Class<T> type) {
        return createDataset(objects, Encoders.bean(type)).toDF();
    }

    /// Objects given in the program.
    public <T> Dataset<T> createDataset(List<T> objects, Encoder<T> encoder) {
        List<Row> rows = objects.stream().map(encoder::encode).toList();
        return Dataset.of(createDataFrame(rows, encoder.schema()), encoder);
    }

    /// No rows, no columns.
    public DataFrame emptyDataFrame() {
        return createDataFrame(List.of(), new StructType());
    }

    /// What a name stands for: a temporary view, a table made by SQL, or what a `memory` sink has collected; also files
    /// as in `` parquet.`/data/orders` ``.
    ///
    /// @throws QueryException `TABLE_OR_VIEW_NOT_FOUND`
    public DataFrame table(String tableName) {
        return tables.table(ColumnName.parts(tableName));
    }

    /// The views, tables and functions that SQL knows.
    public Catalog catalog() {
        return new Catalog(this);
    }

    /// Functions of the program for this session's queries.
    public UDFRegistration udf() {
        return new UDFRegistration(functions);
    }

    UserFunctions functions() {
        return functions;
    }

    Variables variables() {
        return variables;
    }

    /// Runs what reads or analyzes a statement, which then finds this session's functions and variables.
    <T> T analyzing(Supplier<T> analysis) {
        return functions.within(javaValues(), () -> variables.within(() -> Nesting.within(analysis)));
    }

    /// A DataFrame without rows, as objects.
    public <T> Dataset<T> emptyDataset(Encoder<T> encoder) {
        return createDataFrame(List.of(), encoder.schema()).as(encoder);
    }

    CachedFrames cached() {
        return cached;
    }

    SessionTables tables() {
        return tables;
    }

    /// The result of an SQL statement. A query is only described, as by the methods of a DataFrame, so that it may also
    /// be over streams; other statements run at once.
    ///
    /// @throws QueryException `PARSE_SYNTAX_ERROR` and what else can be wrong with a query, with line and column
    public DataFrame sql(String sqlText) {
        return SqlStatements.run(this, sqlText, Parameters.NONE);
    }

    /// The result of an SQL statement with parameters.
    ///
    /// @param args values for `:name`: constants as [functions#lit] takes them, or columns
    /// @throws QueryException `UNBOUND_SQL_PARAMETER` if a parameter has no value
    public DataFrame sql(String sqlText, Map<String, Object> args) {
        Map<String, NamedExpr> named = new HashMap<>();
        args.forEach((name, value) ->
                named.put(name, dev.headrace.functions.lit(value).expr()));
        return SqlStatements.run(this, sqlText, new Parameters(named, List.of()));
    }

    /// The result of an SQL statement with parameters.
    ///
    /// @param args values for `?` in order: constants as [functions#lit] takes them, or columns
    /// @throws QueryException `UNBOUND_SQL_PARAMETER` if a parameter has no value
    public DataFrame sql(String sqlText, Object... args) {
        List<NamedExpr> positional = Arrays.stream(args)
                .map(value -> dev.headrace.functions.lit(value).expr())
                .toList();
        return SqlStatements.run(this, sqlText, new Parameters(Map.of(), positional));
    }

    /// The numbers from 0 to `end`, exclusive, as the column `id`.
    public DataFrame range(long end) {
        return range(0, end);
    }

    public DataFrame range(long start, long end) {
        return range(start, end, 1);
    }

    public DataFrame range(long start, long end, long step) {
        return range(start, end, step, runtime.settings().parallelism());
    }

    /// @throws QueryException `INVALID_RANGE` if the step is zero or there is no partition
    public DataFrame range(long start, long end, long step, int numPartitions) {
        if (step == 0 || numPartitions < 1) {
            throw new QueryException(
                    "INVALID_RANGE",
                    "range(" + start + ", " + end + ", " + step + ", " + numPartitions + "): "
                            + (step == 0 ? "the step must not be 0." : "there must be at least 1 partition."));
        }
        return DataFrame.of(this, new NamedPlan.Range(start, end, step, numPartitions));
    }

    /// Cancels the batch queries that run in this session, by whichever threads, and reading files to find a schema.
    /// Each of them fails with `QUERY_CANCELLED` within a few chunks of rows and gives back its memory; functions of
    /// the program that run for it are interrupted. Streaming queries go on. A query whose thread is interrupted ends
    /// in the same way.
    ///
    /// @return an id for each that was told to end; nothing is written by these. One that commits already goes on
    public List<String> interruptAll() {
        return interrupt(_ -> true);
    }

    private List<String> interrupt(Predicate<BatchRuns.Run> chosen) {
        return runtime.runs().running().stream()
                .filter(chosen)
                .filter(BatchRuns.Run::cancel)
                .map(BatchRuns.Run::id)
                .toList();
    }

    /// As [#interruptAll], of the queries that were begun under this tag.
    public List<String> interruptTag(String tag) {
        return interrupt(run -> run.tags().contains(checked(tag)));
    }

    /// As [#interruptAll], of one query.
    ///
    /// @param operationId as an interrupt has given it
    public List<String> interruptOperation(String operationId) {
        return interrupt(run -> run.id().equals(operationId));
    }

    /// Marks the queries that this thread, and threads that it starts later, will begin.
    ///
    /// @throws QueryException `INVALID_TAG` for one that is empty or has a comma
    public void addTag(String tag) {
        Set<String> tags = new TreeSet<>(getTags());
        tags.add(checked(tag));
        runtime.runs().tags(tags);
    }

    public void removeTag(String tag) {
        Set<String> tags = new TreeSet<>(getTags());
        tags.remove(checked(tag));
        runtime.runs().tags(tags);
    }

    /// The tags of this thread.
    public Set<String> getTags() {
        return runtime.runs().tags();
    }

    public void clearTags() {
        runtime.runs().tags(Set.of());
    }

    private static String checked(String tag) {
        if (tag.isEmpty() || tag.contains(",")) {
            throw new QueryException(
                    "INVALID_TAG", "'" + tag + "' is no tag of queries: it must have a character, and no comma.");
        }
        return tag;
    }

    /// Functions that give tables.
    public TableValuedFunction tvf() {
        return new TableValuedFunction(this);
    }

    /// Whether it has not been closed.
    public boolean isUsable() {
        return !closed;
    }

    /// The version of Headrace.
    public String version() {
        String version = Session.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /// Stops the streaming queries and frees everything. Does nothing the second time.
    ///
    /// @throws IllegalStateException if a query has leaked memory
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        ACTIVE.compareAndSet(this, null);
        origin.ifPresent(session -> session.closed(this));
        queries.close();
        for (AutoCloseable resource : List.copyOf(open)) {
            try {
                resource.close();
            } catch (Exception failed) {
                throw new IllegalStateException("closing " + resource, failed);
            }
        }
        if (origin.isEmpty()) {
            cached.close();
            runtime.close();
        }
    }

    public void stop() {
        close();
    }
}
