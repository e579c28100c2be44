package dev.headrace;

import dev.headrace.chunk.Closing;
import dev.headrace.connector.ScanRequest;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.CachedTable;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/// The DataFrames whose rows a session keeps. A query that one of them is a part of reads those rows instead. A
/// DataFrame is known by its plan, which is the same object wherever it is a part of; a table that SQL has made, which
/// is opened anew by each query, by its name. Thread-safe.
final class CachedFrames implements AutoCloseable {
    private final Session session;
    private final Map<LogicalPlan, CachedTable> tables = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<TableName, DataFrame> named = new ConcurrentSkipListMap<>();

    CachedFrames(Session session) {
        this.session = session;
    }

    private static LogicalPlan plan(DataFrame frame) {
        return frame.resolved().plan();
    }

    /// @throws dev.headrace.errors.QueryException `STREAMING_QUERY_NOT_STARTED` if a stream is read
    void add(DataFrame frame) {
        new Execution(frame, "cache()").checkBatch();
        LogicalPlan plan = plan(frame);
        tables.computeIfAbsent(plan, _ -> new CachedTable(plan.schema(), () -> query(plan, frame.session())));
    }

    /// @param asking whose settings hold; rows that outlive it are read with those of the session that keeps them
    private BatchQuery query(LogicalPlan plan, Session asking) {
        LogicalPlan overCached = plan.mapInputs(this::over);
        Session of = asking.isUsable() ? asking : session;
        return BatchQuery.plan(Optimizer.optimize(overCached, of.conf().zone()), of.runtime());
    }

    Optional<CachedTable> find(DataFrame frame) {
        return Optional.ofNullable(tables.get(plan(frame)));
    }

    /// What a name stood for before goes, unless it is what the name stands for now.
    void replace(DataFrame before, DataFrame by) {
        if (!find(before).equals(find(by))) {
            remove(before);
        }
    }

    void remove(DataFrame frame) {
        CachedTable table = tables.remove(plan(frame));
        if (table != null) {
            table.close();
        }
    }

    /// The plan with cached rows for the parts that have them.
    LogicalPlan over(LogicalPlan plan) {
        if (tables.isEmpty()) {
            return plan;
        }
        CachedTable table = tables.get(plan);
        return table == null ? plan.mapInputs(this::over) : new LogicalPlan.Scan(table, ScanRequest.all(plan.schema()));
    }

    // ---- By name

    /// @param opened a table that each query opens anew
    void addTable(TableName name, DataFrame opened) {
        named.put(name, opened);
        add(opened);
    }

    /// What stands for a table while it is cached.
    Optional<DataFrame> table(TableName name) {
        return Optional.ofNullable(named.get(name));
    }

    /// All that stand for tables.
    Stream<DataFrame> tables() {
        return named.values().stream();
    }

    void removeTable(TableName name) {
        DataFrame opened = named.remove(name);
        if (opened != null) {
            remove(opened);
        }
    }

    /// Has all rows be read anew.
    void refresh() {
        List.copyOf(tables.values()).forEach(CachedTable::refresh);
        List.copyOf(named.keySet()).forEach(name -> session.tables().refresh(name.parts()));
    }

    @Override
    public void close() {
        named.clear();
        List<CachedTable> all = List.copyOf(tables.values());
        tables.clear();
        Closing.all(all);
    }
}
