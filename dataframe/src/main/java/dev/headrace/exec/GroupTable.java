package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.RowLayout;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// Groups and their accumulators. Used by one thread; owns its memory until [#close].
///
/// Rows come as they are ([#update]) or as partial results of another table ([#merge]).
public final class GroupTable implements AutoCloseable {
    /// What the table of keys may need for each when it grows: its arrays twice as long beside those that it has.
    static final long GROWTH_BYTES_PER_KEY = 64;

    /// What an accumulator may have on the heap for a group, with room to grow.
    private static final long HEAP_BYTES_PER_VALUE = 16;

    /// A chunk of large groups has no more of them than take about so many bytes.
    private static final long MOST_CHUNK_BYTES = 16 << 20;

    private final GroupLayout layout;
    private final BufferAllocator memory;
    private final KeyTable keys;
    private final List<GroupAccumulator> accumulators = new ArrayList<>();
    private int[] slots = new int[0];
    /// By aggregate, the bytes of all that it was given.
    private final long[] valueBytes;

    public GroupTable(GroupLayout layout, BufferAllocator allocator) {
        this(layout, 0, allocator);
    }

    /// @param expected about how many groups there will be
    GroupTable(GroupLayout layout, int expected, BufferAllocator allocator) {
        this.layout = layout;
        this.memory = allocator.newChildAllocator("groups", 0, Long.MAX_VALUE);
        try {
            this.keys = new KeyTable(new RowLayout(layout.keyTypes()), expected, memory);
        } catch (Throwable failed) {
            memory.close();
            throw failed;
        }
        this.valueBytes = new long[layout.aggregates().size()];
        try {
            for (AggregateCall call : layout.aggregates()) {
                accumulators.add(call.function().newAccumulator(memory));
            }
            if (layout.keys().length == 0) {
                slots = new int[] {0};
                keys.assign(List.of(), 1, slots);
                accumulators.forEach(accumulator -> accumulator.resize(1));
            }
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    public int groupCount() {
        return keys.slotCount();
    }

    /// About how much memory the table has, its part of the heap included, and will have when it has grown once more.
    long bytes() {
        return memory.getAllocatedMemory() + GROWTH_BYTES_PER_KEY * groupCount() + heapBytes();
    }

    /// About how much of the heap the table has.
    long heapBytes() {
        long bytes = groupCount() * HEAP_BYTES_PER_VALUE * accumulators.size();
        for (int a = 0; a < valueBytes.length; a++) {
            bytes += layout.aggregates().get(a).function().heapBytes(groupCount(), valueBytes[a])
                    + accumulators.get(a).heapBytes();
        }
        return bytes;
    }

    /// Takes in input rows.
    ///
    /// @param input borrowed; has the columns that the layout names
    public void update(Chunk input) {
        update(input, layout.all());
    }

    /// The same for some of the aggregates.
    ///
    /// @param input borrowed; has the columns that the intake and its aggregates name
    void update(Chunk input, GroupLayout.Intake intake) {
        assign(pick(input, intake.keys()), input.rowCount());
        for (int a : intake.aggregates()) {
            AggregateCall call = layout.aggregates().get(a);
            count(a, arguments(call, input));
            update(accumulators.get(a), call, input, slots);
        }
    }

    private static List<FieldVector> arguments(AggregateCall call, Chunk input) {
        List<FieldVector> arguments = new ArrayList<>();
        for (BoundExpr argument : call.arguments()) {
            arguments.add(input.column(((BoundExpr.Column) argument).ordinal()));
        }
        return arguments;
    }

    /// Takes rows in for one aggregate.
    ///
    /// @param input borrowed
    /// @param slots the slot of each row
    static void update(GroupAccumulator accumulator, AggregateCall call, Chunk input, int[] slots) {
        List<FieldVector> arguments = arguments(call, input);
        if (call.filter().isPresent()) {
            updateFiltered(
                    accumulator, arguments, (BoundExpr.Column) call.filter().get(), input, slots);
        } else {
            accumulator.update(arguments, slots, input.rowCount());
        }
    }

    private void count(int aggregate, List<FieldVector> values) {
        values.forEach(value -> valueBytes[aggregate] += value.getBufferSize());
    }

    private static void updateFiltered(
            GroupAccumulator accumulator,
            List<FieldVector> arguments,
            BoundExpr.Column filter,
            Chunk input,
            int[] slots) {
        BitVector condition = (BitVector) input.column(filter.ordinal());
        int[] rows = new int[input.rowCount()];
        int[] kept = new int[input.rowCount()];
        int count = 0;
        for (int i = 0; i < input.rowCount(); i++) {
            if (!condition.isNull(i) && condition.get(i) != 0) {
                rows[count] = i;
                kept[count++] = slots[i];
            }
        }
        List<FieldVector> filtered = new ArrayList<>();
        try {
            for (FieldVector argument : arguments) {
                filtered.add(dev.headrace.chunk.Columns.gather(argument, rows, 0, count, argument.getAllocator()));
            }
            accumulator.update(filtered, kept, count);
        } finally {
            Closing.all(filtered);
        }
    }

    /// Takes in partial results: the keys, followed by the partial fields of each aggregate.
    ///
    /// @param partials borrowed
    public void merge(Chunk partials) {
        int[] keyOrdinals = new int[layout.keys().length];
        java.util.Arrays.setAll(keyOrdinals, i -> i);
        assign(pick(partials, keyOrdinals), partials.rowCount());
        int column = keyOrdinals.length;
        for (int a = 0; a < accumulators.size(); a++) {
            int width = layout.partialWidth(a);
            count(a, partials.columns().subList(column, column + width));
            accumulators.get(a).merge(partials.columns().subList(column, column + width), slots, partials.rowCount());
            column += width;
        }
    }

    private void assign(List<FieldVector> columns, int rows) {
        if (slots.length < rows) {
            slots = new int[rows];
        }
        int before = keys.slotCount();
        keys.assign(columns, rows, slots);
        if (keys.slotCount() > before) {
            accumulators.forEach(accumulator -> accumulator.resize(keys.slotCount()));
        }
    }

    private static List<FieldVector> pick(Chunk input, int[] ordinals) {
        List<FieldVector> columns = new ArrayList<>(ordinals.length);
        for (int ordinal : ordinals) {
            columns.add(input.column(ordinal));
        }
        return columns;
    }

    /// All groups as partial results, in chunks that the caller closes.
    public List<Chunk> partials(BufferAllocator allocator) {
        return all((table, from, target) -> table.partials(from, target), allocator);
    }

    /// Some groups from `from` on as partial results, in a chunk that the caller closes.
    Chunk partials(int from, BufferAllocator allocator) {
        return partials(from, countFrom(from), allocator);
    }

    /// Some groups from `from` on as partial results, in a chunk that the caller closes.
    ///
    /// @param most how many at most
    Chunk partials(int from, int most, BufferAllocator allocator) {
        int count = Math.min(most, groupCount() - from);
        List<FieldVector> columns = new ArrayList<>(keys.keys(from, count, layout.keySchema(), allocator));
        try {
            for (GroupAccumulator accumulator : accumulators) {
                columns.addAll(accumulator.partials(from, count, allocator));
            }
            return new Chunk(layout.partialSchema(), columns, count);
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    /// The hash of a group's key.
    long hash(int group) {
        return keys.hash(group);
    }

    /// All groups with their results, in chunks that the caller closes.
    public List<Chunk> results(StructType schema, BufferAllocator allocator) {
        return all((table, from, target) -> table.results(from, schema, target), allocator);
    }

    /// What is given of groups.
    interface Giving {
        /// Some groups from `from` on, at least one, in a chunk that the caller closes.
        Chunk give(GroupTable table, int from, BufferAllocator allocator);
    }

    /// What is given of all groups, in chunks that the caller closes.
    List<Chunk> all(Giving giving, BufferAllocator allocator) {
        List<Chunk> chunks = new ArrayList<>();
        try {
            for (int from = 0; from < groupCount(); from += chunks.getLast().rowCount()) {
                Cancellation.checkThread();
                chunks.add(giving.give(this, from, allocator));
            }
            return chunks;
        } catch (Throwable failed) {
            Closing.all(chunks);
            throw failed;
        }
    }

    /// How many groups from `from` on a chunk has.
    private int countFrom(int from) {
        long few = MOST_CHUNK_BYTES / (bytes() / Math.max(1, groupCount()) + 1);
        return Math.min(Math.clamp(few, 1, Chunk.TARGET_ROWS), groupCount() - from);
    }

    /// Some groups from `from` on with their results, in a chunk that the caller closes.
    Chunk results(int from, StructType schema, BufferAllocator allocator) {
        int count = countFrom(from);
        List<FieldVector> columns = new ArrayList<>(keys.keys(from, count, layout.keySchema(), allocator));
        return withResults(columns, from, count, schema, allocator);
    }

    /// Some groups from `from` on as partial results, with their results behind these, in a chunk that the caller
    /// closes.
    Chunk partialsAndResults(int from, StructType schema, BufferAllocator allocator) {
        int count = countFrom(from);
        Chunk partials = partials(from, count, allocator);
        return withResults(new ArrayList<>(partials.columns()), from, count, schema, allocator);
    }

    /// @param columns which the chunk takes over
    private Chunk withResults(
            List<FieldVector> columns, int from, int count, StructType schema, BufferAllocator allocator) {
        try {
            for (GroupAccumulator accumulator : accumulators) {
                columns.add(accumulator.results(from, count, allocator));
            }
            return new Chunk(schema, columns, count);
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    @Override
    public void close() {
        Closing.all(accumulators);
        // What they had on the heap may be what it has run out of: to close the rest needs some.
        accumulators.clear();
        keys.close();
        memory.close();
    }
}
