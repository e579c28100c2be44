package dev.headrace.jdbc;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChunkReader;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads the result of one SELECT.
final class JdbcReader implements ChunkReader {
    /// Of texts and bytes in a chunk: wide rows make chunks of fewer rows.
    private static final long TARGET_BYTES = 16L << 20;

    private final JdbcOptions options;
    private final StructType schema;
    private final ChunkBuilder builder;
    private final Connection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;

    /// What is asked for.
    ///
    /// @param constants for the question marks of the SQL
    /// @param fetchSize rows fetched at once
    /// @param maxRows as many rows suffice
    record Select(String sql, List<Scalar> constants, int fetchSize, long maxRows) {}

    JdbcReader(JdbcOptions options, Select select, StructType schema, BufferAllocator allocator) {
        this.options = options;
        this.schema = schema;
        connection = options.connect();
        try {
            // Some drivers only fetch in parts outside of auto-commit.
            connection.setAutoCommit(false);
            statement = options.limited(connection.prepareStatement(select.sql()));
            statement.setFetchSize(select.fetchSize());
            if (select.maxRows() <= Integer.MAX_VALUE) {
                statement.setMaxRows(Math.max(1, (int) select.maxRows())); // 0 would mean all
            }
            for (int i = 0; i < select.constants().size(); i++) {
                Scalar constant = select.constants().get(i);
                JdbcTypes.set(statement, i + 1, constant.value(), constant.type());
            }
            rows = JdbcCall.of(statement, statement::executeQuery);
            builder = new ChunkBuilder(schema, allocator);
        } catch (SQLException failed) {
            JdbcOptions.close(connection, failed);
            throw options.unavailable("refuses to read it", failed);
        } catch (RuntimeException cancelled) {
            JdbcOptions.close(connection, cancelled);
            throw cancelled;
        }
    }

    @Override
    public @Nullable Chunk next() {
        try {
            return JdbcCall.of(statement, this::read) ? builder.build() : null;
        } catch (SQLException failed) {
            throw options.unavailable("stops giving rows", failed);
        }
    }

    /// Fills the builder.
    ///
    /// @return false at the end
    private boolean read() throws SQLException {
        long bytes = 0;
        while (builder.rowCount() < Chunk.TARGET_ROWS && bytes < TARGET_BYTES && rows.next()) {
            // Not every driver ends what it does.
            Cancellation.checkThread();
            List<@Nullable Object> cells = JdbcTypes.cells(rows, schema);
            builder.add(cells);
            for (Object cell : cells) {
                bytes += cell instanceof Slice slice ? slice.length() : 0;
            }
        }
        return builder.rowCount() > 0;
    }

    @Override
    public void close() {
        builder.close();
        try {
            connection.close();
        } catch (SQLException failed) {
            throw options.unavailable("does not close the connection", failed);
        }
    }
}
