package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.connector.ChunkReader;
import dev.headrace.function.CellOrder;
import dev.headrace.plan.GroupCall;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.util.AutoCloseables;
import org.jspecify.annotations.Nullable;

/// Calls a function of the program for one key after the other, with the rows that each of sorted inputs has for it,
/// and gives what it makes of them. Owns the inputs.
final class GroupReader implements ChunkReader {
    private final List<SortedGroups> inputs;
    private final Function function;
    private final RunContext run;
    private final ChunkBuilder builder;
    private GroupCall.@Nullable Results results;

    /// What is called for each key.
    interface Function {
        /// @param rows for each input those of the key
        GroupCall.Results call(List<@Nullable Object> key, List<Iterator<List<@Nullable Object>>> rows);
    }

    /// @param schema of what the function gives
    GroupReader(List<SortedGroups> inputs, Function function, StructType schema, RunContext run) {
        this.inputs = inputs;
        this.function = function;
        this.run = run;
        this.builder = new ChunkBuilder(schema, run.allocator());
    }

    @Override
    public @Nullable Chunk next() {
        while (builder.rowCount() < Chunk.TARGET_ROWS) {
            if (results == null) {
                run.checkCancelled();
                results = callNext();
            }
            if (results == null) {
                break;
            }
            List<@Nullable Object> row = nextOf(results);
            if (row == null) {
                results = null;
            } else {
                builder.add(row);
            }
        }
        return builder.rowCount() == 0 ? null : builder.build();
    }

    private GroupCall.@Nullable Results callNext() {
        List<@Nullable Object> least = null;
        for (SortedGroups input : inputs) {
            List<@Nullable Object> next = input.next();
            if (next != null && (least == null || CellOrder.compareCells(next, least) < 0)) {
                least = next;
            }
        }
        if (least == null) {
            return null;
        }
        List<@Nullable Object> key = List.of();
        List<Iterator<List<@Nullable Object>>> rows = new ArrayList<>();
        for (SortedGroups input : inputs.reversed()) {
            List<@Nullable Object> next = input.next();
            if (next != null && CellOrder.compareCells(next, least) == 0) {
                key = input.key();
                rows.addFirst(input.rows());
            } else {
                rows.addFirst(Collections.emptyIterator());
            }
        }
        try {
            return function.call(key, rows);
        } finally {
            checkRead();
        }
    }

    private @Nullable List<@Nullable Object> nextOf(GroupCall.Results from) {
        try {
            return from.next();
        } finally {
            checkRead();
        }
    }

    private void checkRead() {
        inputs.forEach(SortedGroups::checkRead);
    }

    @Override
    public void close() {
        builder.close();
        try {
            AutoCloseables.close(inputs);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
