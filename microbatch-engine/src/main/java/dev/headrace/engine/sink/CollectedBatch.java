package dev.headrace.engine.sink;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.SinkBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A batch that is collected in memory, in the order of its tasks, and handed on as a whole when it is committed.
final class CollectedBatch implements SinkBatch {
    private final Map<Integer, List<Chunk>> byTask = new TreeMap<>();
    private final Receiver receiver;

    /// Takes the rows of a batch.
    interface Receiver {
        /// @param chunks borrowed
        void receive(List<Chunk> chunks);
    }

    CollectedBatch(Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public TaskWriter openTask(int task) {
        List<Chunk> chunks = new ArrayList<>();
        synchronized (byTask) {
            byTask.put(task, chunks);
        }
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                chunks.add(rows.slice(0, rows.rowCount()));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Map<String, Long> commit() {
        List<Chunk> all = new ArrayList<>();
        synchronized (byTask) {
            byTask.values().forEach(all::addAll);
        }
        receiver.receive(all);
        return Map.of();
    }

    @Override
    public void close() {
        synchronized (byTask) {
            byTask.values().forEach(chunks -> Closing.all(chunks));
            byTask.clear();
        }
    }
}
