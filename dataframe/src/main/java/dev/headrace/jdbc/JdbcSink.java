package dev.headrace.jdbc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/// Inserts rows in one transaction, unless the option `isolationLevel` says `NONE`: the tasks share a connection.
final class JdbcSink implements SinkBatch {
    private final JdbcOptions options;
    private final StructType schema;
    private final int batchSize;
    private final Connection connection;
    private final PreparedStatement insert;
    private long written;
    private int waiting;

    /// @param connection in a transaction, or with none; owned from now on
    JdbcSink(JdbcOptions options, StructType schema, int batchSize, Connection connection, String sql) {
        this.options = options;
        this.schema = schema;
        this.batchSize = batchSize;
        this.connection = connection;
        try {
            insert = options.limited(connection.prepareStatement(sql));
        } catch (SQLException failed) {
            close();
            throw options.refused(failed);
        }
    }

    @Override
    public TaskWriter openTask(int task) {
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                add(rows);
            }

            @Override
            public void close() {}
        };
    }

    private synchronized void add(Chunk rows) {
        try {
            for (int row = 0; row < rows.rowCount(); row++) {
                for (int i = 0; i < schema.size(); i++) {
                    JdbcTypes.set(
                            insert,
                            i + 1,
                            Cell.read(rows.column(i), row),
                            schema.field(i).dataType());
                }
                insert.addBatch();
                written++;
                if (++waiting >= batchSize) {
                    flush();
                }
            }
        } catch (SQLException failed) {
            throw options.refused(failed);
        }
    }

    private void flush() throws SQLException {
        JdbcCall.of(insert, insert::executeBatch);
        waiting = 0;
    }

    @Override
    public synchronized void complete() {
        try {
            if (waiting > 0) {
                flush();
            }
        } catch (SQLException failed) {
            throw options.refused(failed);
        }
    }

    @Override
    public synchronized Map<String, Long> commit() {
        complete();
        try {
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException failed) {
            throw options.uncommitted(failed);
        }
        return Map.of("numOutputRows", written);
    }

    @Override
    public synchronized void close() {
        try {
            if (!connection.isClosed()) {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                connection.close();
            }
        } catch (SQLException failed) {
            throw options.unavailable("does not close the connection", failed);
        }
    }
}
