package dev.headrace.delta;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.delta.cdc.ChangeBatch;
import dev.headrace.delta.cdc.Tombstones;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.TaskPool;
import dev.headrace.function.CellOrder;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/// A batch of changes that is being applied to a version of a table, and what it takes for that.
///
/// @param keys gives the key of each slot of the batch, as [Tombstones] knows keys
/// @param keyRange what all keys of the batch satisfy
record ChangeTask(
        TableTarget base,
        ChangeColumns columns,
        ChangeBatch batch,
        Supplier<Slice[]> keys,
        List<BoundExpr> keyRange,
        Tombstones tombstones,
        ChangeLayout layout,
        TaskPool tasks,
        ParquetFooters footers,
        ZoneId zone,
        BufferAllocator allocator) {
    /// Takes rows of the table, some of whose keys are in the batch. Called by several threads.
    interface Found {
        /// @param slots each row's key's, or [KeyTable#ABSENT]; borrowed
        /// @param rows the keys and the columns that were asked for; borrowed
        /// @param places where the rows lie in the file
        void accept(int[] slots, Chunk rows, int file, BigIntVector places);
    }

    /// What is remembered of the key of a slot.
    List<Tombstones.Mark> marksOf(int slot) {
        return tombstones.isEmpty() ? List.of() : tombstones.of(keyOf(slot));
    }

    /// The key of a slot, as [Tombstones] knows keys.
    Slice keyOf(int slot) {
        return keys.get()[slot];
    }

    /// Begins to write the table, looking at the files that may have rows of the batch's keys.
    Rewrite begin() {
        return new Rewrite(base, filter(), zone, footers);
    }

    private FileFilter filter() {
        List<BoundExpr> predicates = batch.lastTruncation().isPresent() ? List.of() : keyRange;
        return ColumnMapping.filter(base.metadataToWrite(), predicates, zone);
    }

    /// What all keys of a batch satisfy: each column is between its least and largest value.
    static List<BoundExpr> keyRange(ChangeColumns columns, Chunk slotKeys) {
        List<BoundExpr> predicates = new ArrayList<>();
        for (int key = 0; key < columns.keys().length; key++) {
            @Nullable Object min = null;
            @Nullable Object max = null;
            FieldVector values = slotKeys.column(key);
            for (int slot = 0; slot < slotKeys.rowCount(); slot++) {
                Object value = Cell.read(values, slot);
                if (value == null) {
                    continue;
                }
                min = min == null || CellOrder.compareCells(value, min) < 0 ? value : min;
                max = max == null || CellOrder.compareCells(value, max) > 0 ? value : max;
            }
            int ordinal = columns.keys()[key];
            dev.headrace.types.StructField field = columns.table().field(ordinal);
            BoundExpr column = new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
            if (min != null && max != null) {
                predicates.add(bound(CompareOp.GREATER_OR_EQUAL, column, min));
                predicates.add(bound(CompareOp.LESS_OR_EQUAL, column, max));
            }
        }
        return predicates;
    }

    private static BoundExpr bound(CompareOp op, BoundExpr column, Object value) {
        return new BoundExpr.Compare(op, column, new BoundExpr.Literal(new Scalar(Cell.detach(value), column.type())));
    }

    /// Reads the keys of the files that may have the batch's, and some columns, in parallel.
    ///
    /// @param more ordinals of the table's columns
    /// @param everyRow whether rows of other keys are wanted, too
    void probe(Rewrite rewrite, int[] more, boolean everyRow, Found found) {
        TableVersion version = rewrite.version();
        StructType schema = version.schema();
        List<ScanColumn> wanted = new ArrayList<>();
        for (int ordinal : columns.keys()) {
            wanted.add(new ScanColumn.Stored(ordinal, schema.field(ordinal)));
        }
        for (int ordinal : more) {
            wanted.add(new ScanColumn.Stored(ordinal, schema.field(ordinal)));
        }
        wanted.add(new ScanColumn.Stored(columns.table().size(), TableVersion.FILE));
        wanted.add(new ScanColumn.Stored(columns.table().size() + 1, TableVersion.ROW));
        List<BoundExpr> filters = everyRow ? List.of() : keyRange;
        List<Split> splits = version.scan(new ScanRequest(wanted, filters, java.util.OptionalLong.empty()))
                .splits();
        tasks.run(splits.size(), split -> probe(splits.get(split), more.length, everyRow, found));
    }

    private void probe(Split split, int more, boolean everyRow, Found found) {
        int keyCount = columns.keys().length;
        try (ChunkReader reader = split.open(allocator);
                KeyTable.Finder finder = batch.finder(allocator)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk rows = chunk) {
                    if (rows.rowCount() == 0) {
                        continue;
                    }
                    int[] slots = finder.find(rows.columns().subList(0, keyCount), rows.rowCount());
                    int file = ((IntVector) rows.column(keyCount + more)).get(0);
                    BigIntVector places = (BigIntVector) rows.column(keyCount + more + 1);
                    if (everyRow || isAnyKnown(slots, rows.rowCount())) {
                        found.accept(slots, rows, file, places);
                    }
                }
            }
        }
    }

    private static boolean isAnyKnown(int[] slots, int count) {
        for (int row = 0; row < count; row++) {
            if (slots[row] != KeyTable.ABSENT) {
                return true;
            }
        }
        return false;
    }

    /// The place of a row as a number, for maps.
    static long placeOf(int file, long row) {
        return (long) file << 40 | row;
    }
}
