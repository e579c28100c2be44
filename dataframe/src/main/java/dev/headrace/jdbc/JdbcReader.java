package dev.headrace.jdbc;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.connector.ChunkReader;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads the result of one SELECT.
final class JdbcReader implements ChunkReader {
    private final JdbcOptions options;
    private final StructType schema;
    private final ChunkBuilder builder;
    private final Connection connection;
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
            PreparedStatement statement = options.limited(connection.prepareStatement(select.sql()));
            statement.setFetchSize(select.fetchSize());
            if (select.maxRows() <= Integer.MAX_VALUE) {
                statement.setMaxRows(Math.max(1, (int) select.maxRows())); // 0 would mean all
            }
            for (int i = 0; i < select.constants().size(); i++) {
                Scalar constant = select.constants().get(i);
                JdbcTypes.set(statement, i + 1, constant.value(), constant.type());
            }
            rows = statement.executeQuery();
        } catch (SQLException failed) {
            closeConnection();
            throw options.unavailable("refuses to read it", failed);
        }
        builder = new ChunkBuilder(schema, allocator);
    }

    @Override
    public @Nullable Chunk next() {
        try {
            int count = 0;
            while (count < Chunk.TARGET_ROWS && rows.next()) {
                List<@Nullable Object> cells = new ArrayList<>(schema.size());
                for (int i = 0; i < schema.size(); i++) {
                    cells.add(JdbcTypes.cell(rows, i + 1, schema.field(i).dataType()));
                }
                builder.add(cells);
                count++;
            }
            return count == 0 ? null : builder.build();
        } catch (SQLException failed) {
            throw options.unavailable("stops giving rows", failed);
        }
    }

    @Override
    public void close() {
        builder.close();
        closeConnection();
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw options.unavailable("does not close the connection", failed);
        }
    }
}
