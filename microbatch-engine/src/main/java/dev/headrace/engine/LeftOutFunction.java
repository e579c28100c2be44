package dev.headrace.engine;

import dev.headrace.connector.StreamStart;
import dev.headrace.engine.log.BatchId;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function of the program that is given the rows that batches leave out.
///
/// It is given a batch once in a run, as a sink is: where something that comes after it can't be reached, the batch is
/// tried again without it.
final class LeftOutFunction {
    private final String method;
    private final String code;
    private final StructType schema;
    private final Optional<StreamStart.LateRowsFunction> function;
    private Optional<BatchId> last = Optional.empty();

    /// @param method what the program has given it to
    /// @param code of the error if it fails
    LeftOutFunction(String method, String code, StructType schema, Optional<StreamStart.LateRowsFunction> function) {
        this.method = method;
        this.code = code;
        this.schema = schema;
        this.function = function;
    }

    void give(List<List<@Nullable Object>> rows, BatchId batch) {
        if (rows.isEmpty() || last.equals(Optional.of(batch))) {
            return;
        }
        try {
            function.orElseThrow().call(schema, rows, batch.value());
        } catch (HeadraceException coded) {
            throw coded;
        } catch (Exception thrown) {
            throw new QueryException(
                    code,
                    "The function given to " + method + " failed for batch " + batch + " with "
                            + thrown.getClass().getName() + ": " + thrown.getMessage()
                            + ". The batch is not committed: it runs again when the query is started again.",
                    thrown);
        }
        last = Optional.of(batch);
    }
}
