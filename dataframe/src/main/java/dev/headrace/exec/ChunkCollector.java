package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Keeps all chunks in memory, in the order of the splits. It owns them until [#take] or [#close].
public final class ChunkCollector implements StageSink, AutoCloseable {
    private final Map<Integer, List<Chunk>> bySplit = new ConcurrentSkipListMap<>();

    @Override
    public Task open(int split) {
        List<Chunk> chunks = new ArrayList<>();
        bySplit.put(split, chunks);
        return chunks::add;
    }

    /// The chunks, which are the caller's from now on.
    public List<Chunk> take() {
        List<Chunk> all = new ArrayList<>();
        bySplit.values().forEach(all::addAll);
        bySplit.clear();
        return all;
    }

    /// Runs a stage and gives its chunks, which the caller closes.
    public static List<Chunk> collect(Stage stage, RunContext run) {
        try (ChunkCollector collector = new ChunkCollector()) {
            stage.run(run, collector);
            return collector.take();
        }
    }

    @Override
    public void close() {
        for (List<Chunk> chunks : bySplit.values()) {
            Closing.all(chunks);
        }
        bySplit.clear();
    }
}
