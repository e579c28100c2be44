package dev.headrace.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The table that rows are written to, and how its columns are called there. Names are in quotes, because one may be a
/// word of SQL, and spelled as the table spells them: a database may have changed those of a table that was made
/// without quotes.
///
/// @param quote what stands around names
/// @param columns names as the table spells them; empty if there is no such table, a list without any if the user may
///     not read all of them
record JdbcTarget(JdbcOptions options, String quote, Optional<List<String>> columns) {
    static JdbcTarget of(JdbcOptions options) {
        try (Connection connection = options.connect()) {
            String quote = connection.getMetaData().getIdentifierQuoteString().strip();
            return new JdbcTarget(options, quote, columns(connection, options.source()));
        } catch (SQLException failed) {
            throw options.unavailable("does not say how names are quoted", failed);
        }
    }

    /// Who may read only some of the columns is not told the others' names.
    private static Optional<List<String>> columns(Connection connection, String source) {
        return labels(connection, "SELECT * FROM " + source + " WHERE 1 = 0")
                .or(() -> labels(connection, "SELECT 1 FROM " + source + " WHERE 1 = 0")
                        .map(_ -> List.of()));
    }

    /// @return how a query's columns are called; empty if the database refuses it
    private static Optional<List<String>> labels(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = JdbcCall.of(statement, () -> statement.executeQuery(query))) {
            ResultSetMetaData described = rows.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= described.getColumnCount(); i++) {
                names.add(described.getColumnLabel(i));
            }
            return Optional.of(names);
        } catch (SQLException refused) {
            return Optional.empty();
        }
    }

    /// What takes the table's place once it is dropped.
    JdbcTarget dropped() {
        return new JdbcTarget(options, quote, Optional.empty());
    }

    boolean exists() {
        return columns.isPresent();
    }

    /// A column's name in SQL. One that the table is not known to have stays as it is, for the database to refuse.
    String quoted(String name) {
        List<String> names = columns.orElse(List.of());
        if (names.contains(name)) {
            return quoted(quote, name);
        }
        List<String> alike = names.stream().filter(name::equalsIgnoreCase).toList();
        return quoted(quote, alike.size() == 1 ? alike.getFirst() : name);
    }

    static String quoted(String quote, String name) {
        return quote + name.replace(quote, quote + quote) + quote;
    }

    /// The statement that inserts a row.
    String insert(List<String> names) {
        return "INSERT INTO " + options.source()
                + names.stream().map(this::quoted).collect(Collectors.joining(", ", " (", ")"))
                + names.stream().map(_ -> "?").collect(Collectors.joining(", ", " VALUES (", ")"));
    }
}
