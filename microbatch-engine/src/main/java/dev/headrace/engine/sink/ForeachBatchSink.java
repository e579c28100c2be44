package dev.headrace.engine.sink;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamStart;
import dev.headrace.connector.StreamingSink;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.MemorySplit;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.OptionalLong;

/// Gives each batch to a function of the user's, which may see a batch twice after a crash; the batch's number tells.
public final class ForeachBatchSink implements StreamingSink {
    private final StreamStart.BatchFunction function;
    private final StructType schema;

    public ForeachBatchSink(StreamStart.BatchFunction function, StructType schema) {
        this.function = function;
        this.schema = schema;
    }

    @Override
    public OptionalLong lastCommitted() {
        return OptionalLong.empty();
    }

    @Override
    public SinkBatch begin(long batchId) {
        return new CollectedBatch(chunks -> call(chunks, batchId));
    }

    private void call(List<Chunk> chunks, long batchId) {
        try {
            function.call(new BatchRows(schema, chunks), batchId);
        } catch (HeadraceException coded) {
            throw coded;
        } catch (Exception thrown) {
            throw new QueryException(
                    "FOREACH_BATCH_FAILED",
                    "The function given to foreachBatch failed for batch " + batchId + " with "
                            + thrown.getClass().getName() + ": " + thrown.getMessage()
                            + ". The batch is not committed: it runs again when the query is started again.",
                    thrown);
        }
    }

    @Override
    public void stopping() {
        function.stopping();
    }

    @Override
    public void close() {}

    /// The batch as a table that can be read several times.
    private record BatchRows(StructType schema, List<Chunk> chunks) implements BatchTable {
        @Override
        public String description() {
            return "foreachBatch rows";
        }

        @Override
        public Scan scan(ScanRequest request) {
            int[] ordinals = request.columns().stream()
                    .mapToInt(column -> ((ScanRequest.ScanColumn.Stored) column).ordinal())
                    .toArray();
            return () -> List.of(allocator -> new MemorySplit(select(ordinals)).open(allocator));
        }

        private List<Chunk> select(int[] ordinals) {
            return chunks.stream().map(chunk -> chunk.select(ordinals)).toList();
        }
    }
}
