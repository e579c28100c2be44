package dev.headrace.jdbc;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One batch of a stream: its rows are held until it is committed, and then written in one transaction.
final class JdbcBatch implements SinkBatch {
    private final JdbcTarget target;
    private final JdbcOptions options;
    private final JdbcStreamSink.Kind kind;
    private final StructType columns;
    private final List<Integer> keys;
    private final int batchSize;
    private final Claim claim;
    private final Map<Integer, List<Chunk>> byTask = new TreeMap<>();
    /// Of the query that gives the rows: it may also be stopped while the database keeps the commit waiting.
    private Cancellation query = new Cancellation();

    /// Says in the transaction that the batch is written.
    interface Claim {
        /// @return false if it has been written before
        boolean taken(Connection connection) throws SQLException;
    }

    JdbcBatch(
            JdbcTarget target,
            JdbcStreamSink.Kind kind,
            StructType schema,
            List<String> keys,
            int batchSize,
            Claim claim) {
        this.target = target;
        this.options = target.options();
        this.kind = kind;
        this.columns = kind == JdbcStreamSink.Kind.CHANGES
                ? new StructType(schema.fieldList().subList(0, schema.size() - 1))
                : schema;
        this.keys = keys.stream().map(columns::fieldIndex).toList();
        this.batchSize = batchSize;
        this.claim = claim;
    }

    @Override
    public TaskWriter openTask(int task) {
        List<Chunk> chunks = new ArrayList<>();
        synchronized (byTask) {
            byTask.put(task, chunks);
            query = Cancellation.ofThread();
        }
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                chunks.add(rows.slice(0, rows.rowCount()));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Map<String, Long> commit() {
        List<List<@Nullable Object>> rows = rows();
        try (Connection connection = options.connect()) {
            connection.setAutoCommit(false);
            if (!query().within(() -> written(connection, rows))) {
                return Map.of("numOutputRows", 0L);
            }
            commit(connection);
        } catch (SQLException failed) {
            throw options.refused(failed);
        }
        return Map.of("numOutputRows", (long) rows.size());
    }

    private Cancellation query() {
        synchronized (byTask) {
            return query;
        }
    }

    /// @return false if the rows have been written before
    private boolean written(Connection connection, List<List<@Nullable Object>> rows) {
        try {
            boolean taken = claim.taken(connection);
            if (taken) {
                write(connection, rows);
            } else {
                connection.rollback();
            }
            return taken;
        } catch (SQLException failed) {
            rollBack(connection, failed);
            throw options.refused(failed);
        } catch (RuntimeException refused) {
            rollBack(connection, refused);
            throw refused;
        }
    }

    private static void rollBack(Connection connection, Exception because) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            because.addSuppressed(alsoFailed);
        }
    }

    private void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException failed) {
            throw options.uncommitted(failed);
        }
    }

    private List<List<@Nullable Object>> rows() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        synchronized (byTask) {
            for (List<Chunk> chunks : byTask.values()) {
                for (Chunk chunk : chunks) {
                    for (int row = 0; row < chunk.rowCount(); row++) {
                        List<@Nullable Object> cells = new ArrayList<>();
                        for (int column = 0; column < chunk.columnCount(); column++) {
                            cells.add(Cell.detach(Cell.read(chunk.column(column), row)));
                        }
                        rows.add(cells);
                    }
                }
            }
        }
        return rows;
    }

    private void write(Connection connection, List<List<@Nullable Object>> rows) throws SQLException {
        switch (kind) {
            case INSERT -> insert(connection, rows);
            case REPLACE -> {
                try (Statement statement = options.limited(connection.createStatement())) {
                    String all = "DELETE FROM " + options.source();
                    JdbcCall.of(statement, () -> statement.execute(all));
                }
                insert(connection, rows);
            }
            case UPSERT -> upsert(connection, rows);
            case CHANGES -> change(connection, rows);
        }
    }

    /// A key that comes and goes in one batch is a changed row.
    private void change(Connection connection, List<List<@Nullable Object>> rows) throws SQLException {
        List<List<@Nullable Object>> come = new ArrayList<>();
        List<List<@Nullable Object>> go = new ArrayList<>();
        Set<List<Object>> comeKeys = new HashSet<>();
        for (List<@Nullable Object> row : rows) {
            if ("insert".equals(String.valueOf(row.get(columns.size())))) {
                come.add(row);
                comeKeys.add(key(row));
            }
        }
        Set<List<Object>> goKeys = new HashSet<>();
        for (List<@Nullable Object> row : rows) {
            List<Object> key = key(row);
            if (!comeKeys.contains(key) && goKeys.add(key)) {
                go.add(row);
            }
        }
        delete(connection, go);
        upsert(connection, come);
    }

    private List<Object> key(List<@Nullable Object> row) {
        List<Object> key = new ArrayList<>();
        for (int column : keys) {
            Object cell = row.get(column);
            if (cell == null) {
                throw new DataException(
                        "JDBC_KEY_NULL",
                        "format(\"jdbc\") " + options.source() + ": the key column '"
                                + columns.field(column).name()
                                + "' is null in a row, so no row of the table can be told to be the same. Filter such"
                                + " rows out, or use coalesce.");
            }
            key.add(cell);
        }
        return key;
    }

    private void insert(Connection connection, List<List<@Nullable Object>> rows) throws SQLException {
        try (PreparedStatement statement =
                options.limited(connection.prepareStatement(target.insert(columns.names())))) {
            int waiting = 0;
            for (List<@Nullable Object> row : rows) {
                for (int column = 0; column < columns.size(); column++) {
                    set(statement, column + 1, row, column);
                }
                statement.addBatch();
                if (++waiting % batchSize == 0) {
                    JdbcCall.of(statement, statement::executeBatch);
                }
            }
            if (waiting % batchSize != 0) {
                JdbcCall.of(statement, statement::executeBatch);
            }
        }
    }

    /// Updates the rows that are there, and inserts the others.
    private void upsert(Connection connection, List<List<@Nullable Object>> rows) throws SQLException {
        Set<List<Object>> seen = new HashSet<>();
        List<List<@Nullable Object>> fresh = new ArrayList<>();
        String sql = "UPDATE " + options.source()
                + columns.names().stream()
                        .map(name -> target.quoted(name) + " = ?")
                        .collect(Collectors.joining(", ", " SET ", ""))
                + where();
        try (PreparedStatement statement = options.limited(connection.prepareStatement(sql))) {
            for (List<@Nullable Object> row : rows) {
                if (!seen.add(key(row))) {
                    throw new QueryException(
                            "JDBC_KEY_NOT_UNIQUE",
                            "format(\"jdbc\") " + options.source() + ": a batch has two rows of the key "
                                    + keys.stream()
                                            .map(key -> columns.field(key).name())
                                            .toList() + " = " + key(row)
                                    + ". Name the columns that identify a row of the result in option(\"keys\", …).");
                }
                int at = 1;
                for (int column = 0; column < columns.size(); column++) {
                    set(statement, at++, row, column);
                }
                for (int key : keys) {
                    set(statement, at++, row, key);
                }
                if (JdbcCall.of(statement, statement::executeUpdate) == 0) {
                    fresh.add(row);
                }
            }
        }
        insert(connection, fresh);
    }

    private void delete(Connection connection, List<List<@Nullable Object>> rows) throws SQLException {
        try (PreparedStatement statement =
                options.limited(connection.prepareStatement("DELETE FROM " + options.source() + where()))) {
            for (List<@Nullable Object> row : rows) {
                int at = 1;
                for (int key : keys) {
                    set(statement, at++, row, key);
                }
                JdbcCall.of(statement, statement::executeUpdate);
            }
        }
    }

    private String where() {
        return keys.stream()
                .map(key -> target.quoted(columns.field(key).name()) + " = ?")
                .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private void set(PreparedStatement statement, int at, List<@Nullable Object> row, int column) throws SQLException {
        JdbcTypes.set(statement, at, row.get(column), columns.field(column).dataType());
    }

    @Override
    public void close() {
        synchronized (byTask) {
            byTask.values().forEach(chunks -> Closing.all(chunks));
            byTask.clear();
        }
    }
}
