package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.function.AggregateFunction;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.function.EvalContext;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.AggregateCall;
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

/// Runs an aggregate function over rows of known groups: at once, or in parts whose partial results are merged.
final class Groups {
    private final AggregateCall call;
    private final List<List<@Nullable Object>> arguments = new ArrayList<>();
    private final int[] slots;
    private final int groups;

    /// @param columns the columns of the rows, which are the function's first arguments
    /// @param constants further arguments
    /// @param slots the group of each row, from 0
    Groups(
            String function,
            StructType columns,
            List<BoundExpr> constants,
            List<? extends List<? extends @Nullable Object>> rows,
            int[] slots,
            int groups) {
        List<BoundExpr> given = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            StructField field = columns.field(i);
            given.add(new BoundExpr.Column(i, field.name(), field.dataType(), field.nullable()));
        }
        given.addAll(constants);
        call = FunctionRegistry.bindAggregate(function, given, false);
        EvalContext context = new EvalContext(ZoneOffset.UTC, 0, 0);
        for (List<? extends @Nullable Object> row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            for (BoundExpr argument : call.arguments()) {
                values.add(Interpreter.evaluate(argument, row::get, context));
            }
            arguments.add(values);
        }
        this.slots = slots;
        this.groups = groups;
    }

    DataType resultType() {
        return call.function().resultType();
    }

    AggregateFunction function() {
        return call.function();
    }

    /// The result of each group, all rows taken in at once.
    List<@Nullable Object> atOnce() {
        return inParts(new int[0]);
    }

    /// The result of each group, the rows cut at these positions. Each part has an accumulator of its own; their
    /// partial results, a few groups at a time and in reverse, are merged into a further one.
    List<@Nullable Object> inParts(int[] cuts) {
        try (BufferAllocator allocator = new RootAllocator();
                GroupAccumulator merged = call.function().newAccumulator(allocator)) {
            merged.resize(groups);
            int from = 0;
            for (int part = 0; part <= cuts.length; part++) {
                int to = part < cuts.length ? cuts[part] : arguments.size();
                try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
                    update(accumulator, from, to, allocator);
                    if (cuts.length == 0) {
                        return results(accumulator, allocator);
                    }
                    merge(accumulator, merged, allocator);
                }
                from = to;
            }
            return results(merged, allocator);
        }
    }

    private void update(GroupAccumulator accumulator, int from, int to, BufferAllocator allocator) {
        // Grows twice, as a hash table would.
        accumulator.resize(Math.max(1, groups / 2));
        accumulator.resize(groups);
        List<StructField> fields = new ArrayList<>();
        for (BoundExpr argument : call.arguments()) {
            fields.add(new StructField("a" + fields.size(), argument.type(), true));
        }
        int[] part = new int[to - from];
        try (ChunkBuilder builder = new ChunkBuilder(new StructType(fields), allocator)) {
            for (int i = from; i < to; i++) {
                builder.add(arguments.get(i));
                part[i - from] = slots[i];
            }
            try (Chunk chunk = builder.build()) {
                accumulator.update(chunk.columns(), part, part.length);
            }
        }
    }

    private void merge(GroupAccumulator from, GroupAccumulator into, BufferAllocator allocator) {
        int width = Math.max(1, groups / 3);
        for (int start = (groups - 1) / width * width; start >= 0; start -= width) {
            int count = Math.min(width, groups - start);
            List<FieldVector> partials = from.partials(start, count, allocator);
            int[] target = new int[count];
            for (int i = 0; i < count; i++) {
                target[i] = start + i;
            }
            into.merge(partials, target, count);
            partials.forEach(FieldVector::close);
        }
    }

    private List<@Nullable Object> results(GroupAccumulator accumulator, BufferAllocator allocator) {
        List<@Nullable Object> results = new ArrayList<>();
        for (int start = 0; start < groups; start += 2) {
            int count = Math.min(2, groups - start);
            try (FieldVector vector = accumulator.results(start, count, allocator)) {
                for (int i = 0; i < count; i++) {
                    results.add(Cell.detach(Cell.read(vector, i)));
                }
            }
        }
        return results;
    }
}
