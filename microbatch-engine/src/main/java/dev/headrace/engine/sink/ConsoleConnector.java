package dev.headrace.engine.sink;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.text.CellText;
import dev.headrace.text.TextTable;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// `format("console")`: prints each batch as a table to standard output.
///
/// Options: `numRows` (20), how many rows of a batch are printed; `truncate` (true), whether texts are cut to 20
/// characters.
public final class ConsoleConnector implements Connector.StreamWritable {
    private static final String LINE = "-------------------------------------------";

    @Override
    public String format() {
        return "console";
    }

    @Override
    public boolean needsCheckpoint() {
        return false;
    }

    @Override
    public StreamingSink openSink(ConnectorOptions options, StreamWriteRequest request) {
        options.checkKnown(List.of("numRows", "truncate"));
        long rows = options.number("numRows").orElse(20L);
        int width = options.flag("truncate", true) ? 20 : 0;
        return new Sink(request.schema(), options.session().zone(), rows, width);
    }

    private record Sink(StructType schema, ZoneId zone, long numRows, int width) implements StreamingSink {
        @Override
        public OptionalLong lastCommitted() {
            return OptionalLong.empty();
        }

        @Override
        public SinkBatch begin(long batchId) {
            return new CollectedBatch(chunks -> print(batchId, chunks));
        }

        private void print(long batchId, List<Chunk> chunks) {
            CellText text = new CellText(zone);
            List<List<String>> rows = new ArrayList<>();
            for (List<@Nullable Object> cells : BatchCells.of(chunks, numRows)) {
                List<String> row = new ArrayList<>(cells.size());
                for (int i = 0; i < cells.size(); i++) {
                    row.add(text.of(cells.get(i), schema.field(i).dataType()));
                }
                rows.add(row);
            }
            long count = chunks.stream().mapToLong(Chunk::rowCount).sum();
            String more = count > rows.size() ? "only showing top " + rows.size() + " rows\n" : "";
            System.out.println(LINE + "\nBatch: " + batchId + "\n" + LINE + "\n"
                    + new TextTable(schema.names(), rows, width).horizontal() + more);
        }

        @Override
        public void close() {}
    }
}
