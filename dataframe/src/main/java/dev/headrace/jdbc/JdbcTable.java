package dev.headrace.jdbc;

import dev.headrace.connector.LookupSource;
import dev.headrace.connector.LookupTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A table or query of a database: read by one SELECT for each of its parts, of the columns that are used.
///
/// @param conditions the parts, as conditions of SQL which each row meets one of; an empty one is all rows
record JdbcTable(JdbcOptions options, StructType schema, String quote, List<String> conditions, int fetchSize)
        implements LookupTable {

    static JdbcTable open(JdbcOptions options, List<String> conditions, int fetchSize) {
        try (Connection connection = options.connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT * FROM " + options.source() + " WHERE 1 = 0")) {
            StructType schema = new StructType();
            ResultSetMetaData columns = statement.executeQuery().getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                boolean nullable = columns.isNullable(i) != ResultSetMetaData.columnNoNulls;
                schema = schema.add(new StructField(columns.getColumnLabel(i), JdbcTypes.read(columns, i), nullable));
            }
            String quote = connection.getMetaData().getIdentifierQuoteString().strip();
            return new JdbcTable(options, schema, quote, conditions, fetchSize);
        } catch (SQLException failed) {
            throw options.unavailable("does not describe it", failed);
        }
    }

    @Override
    public String description() {
        return "jdbc " + options.source();
    }

    @Override
    public Scan scan(ScanRequest request) {
        List<String> names = new ArrayList<>();
        request.outputSchema().forEach(field -> names.add(quoted(field.name())));
        // A database wants a column, even where only rows are counted.
        String select = "SELECT " + (names.isEmpty() ? "1" : String.join(", ", names)) + " FROM " + options.source();
        List<Split> splits = new ArrayList<>();
        for (String condition : conditions) {
            String sql = condition.isEmpty() ? select : select + " WHERE " + condition;
            splits.add(allocator -> new JdbcReader(options, sql, request.outputSchema(), fetchSize, allocator));
        }
        return () -> splits;
    }

    @Override
    public LookupSource lookup(int[] keys) {
        return new JdbcLookup(this, keys);
    }

    String quoted(String name) {
        return quote + name.replace(quote, quote + quote) + quote;
    }
}
