package dev.headrace.jdbc;

import dev.headrace.connector.ConnectorOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a write sees of others that go on at the same time: the option `isolationLevel`.
enum JdbcIsolation {
    /// There is no transaction: rows are in as soon as they are sent.
    NONE(Connection.TRANSACTION_NONE),
    READ_UNCOMMITTED(Connection.TRANSACTION_READ_UNCOMMITTED),
    READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
    REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
    SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

    private final int level;

    JdbcIsolation(int level) {
        this.level = level;
    }

    /// Absent: as the database has it.
    static Optional<JdbcIsolation> of(ConnectorOptions given) {
        return given.get("isolationLevel")
                .map(name -> Arrays.stream(values())
                        .filter(isolation -> isolation.name().equals(name.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> given.invalid(
                                "isolationLevel",
                                Arrays.stream(values())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", ", "one of ", "")))));
    }

    /// Begins a transaction, or leaves it. A level that the database does not have is the one that it has instead, as
    /// in Spark.
    void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(this == NONE);
        if (this != NONE && connection.getMetaData().supportsTransactionIsolationLevel(level)) {
            connection.setTransactionIsolation(level);
        }
    }
}
