package dev.headrace;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.types.StructType;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The rows of a running query, one by one. Frees the query's memory at the last row; the session frees that of an
/// iterator that was given up before.
final class RowIterator implements Iterator<Row>, AutoCloseable {
    private final ChunkReader reader;
    private final Session session;
    private final StructType schema;
    private final JavaValues values;
    private @Nullable Chunk chunk;
    private int next;
    private boolean closed;

    RowIterator(DataFrame frame, ChunkReader reader) {
        this.reader = reader;
        this.session = frame.session();
        this.schema = frame.schema();
        this.values = session.javaValues();
        session.opened(this);
    }

    @Override
    public synchronized boolean hasNext() {
        while (!closed && (chunk == null || next == chunk.rowCount())) {
            if (chunk != null) {
                chunk.close();
            }
            chunk = reader.next();
            next = 0;
            if (chunk == null) {
                close();
            }
        }
        return !closed;
    }

    @Override
    public synchronized Row next() {
        return values.toRow(nextCells(), schema);
    }

    /// As [#next], as the values of the columns, which stay valid until the next row is asked for.
    synchronized List<@Nullable Object> nextCells() {
        if (!hasNext() || chunk == null) {
            throw new NoSuchElementException("there are no more rows");
        }
        return Execution.cells(chunk, next++);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (chunk != null) {
                chunk.close();
            }
            reader.close();
            session.closed(this);
        }
    }
}
