package dev.headrace.engine.stateful;

import dev.headrace.chunk.Closing;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.Refresh;
import dev.headrace.connector.RefreshedTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.CachedTable;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table beside the streams of a query, in the version that the running batch reads. Which one that is is decided
/// before the batch, and stands in its log entry. Used by the query's thread.
public final class RefreshingTable implements BatchTable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshingTable.class);

    private final RefreshedTable table;
    private final Map<ScanRequest, CachedTable> kept = new HashMap<>();
    private @Nullable BatchTable current;
    private @Nullable SessionRuntime runtime;
    private OptionalLong chosenMillis = OptionalLong.empty();

    RefreshingTable(RefreshedTable table) {
        this.table = table;
    }

    /// What the query's plan has.
    public RefreshedTable table() {
        return table;
    }

    /// Decides what the next batch reads.
    ///
    /// @param nowMillis the batch's clock
    /// @param before gives the version that the batch before has read, if it is known; for a query that goes on
    /// @return the version, if the table tells
    public Optional<String> choose(long nowMillis, Supplier<Optional<String>> before) {
        switch (table.policy()) {
            case Refresh.EachBatch _, Refresh.OnChange _ -> set(table.newest());
            case Refresh.Every(Duration time) -> {
                if (chosenMillis.isEmpty() || isOver(time, chosenMillis.getAsLong(), nowMillis)) {
                    set(table.newest());
                    chosenMillis = OptionalLong.of(nowMillis);
                }
            }
            case Refresh.Never _ -> {
                if (current == null) {
                    set(opened(before.get()));
                }
            }
        }
        return now().version();
    }

    /// Whether the time since then is over, or can't be told: the clock has been set back.
    private static boolean isOver(Duration time, long thenMillis, long nowMillis) {
        return nowMillis < thenMillis || nowMillis - thenMillis >= time.toMillis();
    }

    /// Makes the table be as the batch is to read it.
    ///
    /// @param version as [#choose] said, perhaps before a restart
    public void use(Optional<String> version, SessionRuntime session) {
        runtime = session;
        if (current == null || !current.version().equals(version)) {
            set(opened(version));
        }
    }

    private BatchTable opened(Optional<String> version) {
        Optional<BatchTable> exact = version.flatMap(table::at);
        if (exact.isPresent()) {
            return exact.get();
        }
        BatchTable newest = table.newest();
        if (version.isPresent() && !newest.version().equals(version)) {
            LOG.warn(
                    "{} has changed since the batch that is run again was planned, and can't be read as it was: the batch "
                            + "gets its rows of now",
                    newest.description());
        }
        return newest;
    }

    private void set(BatchTable opened) {
        if (current != null
                && current.version().isPresent()
                && current.version().equals(opened.version())) {
            return;
        }
        close();
        current = opened;
    }

    private BatchTable now() {
        if (current == null) {
            throw new IllegalStateException("no batch has been planned");
        }
        return current;
    }

    @Override
    public StructType schema() {
        return table.schema();
    }

    @Override
    public String description() {
        return table.description();
    }

    @Override
    public OptionalLong rowCount() {
        return table.rowCount();
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return table.usesFilter(predicate);
    }

    @Override
    public Scan scan(ScanRequest request) {
        return scan(request, List.of());
    }

    /// Rows that are kept are those of any batch.
    @Override
    public Scan scan(ScanRequest request, List<BoundExpr> known) {
        BatchTable opened = now();
        SessionRuntime session = runtime;
        if (table.policy() instanceof Refresh.EachBatch || session == null) {
            return opened.scan(request, known);
        }
        CachedTable rows = kept.computeIfAbsent(request, wanted -> {
            LogicalPlan scan = new LogicalPlan.Scan(opened, wanted);
            return new CachedTable(scan.schema(), () -> BatchQuery.plan(scan, session));
        });
        return rows.scan(ScanRequest.all(rows.schema()));
    }

    /// Gives back the memory of the rows.
    @Override
    public void close() {
        Closing.all(kept.values());
        kept.clear();
    }
}
