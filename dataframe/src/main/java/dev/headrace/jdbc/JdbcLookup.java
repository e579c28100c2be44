package dev.headrace.jdbc;

import dev.headrace.connector.LookupSource;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Asks a database for the rows of keys: one SELECT for many keys, over a connection of its own.
///
/// @param keys the ordinals of the key's columns
record JdbcLookup(JdbcTable table, int[] keys) implements LookupSource {
    @Override
    public List<List<@Nullable Object>> rows(List<List<@Nullable Object>> asked) {
        StructType schema = table.schema();
        try (Connection connection = table.options().connect();
                PreparedStatement statement = table.options().limited(connection.prepareStatement(sql(asked.size())))) {
            int at = 1;
            for (List<@Nullable Object> key : asked) {
                for (int i = 0; i < keys.length; i++) {
                    JdbcTypes.set(
                            statement, at++, key.get(i), schema.field(keys[i]).dataType());
                }
            }
            return JdbcCall.of(statement, () -> found(statement, schema));
        } catch (SQLException failed) {
            throw table.options().unavailable("refuses to look rows up", failed);
        }
    }

    private static List<List<@Nullable Object>> found(PreparedStatement statement, StructType schema)
            throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                rows.add(JdbcTypes.cells(found, schema));
            }
        }
        return rows;
    }

    private String sql(int count) {
        String columns = table.schema().names().stream().map(table::quoted).collect(Collectors.joining(", "));
        List<String> names = IntStream.of(keys)
                .mapToObj(key -> table.quoted(table.schema().field(key).name()))
                .toList();
        String condition = names.size() == 1
                ? names.getFirst() + " IN (" + String.join(", ", Collections.nCopies(count, "?")) + ")"
                : String.join(
                        " OR ",
                        Collections.nCopies(
                                count,
                                names.stream()
                                        .map(name -> name + " = ?")
                                        .collect(Collectors.joining(" AND ", "(", ")"))));
        return "SELECT " + columns + " FROM " + table.options().source() + " WHERE " + condition;
    }
}
