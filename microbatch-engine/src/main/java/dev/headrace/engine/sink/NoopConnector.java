package dev.headrace.engine.sink;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// `format("noop")`: runs the query in full and keeps no row, for measuring.
public final class NoopConnector implements Connector.StreamWritable, Connector.BatchWritable {
    @Override
    public String format() {
        return "noop";
    }

    @Override
    public StreamingSink openSink(ConnectorOptions options, StreamWriteRequest request) {
        options.checkKnown(List.of());
        return new StreamingSink() {
            @Override
            public OptionalLong lastCommitted() {
                return OptionalLong.empty();
            }

            @Override
            public SinkBatch begin(long batchId) {
                return new Uncounted();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public SinkBatch beginWrite(ConnectorOptions options, SaveMode mode, StructType schema) {
        options.checkKnown(List.of());
        return new DiscardedBatch();
    }

    /// A batch that goes nowhere; the query counts what it would have written.
    private static final class Uncounted implements SinkBatch {
        private final DiscardedBatch discarded = new DiscardedBatch();

        @Override
        public TaskWriter openTask(int task) {
            return discarded.openTask(task);
        }

        @Override
        public Map<String, Long> commit() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
