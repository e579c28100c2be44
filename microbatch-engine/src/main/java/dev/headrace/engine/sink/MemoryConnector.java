package dev.headrace.engine.sink;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.RowTable;
import java.util.List;
import java.util.OptionalLong;

/// `format("memory")`: keeps the rows in a table of the session that is called as the query: `session.table(name)`. In
/// complete mode it holds the last batch, else all of them. For tests and trials: it all stays in memory.
public final class MemoryConnector implements Connector.StreamWritable {
    @Override
    public String format() {
        return "memory";
    }

    @Override
    public boolean needsCheckpoint() {
        return false;
    }

    @Override
    public StreamingSink openSink(ConnectorOptions options, StreamWriteRequest request) {
        options.checkKnown(List.of());
        String name = request.queryName()
                .orElseThrow(() -> new QueryException(
                        "MISSING_QUERY_NAME",
                        "writeStream().format(\"memory\") needs queryName(\"…\"): it is the name of the table that holds the "
                                + "rows."));
        RowTable table = new RowTable(name, request.schema());
        request.tables().put(name, table);
        return new Sink(table, request.outputMode() == StreamWriteRequest.OutputKind.COMPLETE);
    }

    private static final class Sink implements StreamingSink {
        private final RowTable table;
        private final boolean replaces;
        private long last = -1;

        Sink(RowTable table, boolean replaces) {
            this.table = table;
            this.replaces = replaces;
        }

        @Override
        public OptionalLong lastCommitted() {
            return last < 0 ? OptionalLong.empty() : OptionalLong.of(last);
        }

        @Override
        public SinkBatch begin(long batchId) {
            return new CollectedBatch(chunks -> {
                if (batchId <= last) {
                    return;
                }
                if (replaces) {
                    table.replace(BatchCells.of(chunks, Long.MAX_VALUE));
                } else {
                    table.add(BatchCells.of(chunks, Long.MAX_VALUE));
                }
                last = batchId;
            });
        }

        @Override
        public void close() {}
    }
}
