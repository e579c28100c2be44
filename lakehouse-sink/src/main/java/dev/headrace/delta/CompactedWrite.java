package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import dev.headrace.delta.log.AddFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A write that tells the compactor of its table what it has committed.
final class CompactedWrite implements SinkBatch {
    private final TableWrite write;
    private final boolean onlyAdds;
    private final Compactor compactor;
    private volatile @Nullable BufferAllocator root;

    CompactedWrite(TableWrite write, WriteKind kind, Compactor compactor) {
        this.write = write;
        this.onlyAdds = kind == WriteKind.APPEND;
        this.compactor = compactor;
    }

    @Override
    public TaskWriter openTask(int task) {
        TaskWriter writer = write.openTask(task);
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                if (rows.rowCount() > 0) {
                    root = rows.column(0).getAllocator().getRoot();
                }
                writer.write(rows);
            }

            @Override
            public void close() {
                writer.close();
            }

            @Override
            public void abort() {
                writer.abort();
            }
        };
    }

    @Override
    public Map<String, Long> commit() {
        Map<String, Long> metrics = write.commit();
        List<AddFile> added = write.added();
        BufferAllocator memory = root;
        if (!added.isEmpty() && memory != null) {
            compactor.wrote(onlyAdds ? Optional.of(added) : Optional.empty(), memory);
        }
        return metrics;
    }

    @Override
    public void close() {
        write.close();
    }
}
