package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.function.CellOrder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Sorted rows, group by group: those that are equal in their order. Of the rows one chunk is there at a time. Owns
/// them.
final class SortedGroups implements AutoCloseable {
    private final SortedRows sorted;
    private final GroupColumns columns;
    private @Nullable ChunkReader reader;
    private @Nullable Chunk chunk;
    private int row;

    /// What the row is compared with that came before it; there is none before the first one of a chunk.
    private @Nullable RowComparator inChunk;

    /// What the row that is next begins, or belongs to.
    private @Nullable List<@Nullable Object> order;

    /// The rows of that group, if they have been asked for.
    private @Nullable Rows reading;

    private @Nullable RuntimeException failure;

    SortedGroups(SortedRows sorted, GroupColumns columns) {
        this.sorted = sorted;
        this.columns = columns;
    }

    /// Where the next group is in the order; null if there is none. Rows of the one before that have not been read are
    /// passed over.
    @Nullable List<@Nullable Object> next() {
        Rows before = reading;
        if (before != null) {
            before.passOver();
            reading = null;
            order = null;
        }
        if (order == null && isRow()) {
            order = cells(columns.firstOrder(), columns.order().size());
        }
        return order;
    }

    /// The key of the group that is next.
    List<@Nullable Object> key() {
        return cells(columns.rowColumns(), columns.keyColumns());
    }

    /// The rows of the group that is next; they can be read until the one behind it is.
    Iterator<List<@Nullable Object>> rows() {
        Rows all = new Rows();
        reading = all;
        return all;
    }

    /// Fails as reading rows did, whatever the function of the program has made of that.
    void checkRead() {
        if (failure != null) {
            throw failure;
        }
    }

    private boolean isRow() {
        while (chunk == null || row == chunk.rowCount()) {
            if (reader == null) {
                reader = sorted.read();
            }
            if (chunk != null) {
                chunk.close();
                chunk = null;
            }
            row = 0;
            Chunk read = reader.next();
            if (read == null) {
                return false;
            }
            chunk = read;
            inChunk = WindowRows.comparator(read, columns.order());
        }
        return true;
    }

    private List<@Nullable Object> cells(int first, int count) {
        Chunk current = chunk;
        if (current == null) {
            throw new IllegalStateException("there is no row");
        }
        return GroupRows.row(current, row, first, count);
    }

    /// Whether the row is in the group of the one before it.
    private boolean goesOn() {
        if (!isRow()) {
            return false;
        }
        RowComparator neighbours = inChunk;
        if (row > 0 && neighbours != null) {
            return neighbours.compare(row - 1, row) == 0;
        }
        return CellOrder.compareCells(
                        cells(columns.firstOrder(), columns.order().size()), order)
                == 0;
    }

    private final class Rows implements Iterator<List<@Nullable Object>> {
        /// Whether the row is known to belong to the group, as the first one does.
        private boolean known = true;

        private boolean over;

        @Override
        public boolean hasNext() {
            try {
                if (!known && !over) {
                    known = goesOn();
                    over = !known;
                }
                return !over;
            } catch (RuntimeException failed) {
                failure = failed;
                throw failed;
            }
        }

        @Override
        public List<@Nullable Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            List<@Nullable Object> cells = cells(0, columns.rowColumns());
            row++;
            known = false;
            return cells;
        }

        void passOver() {
            while (hasNext()) {
                row++;
                known = false;
            }
        }
    }

    @Override
    public void close() {
        if (chunk != null) {
            chunk.close();
            chunk = null;
        }
        if (reader != null) {
            reader.close();
            reader = null;
        }
        sorted.close();
    }
}
