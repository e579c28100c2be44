package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Columns;
import dev.headrace.plan.GroupCall;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The input's columns, and behind them those of the key that a function of the program makes of each row.
///
/// @param ofInput which of the function's inputs it is
/// @param rowColumns how many of the columns the function sees
public record KeyColumns(PhysicalPlan input, GroupCall call, int ofInput, int rowColumns)
        implements PhysicalPlan.Custom {
    /// The columns of the key.
    public StructType keys() {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : call.keySchema()) {
            fields.add(new StructField("key" + fields.size(), field.dataType(), true));
        }
        return new StructType(fields);
    }

    @Override
    public StructType schema() {
        List<StructField> fields = new ArrayList<>(input.schema().fieldList());
        fields.addAll(keys().fieldList());
        return new StructType(fields);
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "KeyColumns of " + call.name();
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        StructType schema = schema();
        StructType keys = keys();
        return run -> below.open(run).then(() -> new Append(this, schema, keys, run.allocator()));
    }

    private static final class Append implements Operator {
        private final KeyColumns node;
        private final StructType schema;
        private final StructType keys;
        private final BufferAllocator allocator;

        Append(KeyColumns node, StructType schema, StructType keys, BufferAllocator allocator) {
            this.node = node;
            this.schema = schema;
            this.keys = keys;
            this.allocator = allocator;
        }

        @Override
        public void process(Chunk chunk, Output out) {
            try (ChunkBuilder builder = new ChunkBuilder(keys, allocator)) {
                for (List<@Nullable Object> row : GroupRows.rows(chunk)) {
                    builder.add(node.call().key(node.ofInput(), row.subList(0, node.rowColumns())));
                }
                try (Chunk keyRows = builder.build()) {
                    int before = chunk.columnCount();
                    List<FieldVector> columns =
                            Columns.make(schema.size(), i -> i < before ? chunk.share(i) : keyRows.share(i - before));
                    out.accept(new Chunk(schema, columns, chunk.rowCount()));
                }
            }
        }
    }
}
