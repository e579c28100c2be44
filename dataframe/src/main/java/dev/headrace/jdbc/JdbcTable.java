package dev.headrace.jdbc;

import dev.headrace.connector.LookupSource;
import dev.headrace.connector.LookupTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table or query of a database: read by one SELECT for each of its parts, of the columns that are used.
///
/// @param comparable the ordinals of the columns whose values a database compares as we do
/// @param conditions the parts, as conditions of SQL which each row meets one of; an empty one is all rows
record JdbcTable(
        JdbcOptions options,
        StructType schema,
        String quote,
        BitSet comparable,
        List<String> conditions,
        Reading reading)
        implements LookupTable {
    /// How rows are asked for.
    ///
    /// @param fetchSize rows fetched at once
    /// @param pushesFilters whether the database leaves out rows that the query's filters do
    /// @param pushesLimits whether it stops after as many rows as the query needs
    record Reading(int fetchSize, boolean pushesFilters, boolean pushesLimits) {}

    static JdbcTable open(JdbcOptions options, Reading reading) {
        try (Connection connection = options.connect();
                PreparedStatement statement = options.limited(
                        connection.prepareStatement("SELECT * FROM " + options.source() + " WHERE 1 = 0"))) {
            StructType schema = new StructType();
            BitSet comparable = new BitSet();
            DatabaseMetaData database = connection.getMetaData();
            ResultSetMetaData columns =
                    JdbcCall.of(statement, statement::executeQuery).getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                // Of an outer join, drivers tell what holds for the table that a column is from.
                schema = schema.add(new StructField(columns.getColumnLabel(i), JdbcTypes.read(columns, i), true));
                comparable.set(i - 1, JdbcTypes.isComparable(database, columns, i));
            }
            String quote = database.getIdentifierQuoteString().strip();
            return new JdbcTable(options, schema, quote, comparable, List.of(""), reading);
        } catch (SQLException failed) {
            throw options.unavailable("does not describe it", failed);
        }
    }

    /// The same with another type of a column, which only the driver knows how to make of what it holds.
    JdbcTable with(int ordinal, DataType type) {
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.set(ordinal, fields.get(ordinal).withDataType(type));
        BitSet still = (BitSet) comparable.clone();
        still.clear(ordinal);
        return new JdbcTable(options, new StructType(fields), quote, still, conditions, reading);
    }

    /// The same, read in parts.
    JdbcTable with(List<String> parts) {
        return new JdbcTable(options, schema, quote, comparable, parts, reading);
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
        JdbcFilter filter = filter(request.filters());
        boolean limited = reading.pushesLimits() && request.filters().isEmpty();
        long rows = limited ? request.limit().orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
        List<Split> splits = new ArrayList<>();
        for (String condition : conditions) {
            String where = Stream.of(condition, filter.sql())
                    .filter(text -> !text.isEmpty())
                    .map(text -> "(" + text + ")")
                    .collect(Collectors.joining(" AND "));
            JdbcReader.Select asked = new JdbcReader.Select(
                    where.isEmpty() ? select : select + " WHERE " + where,
                    filter.constants(),
                    reading.fetchSize(),
                    rows);
            splits.add(allocator -> new JdbcReader(options, asked, request.outputSchema(), allocator));
        }
        return () -> splits;
    }

    /// Of what a run knows, conditions on numbers: which texts and days a database takes differs, and nobody has asked
    /// it for these.
    @Override
    public Scan scan(ScanRequest request, List<BoundExpr> known) {
        return scan(request.with(known.stream().filter(JdbcTable::isOnNumbers).toList()));
    }

    private static boolean isOnNumbers(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column
                ? column.type() instanceof ByteType
                        || column.type() instanceof ShortType
                        || column.type() instanceof IntegerType
                        || column.type() instanceof LongType
                : expr.operands().stream().allMatch(JdbcTable::isOnNumbers);
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return !filter(List.of(predicate)).sql().isEmpty();
    }

    /// What the database is told of filters.
    JdbcFilter filter(List<BoundExpr> filters) {
        return reading.pushesFilters()
                ? new JdbcFilter.Translation(this, comparable::get).all(filters)
                : JdbcFilter.NONE;
    }

    @Override
    public LookupSource lookup(int[] keys) {
        return new JdbcLookup(this, keys);
    }

    String quoted(String name) {
        return JdbcTarget.quoted(quote, name);
    }
}
