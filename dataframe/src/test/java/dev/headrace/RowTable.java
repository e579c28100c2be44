package dev.headrace;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.PayloadColumn;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// A table of rows in memory that takes every liberty that a scan has: it leaves out all rows that the pushed filters
/// exclude, all rows beyond the limit, and all columns and fields that were not asked for.
///
/// @param rows a cell per column
/// @param rowsPerSplit at most
record RowTable(String description, StructType schema, List<List<@Nullable Object>> rows, int rowsPerSplit)
        implements BatchTable {
    private static final EvalContext CONTEXT = new EvalContext(ZoneOffset.UTC, 0, 0);

    static RowTable of(String name, StructType schema, List<Row> rows) {
        List<List<@Nullable Object>> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(JavaValues.toCells(row, schema, name)));
        return new RowTable(name, schema, cells, 7);
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return true;
    }

    @Override
    public boolean decodes(PayloadDecoder decoder) {
        return true;
    }

    @Override
    public Scan scan(ScanRequest request) {
        List<List<@Nullable Object>> wanted = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            boolean passes =
                    request.filters().stream().allMatch(filter -> Interpreter.isTrue(filter, row::get, CONTEXT));
            if (passes && wanted.size() < request.limit().orElse(Long.MAX_VALUE)) {
                wanted.add(columns(row, request));
            }
        }
        List<Split> splits = new ArrayList<>();
        for (int from = 0; from < wanted.size(); from += rowsPerSplit) {
            List<List<@Nullable Object>> part = wanted.subList(from, Math.min(wanted.size(), from + rowsPerSplit));
            splits.add(allocator -> reader(request.outputSchema(), part, allocator));
        }
        return () -> splits;
    }

    private List<@Nullable Object> columns(List<@Nullable Object> row, ScanRequest request) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            cells.add(
                    switch (column) {
                        case ScanColumn.Stored(int ordinal, StructField field) ->
                            narrowed(row.get(ordinal), schema.field(ordinal).dataType(), field.dataType());
                        case ScanColumn.Decoded(int ordinal, PayloadDecoder decoder, StructField _) ->
                            decoded(row.get(ordinal), decoder);
                    });
        }
        return cells;
    }

    private static @Nullable Object narrowed(@Nullable Object cell, DataType full, DataType wanted) {
        if (cell == null || !(full instanceof StructType from) || !(wanted instanceof StructType to)) {
            return cell;
        }
        List<@Nullable Object> fields = new ArrayList<>();
        to.forEach(field -> {
            int at = from.fieldIndex(field.name());
            fields.add(narrowed(((List<?>) cell).get(at), from.field(at).dataType(), field.dataType()));
        });
        return fields;
    }

    private static @Nullable Object decoded(@Nullable Object payload, PayloadDecoder decoder) {
        return payload == null ? null : decoded(((Slice) payload).bytes(), decoder);
    }

    private static @Nullable Object decoded(byte[] payload, PayloadDecoder decoder) {
        try (BufferAllocator allocator = new RootAllocator();
                PayloadColumn column = decoder.open(ZoneOffset.UTC, allocator)) {
            column.decode(payload, 0, payload.length);
            try (FieldVector decoded = column.finish("decoded")) {
                return Cell.detach(Cell.read(decoded, 0));
            }
        }
    }

    private static ChunkReader reader(StructType schema, List<List<@Nullable Object>> rows, BufferAllocator allocator) {
        return new ChunkReader() {
            private boolean done;

            @Override
            public @Nullable Chunk next() {
                if (done) {
                    return null;
                }
                done = true;
                try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
                    rows.forEach(builder::add);
                    return builder.build();
                }
            }

            @Override
            public void close() {}
        };
    }
}
