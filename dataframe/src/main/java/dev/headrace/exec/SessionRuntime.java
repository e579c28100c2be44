package dev.headrace.exec;

import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.TemporaryTables;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// What the queries of a session share: memory, threads, settings, the clock. Thread-safe.
public final class SessionRuntime implements AutoCloseable {
    private final BufferAllocator allocator;
    private final SpillSpace spill;
    private final TaskPool tasks;
    private final BatchRuns runs;
    private final TemporaryTables tables;
    private final SessionSettings settings;
    private final Clock clock;
    private final Map<String, String> conf;

    /// @param memoryLimit bytes of memory that all queries may hold together
    /// @param spillDirectory where they put what doesn't fit; made when it is needed
    /// @param conf the session's configuration as the user gave it
    public SessionRuntime(
            SessionSettings settings, long memoryLimit, Path spillDirectory, Clock clock, Map<String, String> conf) {
        this(
                new RootAllocator(AllocationListener.NOOP, memoryLimit, SessionRuntime::rounded),
                memoryLimit,
                spillDirectory,
                settings,
                clock,
                conf);
    }

    /// How much memory is taken for a buffer. Arrow would round up to a power of two, which for the values of a chunk
    /// with their bits of validity behind them is twice what they need.
    private static long rounded(long bytes) {
        return bytes + bytes / 64 + 127 & -64;
    }

    /// With temporary files where the machine has them.
    public SessionRuntime(SessionSettings settings, long memoryLimit, Clock clock, Map<String, String> conf) {
        this(settings, memoryLimit, Path.of(System.getProperty("java.io.tmpdir")), clock, conf);
    }

    /// @param allocator has that limit itself; closed with this
    public SessionRuntime(
            BufferAllocator allocator,
            long memoryLimit,
            Path spillDirectory,
            SessionSettings settings,
            Clock clock,
            Map<String, String> conf) {
        this(
                allocator,
                new SpillSpace(allocator, memoryLimit, settings.parallelism(), spillDirectory),
                new TaskPool(settings.parallelism()),
                new BatchRuns(ProgressTerminal.wanted(conf)),
                new TemporaryTables(),
                settings,
                clock,
                conf);
    }

    private SessionRuntime(
            BufferAllocator allocator,
            SpillSpace spill,
            TaskPool tasks,
            BatchRuns runs,
            TemporaryTables tables,
            SessionSettings settings,
            Clock clock,
            Map<String, String> conf) {
        this.allocator = allocator;
        this.spill = spill;
        this.tasks = tasks;
        this.runs = runs;
        this.tables = tables;
        this.settings = settings;
        this.clock = clock;
        this.conf = Map.copyOf(conf);
    }

    /// The same memory, threads, tables and clock under other settings. It is closed with this one, not by itself.
    public SessionRuntime with(SessionSettings newSettings, Map<String, String> newConf) {
        return new SessionRuntime(allocator, spill, tasks, runs, tables, newSettings, clock, newConf);
    }

    /// The same memory, threads, tables and clock for the queries of another session. It is closed with this one.
    public SessionRuntime forAnotherSession() {
        return new SessionRuntime(allocator, spill, tasks, runs.forAnotherSession(), tables, settings, clock, conf);
    }

    public BufferAllocator allocator() {
        return allocator;
    }

    /// Where operators put rows when memory is short.
    public SpillSpace spill() {
        return spill;
    }

    public TaskPool tasks() {
        return tasks;
    }

    /// The batch queries that run now.
    public BatchRuns runs() {
        return runs;
    }

    /// The tables that the session knows by name.
    public TemporaryTables tables() {
        return tables;
    }

    public SessionSettings settings() {
        return settings;
    }

    public Clock clock() {
        return clock;
    }

    public Map<String, String> conf() {
        return conf;
    }

    /// Ends the threads and checks that all memory has been given back.
    ///
    /// @throws IllegalStateException if a query leaked memory
    @Override
    public void close() {
        tasks.close();
        spill.close();
        allocator.close();
    }
}
