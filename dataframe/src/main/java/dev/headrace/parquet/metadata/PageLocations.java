package dev.headrace.parquet.metadata;

import org.apache.parquet.internal.column.columnindex.OffsetIndex;

/// Where the pages of a column chunk lie, and which row each begins with (`OffsetIndex` in `parquet.thrift`).
/// Immutable.
public final class PageLocations implements OffsetIndex {
    private final long[] offsets;
    private final int[] bytes;
    private final long[] firstRows;

    private PageLocations(int count) {
        this.offsets = new long[count];
        this.bytes = new int[count];
        this.firstRows = new long[count];
    }

    /// @param rowCount how many rows the row group has
    /// @throws MalformedMetadataException if the bytes are no such index, or its pages don't follow each other
    public static PageLocations read(CompactReader in, long rowCount) {
        PageLocations pages = null;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> pages = readPages(in);
                default -> in.skip();
            }
        }
        if (pages == null) {
            throw new MalformedMetadataException("an index of pages without pages");
        }
        pages.requireOrder(rowCount);
        return pages;
    }

    private static PageLocations readPages(CompactReader in) {
        PageLocations pages = new PageLocations(in.structs());
        for (int page = 0; page < pages.offsets.length; page++) {
            pages.offsets[page] = -1;
            pages.firstRows[page] = -1;
            for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
                switch (id) {
                    case 1 -> pages.offsets[page] = in.i64();
                    case 2 -> pages.bytes[page] = in.i32();
                    case 3 -> pages.firstRows[page] = in.i64();
                    default -> in.skip();
                }
            }
        }
        return pages;
    }

    private void requireOrder(long rowCount) {
        long offset = -1;
        long before = 0;
        for (int page = 0; page < offsets.length; page++) {
            long most = page == 0 ? 0 : rowCount;
            if (offsets[page] <= offset || firstRows[page] < before || firstRows[page] > most) {
                throw new MalformedMetadataException("an index of pages whose page " + page + " begins at byte "
                        + offsets[page] + " and with row " + firstRows[page] + " of " + rowCount);
            }
            offset = offsets[page];
            before = firstRows[page];
        }
    }

    @Override
    public int getPageCount() {
        return offsets.length;
    }

    @Override
    public long getOffset(int page) {
        return offsets[page];
    }

    @Override
    public int getCompressedPageSize(int page) {
        return bytes[page];
    }

    @Override
    public long getFirstRowIndex(int page) {
        return firstRows[page];
    }
}
