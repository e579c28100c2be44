package dev.headrace.parquet.metadata;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.internal.column.columnindex.BoundaryOrder;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.ColumnIndexBuilder;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// Decodes the least and greatest values of a column chunk's pages (`ColumnIndex` in `parquet.thrift`).
public final class PageBounds {
    private static final List<BoundaryOrder> ORDERS =
            List.of(BoundaryOrder.UNORDERED, BoundaryOrder.ASCENDING, BoundaryOrder.DESCENDING);

    private PageBounds() {}

    /// @return null if they say nothing that can be trusted
    /// @throws MalformedMetadataException if the bytes are no such index, or not one of the column's type
    public static @Nullable ColumnIndex read(CompactReader in, PrimitiveType type) {
        if (!ChunkStatistics.isOrdered(type)) {
            return null;
        }
        List<Boolean> nullPages = null;
        List<ByteBuffer> min = null;
        List<ByteBuffer> max = null;
        int order = -1;
        List<Long> nullCounts = null;
        List<Long> nanCounts = null;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> nullPages = flags(in);
                case 2 -> min = values(in);
                case 3 -> max = values(in);
                case 4 -> order = in.i32();
                case 5 -> nullCounts = counts(in);
                case 8 -> nanCounts = counts(in);
                default -> in.skip();
            }
        }
        if (nullPages == null || min == null || max == null || order < 0 || order >= ORDERS.size()) {
            throw new MalformedMetadataException("an index without bounds, or in the order " + order);
        }
        try {
            return ColumnIndexBuilder.build(
                    type, ORDERS.get(order), nullPages, nullCounts, nanCounts, min, max, null, null);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException notOfType) {
            throw new MalformedMetadataException("an index that is not one of " + type + ": " + notOfType.getMessage());
        }
    }

    private static List<Boolean> flags(CompactReader in) {
        List<Boolean> flags = new ArrayList<>();
        for (boolean flag : in.bools()) {
            flags.add(flag);
        }
        return flags;
    }

    private static List<ByteBuffer> values(CompactReader in) {
        List<ByteBuffer> values = new ArrayList<>();
        for (int left = in.binaries(); left > 0; left--) {
            values.add(in.view());
        }
        return values;
    }

    private static List<Long> counts(CompactReader in) {
        List<Long> counts = new ArrayList<>();
        for (int left = in.i64s(); left > 0; left--) {
            counts.add(in.i64());
        }
        return counts;
    }
}
