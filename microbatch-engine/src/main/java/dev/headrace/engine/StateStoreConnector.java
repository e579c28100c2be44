package dev.headrace.engine;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.Table;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.CheckpointHistory;
import dev.headrace.engine.log.Driver;
import dev.headrace.engine.log.RunId;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `format("statestore")`: the state that a batch of a streaming query has left, as a table. Options as in Spark's
/// state data source: the path is the checkpoint; `batchId`, the newest committed batch by default; `operatorId`, the
/// stateful operator in the order of the plan, 0 by default.
public final class StateStoreConnector implements Connector.BatchReadable {
    private static final String BATCH = "batchId";
    private static final String OPERATOR = "operatorId";

    @Override
    public String format() {
        return "statestore";
    }

    @Override
    public Table openTable(ConnectorOptions options) {
        options.checkKnown(List.of(BATCH, OPERATOR, "path"));
        if (options.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"statestore\") gives the columns key, value and partition_id. Leave schema(…) out.");
        }
        Path checkpoint = Path.of(options.singlePath());
        CheckpointHistory history =
                CheckpointHistory.open(checkpoint, Driver.ofThisProcess(RunId.random(), Instant.EPOCH));
        BatchId last = history.lastCommitted()
                .orElseThrow(() -> new QueryException(
                        "NO_COMMITTED_BATCH", checkpoint + ": no batch has been committed yet, so there is no state."));
        BatchId batch = options.number(BATCH)
                .map(number -> batch(number, last, options))
                .orElse(last);
        int operators = operators(checkpoint);
        long operator = options.number(OPERATOR).orElse(0L);
        if (operator < 0 || operator >= operators) {
            throw new QueryException(
                    "NO_SUCH_STATE",
                    checkpoint + ": there is no state of operator " + operator + ". "
                            + (operators == 0
                                    ? "The query has no stateful operator."
                                    : "Operators with state: 0 to " + (operators - 1) + "."));
        }
        return new StateStoreTable(checkpoint, (int) operator, batch, StateBackends.of(Map.of()));
    }

    private static BatchId batch(long number, BatchId last, ConnectorOptions options) {
        if (number < 0 || number > last.value()) {
            throw options.invalid(BATCH, "a committed batch, 0 to " + last);
        }
        return new BatchId(number);
    }

    private static int operators(Path checkpoint) {
        Path state = checkpoint.resolve("state");
        if (!Files.isDirectory(state)) {
            return 0;
        }
        try (Stream<Path> folders = Files.list(state)) {
            return (int) folders.filter(Files::isDirectory).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
