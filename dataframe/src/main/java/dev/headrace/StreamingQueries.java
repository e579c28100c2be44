package dev.headrace;

import dev.headrace.connector.QueryEvents;
import dev.headrace.connector.StreamStart;
import dev.headrace.connector.StreamingEngine;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryListener;
import dev.headrace.streaming.StreamingQueryManager;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The streaming queries of a session: those that run, whether one has ended, and who listens.
final class StreamingQueries implements StreamingQueryManager, QueryEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamingQueries.class);
    private static final long LISTENER_DRAIN_SECONDS = 10;

    private final Map<UUID, StreamingQuery> byRun = new LinkedHashMap<>();
    private final List<UUID> endedRuns = new ArrayList<>();
    /// The names of queries that are being started.
    private final Set<String> starting = new HashSet<>();
    private final List<StreamingQueryListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable ExecutorService listenerThread;
    private boolean closed;

    StreamingQuery start(StreamingEngine engine, StreamStart request) {
        request.queryName().ifPresent(this::take);
        try {
            StreamingQuery query = engine.start(request);
            if (!isTaken(query)) {
                stop(query);
                throw Session.isClosed();
            }
            return query;
        } finally {
            request.queryName().ifPresent(this::giveBack);
        }
    }

    /// Not if the session has been closed meanwhile, which stops only the queries that it knows.
    private synchronized boolean isTaken(StreamingQuery started) {
        if (closed) {
            return false;
        }
        byRun.put(started.runId(), started);
        notifyAll();
        return true;
    }

    /// A name belongs to a query from before it is started.
    private synchronized void take(String name) {
        for (StreamingQuery query : active()) {
            if (name.equals(query.name())) {
                throw inUse(name, "a running query of this session has that name (id " + query.id() + "). Stop it, or");
            }
        }
        if (!starting.add(name)) {
            throw inUse(name, "a query of that name is just being started in this session. Stop that, or");
        }
    }

    private static QueryException inUse(String name, String why) {
        return new QueryException("QUERY_NAME_IN_USE", "queryName(\"" + name + "\"): " + why + " choose another name.");
    }

    /// It is known as that of a running query now, unless the start has failed.
    private synchronized void giveBack(String name) {
        starting.remove(name);
    }

    @Override
    public synchronized StreamingQuery[] active() {
        return byRun.values().stream().filter(StreamingQuery::isActive).toArray(StreamingQuery[]::new);
    }

    @Override
    public @Nullable StreamingQuery get(UUID id) {
        for (StreamingQuery query : active()) {
            if (query.id().equals(id)) {
                return query;
            }
        }
        return null;
    }

    @Override
    public void tell(StreamingQueryListener.Event event) {
        if (event instanceof StreamingQueryListener.QueryTerminatedEvent ended) {
            synchronized (this) {
                endedRuns.add(ended.runId());
                notifyAll();
            }
        }
        // Not when the session is being closed: the thread takes nothing more then.
        synchronized (this) {
            if (listenerThread != null && !listeners.isEmpty()) {
                listenerThread.execute(() -> listeners.forEach(listener -> dispatch(listener, event)));
            }
        }
    }

    private static void dispatch(StreamingQueryListener listener, StreamingQueryListener.Event event) {
        try {
            switch (event) {
                case StreamingQueryListener.QueryStartedEvent started -> listener.onQueryStarted(started);
                case StreamingQueryListener.QueryProgressEvent progress -> listener.onQueryProgress(progress);
                case StreamingQueryListener.QueryIdleEvent idle -> listener.onQueryIdle(idle);
                case StreamingQueryListener.QueryTerminatedEvent ended -> listener.onQueryTerminated(ended);
            }
        } catch (RuntimeException failed) {
            LOG.warn("A StreamingQueryListener failed on {}", event, failed);
        }
    }

    /// The first query that has ended since the last reset and whose start has returned.
    private Optional<StreamingQuery> ended() {
        return endedRuns.stream().filter(byRun::containsKey).map(byRun::get).findFirst();
    }

    @Override
    public void awaitAnyTermination() throws StreamingQueryException {
        await(Optional.empty());
    }

    @Override
    public boolean awaitAnyTermination(long timeoutMs) throws StreamingQueryException {
        return await(Optional.of(timeoutMs));
    }

    private boolean await(Optional<Long> timeoutMs) {
        Optional<StreamingQuery> query;
        synchronized (this) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs.orElse(0L));
            while ((query = ended()).isEmpty()) {
                long left = timeoutMs.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
                if (timeoutMs.isPresent() && deadline - System.nanoTime() <= 0) {
                    return false;
                }
                try {
                    wait(left);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        query.flatMap(StreamingQuery::exception).ifPresent(failure -> {
            throw failure;
        });
        return true;
    }

    @Override
    public synchronized void resetTerminated() {
        endedRuns.forEach(byRun::remove);
        endedRuns.clear();
    }

    @Override
    public synchronized void addListener(StreamingQueryListener listener) {
        if (listenerThread == null) {
            listenerThread = Executors.newSingleThreadExecutor(
                    Thread.ofVirtual().name("headrace-listeners").factory());
        }
        listeners.add(listener);
    }

    @Override
    public void removeListener(StreamingQueryListener listener) {
        listeners.remove(listener);
    }

    @Override
    public StreamingQueryListener[] listListeners() {
        return listeners.toArray(StreamingQueryListener[]::new);
    }

    /// Stops all queries, and lets listeners take in what has been told.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (StreamingQuery query : active()) {
            stop(query);
        }
        ExecutorService thread;
        synchronized (this) {
            thread = listenerThread;
            listenerThread = null;
        }
        if (thread != null) {
            thread.shutdown();
            try {
                if (!thread.awaitTermination(LISTENER_DRAIN_SECONDS, TimeUnit.SECONDS)) {
                    thread.shutdownNow();
                }
            } catch (InterruptedException interrupted) {
                thread.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void stop(StreamingQuery query) {
        try {
            query.stop();
        } catch (TimeoutException timeout) {
            LOG.warn("The query {} did not stop in time", query.id(), timeout);
        }
    }
}
