package dev.headrace.engine.stateful;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import dev.headrace.state.RowLogWriter;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import dev.headrace.state.VersionWriter;
import dev.headrace.state.VersionedState;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The state of one stateful operator of a query, and the times it goes by in the batch that is running.
///
/// The trigger loop opens the store, begins and commits each batch; the operator uses the writer in between. What is
/// counted belongs to the batch that is running.
public final class OperatorState implements AutoCloseable {
    /// Microseconds before every event: a watermark that no row is late for.
    public static final long NO_WATERMARK = Long.MIN_VALUE;

    private final String name;
    private final StateSchema schema;
    private @Nullable VersionedState store;
    private @Nullable VersionWriter writer;
    private EventTimes times = new EventTimes(NO_WATERMARK, NO_WATERMARK);
    private final LongAdder updated = new LongAdder();
    private final LongAdder removed = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder taken = new LongAdder();
    private final LongAdder entered = new LongAdder();
    private final LongAdder left = new LongAdder();
    private final LongAdder read = new LongAdder();
    private final LongAdder written = new LongAdder();
    private long entriesBefore;
    private @Nullable LateRows lateRows;
    private long commitNanos;
    private StateVersion base = StateVersion.EMPTY;

    /// What the store holds, so that reading it costs nothing.
    private StateVersion held = StateVersion.EMPTY;
    private boolean processingTime;
    private boolean recalls;
    private List<List<@Nullable Object>> replaced = List.of();
    private CompletableFuture<Void> loading = CompletableFuture.completedFuture(null);
    private long nextDue = Long.MAX_VALUE;
    private long lastKnownExpiry = Long.MAX_VALUE;

    /// The watermarks of a batch.
    ///
    /// @param lateMicros rows that belong to what expired at or before this are late: it has been emitted
    /// @param expiryMicros what expires at or before this is emitted and forgotten in this batch
    public record EventTimes(long lateMicros, long expiryMicros) {}

    OperatorState(String name, StateSchema schema) {
        this.name = name;
        this.schema = schema;
    }

    /// The operator's name in a query's progress, such as `stateStoreSave`.
    public String name() {
        return name;
    }

    public StateSchema schema() {
        return schema;
    }

    /// Gives the operator its state, which is closed with this.
    public void attach(VersionedState opened) {
        store = opened;
        // What is due is known when the state has been read.
        nextDue = opened.latest().equals(StateVersion.EMPTY) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    /// Begins to read a version, on a thread of its own, so that a batch that begins with it needn't. What can't be
    /// read here can't be for the batch, which says so.
    public void load(StateVersion version) {
        VersionedState reading = store();
        loading = CompletableFuture.runAsync(
                () -> open(reading, version).close(),
                task -> Thread.ofVirtual().name("headrace-load-state").start(task));
    }

    /// What can't be read leaves the store empty.
    private VersionWriter open(VersionedState from, StateVersion version) {
        held = StateVersion.EMPTY;
        VersionWriter opened = from.write(version);
        held = version;
        return opened;
    }

    private void awaitLoaded() {
        loading.handle((_, failed) -> failed == null).join();
    }

    /// Begins a batch on the state that the batch before it has left.
    public void begin(StateVersion base, EventTimes eventTimes) {
        awaitLoaded();
        abort();
        updated.reset();
        removed.reset();
        late.reset();
        taken.reset();
        entered.reset();
        left.reset();
        read.reset();
        written.reset();
        commitNanos = 0;
        times = eventTimes;
        this.base = base;
        replaced = recalls && store().latest().compareTo(base) > 0 ? entries(base.next()) : List.of();
        writer = open(store(), base);
        entriesBefore = writer.size();
    }

    /// The entries expire by the batches' clock, in milliseconds, instead of by the watermark.
    void expireByProcessingTime() {
        processingTime = true;
    }

    /// A batch that is run again is to find what it has left here before.
    void recallReplaced() {
        recalls = true;
    }

    /// The entries that the batch left here when it was run before: keys and values. Empty if it was not, or was ended
    /// before its state was stored.
    List<List<@Nullable Object>> replaced() {
        return replaced;
    }

    private List<List<@Nullable Object>> entries(StateVersion version) {
        List<List<@Nullable Object>> entries = new ArrayList<>();
        try (StateReader reader = store().read(version);
                ChunkReader chunks = reader.scan()) {
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                try (Chunk rows = chunk) {
                    for (int row = 0; row < rows.rowCount(); row++) {
                        List<@Nullable Object> cells = new ArrayList<>(rows.columnCount());
                        for (int column = 0; column < rows.columnCount(); column++) {
                            cells.add(Cell.detach(Cell.read(rows.column(column), row)));
                        }
                        entries.add(cells);
                    }
                }
            }
        }
        return entries;
    }

    /// Whether an entry expires by the batches' clock, so that a batch without rows has something to do.
    public boolean isDue(long nowMillis) {
        return processingTime && nextDue <= nowMillis;
    }

    /// The version that the batch began with.
    StateVersion base() {
        return base;
    }

    /// Makes the batch's changes durable.
    public void commit() {
        long start = System.nanoTime();
        VersionWriter changes = begun();
        nextDue = processingTime ? changes.nextExpiry() : Long.MAX_VALUE;
        held = changes.commit();
        commitNanos = System.nanoTime() - start;
        abort();
    }

    /// Discards what has not been committed.
    public void abort() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private VersionWriter begun() {
        if (writer == null) {
            throw new IllegalStateException("operator " + name + " has no batch");
        }
        return writer;
    }

    /// Writes the batch's changes, of a state that is a map.
    StateWriter writer() {
        return new CountedWriter((StateWriter) begun(), read, written);
    }

    /// Writes the batch's changes, of a state that is a log of rows.
    RowLogWriter log() {
        return (RowLogWriter) begun();
    }

    EventTimes times() {
        return times;
    }

    void countUpdated(long rows) {
        updated.add(rows);
    }

    void countRemoved(long rows) {
        removed.add(rows);
    }

    /// Counts rows of the input that the operator takes in, late ones left out.
    void countTaken(long rows) {
        taken.add(rows);
    }

    /// Counts entries that the state has not had before.
    void countEntered(long entries) {
        entered.add(entries);
    }

    /// Counts entries that the state has no more.
    void countLeft(long entries) {
        left.add(entries);
    }

    /// Takes the entries that have expired out of the state, and counts that they have left.
    ///
    /// @return chunks that the caller closes
    List<Chunk> takeExpired(long time) {
        List<Chunk> expired = writer().takeExpired(time);
        expired.forEach(entries -> left.add(entries.rowCount()));
        return expired;
    }

    /// Late rows are to be kept until the batch ends.
    public void keepLate(LateRows rows) {
        lateRows = rows;
    }

    /// Counts rows that are left out, being late.
    ///
    /// @param schema the columns of the user's rows, the first ones of the chunk
    /// @param rows which rows of the chunk
    /// @param finalAt for each row of the chunk, when what it belongs to is final
    void late(Chunk chunk, StructType schema, int[] rows, long[] finalAt, long watermark) {
        late.add(rows.length);
        if (lateRows != null) {
            lateRows.add(name, chunk, schema, rows, finalAt, watermark);
        }
    }

    long takenRows() {
        return taken.sum();
    }

    /// How the entries of the state don't add up, if so: what was there, what came and what left must be what is there.
    Optional<String> imbalance() {
        long there = begun().size();
        if (entriesBefore + entered.sum() - left.sum() == there) {
            return Optional.empty();
        }
        return Optional.of("the state of " + name + " had " + entriesBefore + " entries, " + entered.sum() + " came, "
                + left.sum() + " left, and it has " + there);
    }

    public long updatedRows() {
        return updated.sum();
    }

    public long removedRows() {
        return removed.sum();
    }

    public long lateRows() {
        return late.sum();
    }

    /// The entries that were looked up, of a state that is a map.
    public long readEntries() {
        return read.sum();
    }

    /// The entries that were set or removed, of a state that is a map.
    public long writtenEntries() {
        return written.sum();
    }

    public long commitMillis() {
        return commitNanos / 1_000_000;
    }

    public VersionedState store() {
        return Optional.ofNullable(store)
                .orElseThrow(() -> new IllegalStateException("operator " + name + " has no store"));
    }

    /// When the next entry expires of the state that is in memory, in the unit of its times; empty if none does. Not
    /// while a batch runs.
    synchronized OptionalLong nextExpiry() {
        awaitLoaded();
        if (store != null && schema.expiring()) {
            try (VersionWriter reading = store.write(held)) {
                lastKnownExpiry = reading.nextExpiry();
            }
        }
        return lastKnownExpiry == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(lastKnownExpiry);
    }

    @Override
    public synchronized void close() {
        awaitLoaded();
        if (store != null) {
            List<AutoCloseable> all = List.of(this::abort, this::nextExpiry, store);
            try {
                Closing.all(all);
            } finally {
                store = null;
            }
        }
    }
}
