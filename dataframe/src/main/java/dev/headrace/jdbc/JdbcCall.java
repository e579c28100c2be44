package dev.headrace.jdbc;

import dev.headrace.cancellation.Cancellation;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that a database does for a query, and for which it may wait: others may hold locks.
final class JdbcCall {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcCall.class);

    private JdbcCall() {}

    /// @param statement that the database is told to stop if the query is to
    /// @throws dev.headrace.cancellation.QueryCancelledException if the query is to stop
    static <R> R of(Statement statement, Callable<R> call) throws SQLException {
        try {
            return Cancellation.call(call, () -> stop(statement));
        } catch (SQLException | RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void stop(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException failed) {
            LOG.debug("The database does not stop what it does, which therefore goes on to its end.", failed);
        }
    }
}
