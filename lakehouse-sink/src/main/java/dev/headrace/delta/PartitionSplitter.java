package dev.headrace.delta;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.delta.log.PartitionValue;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Splits chunks by the values of the partition columns. Used by one thread.
///
/// Rows are told apart by their keys' bytes. Runs of one key are the rule, so a row is first compared with the one
/// before it. The rows of a partition keep their order.
final class PartitionSplitter {
    private final StructType partitionColumns;
    private final RowLayout layout;

    PartitionSplitter(StructType partitionColumns) {
        this.partitionColumns = partitionColumns;
        layout = new RowLayout(
                partitionColumns.fieldList().stream().map(StructField::dataType).toList());
    }

    /// Takes the rows of one partition of a chunk.
    interface Output {
        /// @param values for each partition column its value as the log writes it
        /// @param rows borrowed
        void accept(Map<String, @Nullable String> values, Chunk rows);
    }

    /// @param keys the partition columns
    /// @param rows the other columns
    void split(Chunk keys, Chunk rows, BufferAllocator allocator, Output out) {
        int[] groupOf = new int[rows.rowCount()];
        List<Integer> firstRows = group(keys, groupOf, allocator);
        if (firstRows.size() == 1) {
            out.accept(values(keys, 0), rows);
            return;
        }
        int[] ends = new int[firstRows.size()];
        int[] ordered = order(groupOf, ends);
        for (int group = 0, from = 0; group < ends.length; from = ends[group++]) {
            try (Chunk part = Columns.gather(rows, ordered, from, ends[group] - from, allocator)) {
                out.accept(values(keys, firstRows.get(group)), part);
            }
        }
    }

    /// Numbers the groups by first appearance.
    ///
    /// @return the first row of each group
    private List<Integer> group(Chunk keys, int[] groupOf, BufferAllocator allocator) {
        List<Integer> firstRows = new ArrayList<>();
        Map<Slice, Integer> groups = new HashMap<>();
        try (RowEncoder encoder = new RowEncoder(layout, allocator)) {
            encoder.encode(keys.columns(), keys.rowCount());
            for (int row = 0; row < groupOf.length; row++) {
                if (row > 0 && sameKey(encoder, row, row - 1)) {
                    groupOf[row] = groupOf[row - 1];
                    continue;
                }
                Slice key = Slice.at(encoder.address(row), encoder.length(row));
                @Nullable Integer known = groups.putIfAbsent(key, firstRows.size());
                if (known == null) {
                    groupOf[row] = firstRows.size();
                    firstRows.add(row);
                } else {
                    groupOf[row] = known;
                }
            }
        }
        return firstRows;
    }

    private static boolean sameKey(RowEncoder encoder, int row, int other) {
        int length = encoder.length(row);
        return length == encoder.length(other)
                && Memory.equal(null, encoder.address(row), null, encoder.address(other), length);
    }

    /// The rows' indexes, group by group; `ends` receives where each group ends.
    private static int[] order(int[] groupOf, int[] ends) {
        for (int group : groupOf) {
            ends[group]++;
        }
        int[] next = new int[ends.length];
        for (int group = 1; group < ends.length; group++) {
            next[group] = ends[group - 1];
            ends[group] += ends[group - 1];
        }
        int[] ordered = new int[groupOf.length];
        for (int row = 0; row < groupOf.length; row++) {
            ordered[next[groupOf[row]]++] = row;
        }
        return ordered;
    }

    private Map<String, @Nullable String> values(Chunk keys, int row) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (int i = 0; i < partitionColumns.size(); i++) {
            StructField field = partitionColumns.field(i);
            values.put(field.name(), PartitionValue.write(Cell.read(keys.column(i), row), field.dataType()));
        }
        return values;
    }
}
