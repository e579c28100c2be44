package dev.headrace.jdbc;

import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;

/// Writes the batches of a query into a table, each in one transaction with its number: a batch that is written again
/// finds its number and does nothing.
///
/// The numbers are in a table of the same database, `headrace_batches`, a row per output of a query.
///
/// @param columns those of the table
final class JdbcStreamSink implements StreamingSink {
    private static final String MARKS = "headrace_batches";

    private final JdbcTarget target;
    private final JdbcOptions options;
    private final SinkId id;
    private final Kind kind;
    private final StructType schema;
    private final List<String> keys;
    private final int batchSize;

    /// What becomes of a batch's rows.
    enum Kind {
        /// They are added.
        INSERT,
        /// Each replaces the row of its key.
        UPSERT,
        /// They take the place of all rows.
        REPLACE,
        /// They say what has come and gone.
        CHANGES
    }

    /// @param schema of the rows; for [Kind#CHANGES] the last column says what a row is
    /// @param keys for [Kind#UPSERT] and [Kind#CHANGES]
    JdbcStreamSink(JdbcTarget target, StreamWriteRequest request, Kind kind, List<String> keys, int batchSize) {
        this.target = target;
        this.options = target.options();
        this.id = request.sinkId();
        this.kind = kind;
        this.schema = request.schema();
        this.keys = List.copyOf(keys);
        this.batchSize = batchSize;
    }

    /// Makes the table of the batches' numbers, and the output's row in it.
    void prepare() {
        try (Connection connection = options.connect()) {
            if (!hasMarks(connection)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "CREATE TABLE " + MARKS + " (query_id VARCHAR(64) PRIMARY KEY, batch BIGINT NOT NULL)");
                }
            }
            if (mark(connection, id.value()).isEmpty()) {
                OptionalLong earlier =
                        id.earlier().isPresent() ? mark(connection, id.earlier().get()) : OptionalLong.empty();
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + MARKS + " VALUES (?, ?)")) {
                    insert.setString(1, id.value());
                    insert.setLong(2, earlier.orElse(-1));
                    insert.executeUpdate();
                }
            }
        } catch (SQLException failed) {
            throw options.unavailable("can't remember the batches in the table " + MARKS, failed);
        }
    }

    private static boolean hasMarks(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 1 FROM " + MARKS + " WHERE 1 = 0").close();
            return true;
        } catch (SQLException noSuchTable) {
            return false;
        }
    }

    private static OptionalLong mark(Connection connection, String id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT batch FROM " + MARKS + " WHERE query_id = ?")) {
            select.setString(1, id);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? OptionalLong.of(found.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    @Override
    public OptionalLong lastCommitted() {
        try (Connection connection = options.connect()) {
            OptionalLong batch = mark(connection, id.value());
            return batch.isPresent() && batch.getAsLong() >= 0 ? batch : OptionalLong.empty();
        } catch (SQLException failed) {
            throw options.unavailable("does not tell its last batch", failed);
        }
    }

    @Override
    public SinkBatch begin(long batchId) {
        return new JdbcBatch(target, kind, schema, keys, batchSize, connection -> claims(connection, batchId));
    }

    /// Writes the batch's number.
    ///
    /// @return whether the batch is not there yet
    private boolean claims(Connection connection, long batchId) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + MARKS + " SET batch = ? WHERE query_id = ? AND batch < ?")) {
            update.setLong(1, batchId);
            update.setString(2, id.value());
            update.setLong(3, batchId);
            return JdbcCall.of(update, update::executeUpdate) > 0;
        }
    }

    @Override
    public void close() {}
}
