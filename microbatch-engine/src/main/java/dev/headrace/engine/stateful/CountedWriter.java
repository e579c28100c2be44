package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts the entries that are looked up and those that are written, for the query's progress.
record CountedWriter(StateWriter state, LongAdder read, LongAdder written) implements StateWriter {
    @Override
    public Chunk lookup(Chunk keys) {
        read.add(keys.rowCount());
        return state.lookup(keys);
    }

    @Override
    public void upsert(Chunk keys, Chunk values) {
        written.add(keys.rowCount());
        state.upsert(keys, values);
    }

    @Override
    public void upsert(Chunk keys, Chunk values, long[] expiresAt) {
        written.add(keys.rowCount());
        state.upsert(keys, values, expiresAt);
    }

    @Override
    public void delete(Chunk keys) {
        written.add(keys.rowCount());
        state.delete(keys);
    }

    @Override
    public List<Chunk> takeExpired(long time) {
        List<Chunk> expired = state.takeExpired(time);
        expired.forEach(entries -> written.add(entries.rowCount()));
        return expired;
    }

    @Override
    public ChunkReader scan() {
        read.add(state.size());
        return state.scan();
    }

    @Override
    public long size() {
        return state.size();
    }

    @Override
    public long nextExpiry() {
        return state.nextExpiry();
    }

    @Override
    public StateVersion commit() {
        return state.commit();
    }

    @Override
    public void close() {
        state.close();
    }
}
