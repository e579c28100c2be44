package dev.headrace.jdbc;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/// How a database is reached.
///
/// @param source what stands after FROM: a table's name, or a query in parentheses under a name
/// @param properties for the driver: user, password, and options that begin with `jdbc.`
record JdbcOptions(
        String url, String source, Properties properties, Optional<String> initStatement, int timeoutSeconds) {
    private static final String PREFIX = "jdbc.";
    /// Classes of SQL states that pass: lost connections, conflicts of transactions, lack of resources, shutdowns.
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57");

    /// Among the states of transactions that were taken back, the one that does not say it.
    private static final String COMPLETION_UNKNOWN = "40003";

    static JdbcOptions of(ConnectorOptions given) {
        String url = given.get("url")
                .orElseThrow(() -> new QueryException(
                        "MISSING_OPTION",
                        "format(\"jdbc\") needs the option 'url', such as jdbc:postgresql://host/database."));
        Optional<String> table = given.get("dbtable");
        Optional<String> query = given.get("query");
        if (table.isPresent() == query.isPresent()) {
            throw new QueryException(
                    "MISSING_OPTION", "format(\"jdbc\") needs the option 'dbtable' or 'query', and only one of them.");
        }
        given.get("driver").ifPresent(name -> load(given, name));
        Properties properties = new Properties();
        given.get("user").ifPresent(user -> properties.setProperty("user", user));
        given.get("password").ifPresent(password -> properties.setProperty("password", password));
        for (Map.Entry<String, String> option : given.options().entrySet()) {
            if (option.getKey().toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                properties.setProperty(option.getKey().substring(PREFIX.length()), option.getValue());
            }
        }
        return new JdbcOptions(
                url,
                table.orElseGet(() -> "(" + query.orElseThrow() + ") headrace_query"),
                properties,
                given.get("sessionInitStatement"),
                count(given, "queryTimeout", 0, 0));
    }

    /// An option that is a number of something.
    static int count(ConnectorOptions given, String key, int least, int otherwise) {
        long count = given.number(key).orElse((long) otherwise);
        if (count < least || count > Integer.MAX_VALUE) {
            throw given.invalid(key, "a whole number from " + least + " to " + Integer.MAX_VALUE);
        }
        return (int) count;
    }

    private static void load(ConnectorOptions given, String driver) {
        try {
            Class.forName(driver);
        } catch (ClassNotFoundException missing) {
            throw given.invalid("driver", "the name of a class on the class path");
        }
    }

    /// A statement that gives up when the option `queryTimeout` says.
    <T extends Statement> T limited(T statement) throws SQLException {
        if (timeoutSeconds > 0) {
            statement.setQueryTimeout(timeoutSeconds);
        }
        return statement;
    }

    /// A new connection, which the caller closes.
    ///
    /// @throws UnavailableException if the database can't be reached
    Connection connect() {
        try {
            Connection connection = DriverManager.getConnection(url, properties);
            try {
                begin(connection);
                return connection;
            } catch (SQLException | RuntimeException failed) {
                close(connection, failed);
                throw failed;
            }
        } catch (SQLException failed) {
            throw unavailable("can't be reached", withoutUrl(failed));
        }
    }

    private void begin(Connection connection) throws SQLException {
        if (initStatement.isPresent()) {
            try (Statement statement = limited(connection.createStatement())) {
                JdbcCall.of(statement, () -> statement.execute(initStatement.get()));
            }
        }
    }

    /// Closes a connection that is of no use after a failure.
    static void close(Connection connection, Exception because) {
        try {
            connection.close();
        } catch (SQLException alsoFailed) {
            because.addSuppressed(alsoFailed);
        }
    }

    /// Java's own message, where no driver takes a URL, has the URL in it, and so perhaps a password.
    private SQLException withoutUrl(SQLException failed) {
        String message = String.valueOf(failed.getMessage());
        if (!message.contains(url)) {
            return failed;
        }
        SQLException told =
                new SQLException(message.replace(url, "the URL"), failed.getSQLState(), failed.getErrorCode());
        told.setStackTrace(failed.getStackTrace());
        return told;
    }

    /// What to throw when the database refuses rows: whether trying again can help is told by the error's kind.
    HeadraceException refused(SQLException failed) {
        String state = failed.getSQLState();
        boolean passing = failed instanceof SQLTransientException
                || failed instanceof SQLRecoverableException
                || state != null && PASSING.contains(state.substring(0, Math.min(2, state.length())));
        return passing
                ? unavailable("refuses the rows", failed)
                : new QueryException(
                        "JDBC_REFUSED",
                        "format(\"jdbc\") " + source + ": the database refuses the rows: " + failed.getMessage()
                                + ". Compare the table's columns and constraints with the rows of the query.",
                        failed);
    }

    /// What to throw when a commit fails. Of conflicts between transactions, and of constraints that are checked at
    /// their end, it is known that nothing was written.
    HeadraceException uncommitted(SQLException failed) {
        String state = String.valueOf(failed.getSQLState());
        if (state.startsWith("23")) {
            return refused(failed);
        }
        if (state.startsWith("40") && !state.equals(COMPLETION_UNKNOWN)) {
            return new UnavailableException(
                    "JDBC_ROLLED_BACK",
                    "format(\"jdbc\") " + source + ": the database took the rows back instead of committing them: "
                            + failed.getMessage() + ". Nothing was written; run it again.",
                    failed);
        }
        return new CommitUnknownException(
                "COMMIT_UNKNOWN",
                "format(\"jdbc\") " + source + ": the commit failed: " + failed.getMessage()
                        + ". Look whether the rows are there.",
                failed);
    }

    /// What to throw when the database refuses something. The URL may hold a password: it is not told.
    UnavailableException unavailable(String what, SQLException failed) {
        return new UnavailableException(
                "JDBC_FAILED",
                "format(\"jdbc\") " + source + ": the database " + what + ": " + failed.getMessage()
                        + ". Is the driver on the class path, and are url, user and dbtable right?",
                failed);
    }
}
