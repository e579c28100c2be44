package dev.headrace.jdbc;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Tables of databases. See `docs/reference/formats-jdbc.md`.
public final class JdbcConnector implements Connector.BatchReadable, Connector.BatchWritable, Connector.StreamWritable {
    private static final String CUSTOM_SCHEMA = "customSchema";
    private static final String COLUMN_TYPES = "createTableColumnTypes";
    private static final String CASCADE_TRUNCATE = "cascadeTruncate";
    private static final String NUM_PARTITIONS = "numPartitions";
    private static final List<String> COMMON =
            List.of("url", "dbtable", "driver", "user", "password", "queryTimeout", "sessionInitStatement");
    private static final List<String> READ = List.of(
            "query",
            "fetchsize",
            JdbcParts.COLUMN,
            "lowerBound",
            "upperBound",
            NUM_PARTITIONS,
            "pushDownPredicate",
            "pushDownLimit",
            CUSTOM_SCHEMA);
    private static final List<String> WRITE = List.of(
            "batchsize",
            "truncate",
            CASCADE_TRUNCATE,
            "createTableOptions",
            COLUMN_TYPES,
            "isolationLevel",
            NUM_PARTITIONS);
    private static final List<String> STREAM = List.of("batchsize", "createTableOptions", COLUMN_TYPES, "keys");
    /// Between columns, not within the parentheses of a type.
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");
    private static final Pattern COLUMN = Pattern.compile("(?:`([^`]+)`|([^`\\s]+))\\s+(\\S.*)");
    private static final int DEFAULT_ROWS = 1_000;
    private static final String CHANGE_TYPE = "_change_type";

    @Override
    public String format() {
        return "jdbc";
    }

    @Override
    public BatchTable openTable(ConnectorOptions given) {
        given.checkKnown(Stream.concat(COMMON.stream(), READ.stream()).toList(), "jdbc.");
        if (given.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED", "format(\"jdbc\") has the schema of its table. Leave schema(…) out.");
        }
        Optional<JdbcParts> parts = JdbcParts.of(given);
        JdbcTable table = JdbcTable.open(
                JdbcOptions.of(given),
                new JdbcTable.Reading(
                        JdbcOptions.count(given, "fetchsize", 0, DEFAULT_ROWS),
                        given.flag("pushDownPredicate", true),
                        given.flag("pushDownLimit", true)));
        if (parts.isPresent()) {
            table = table.with(parts.get().conditions(inSql(given, parts.get().column(), table)));
        }
        return typed(given, table);
    }

    /// A column's name as the table spells it, in quotes. It may be given with them.
    private static String inSql(ConnectorOptions given, String column, JdbcTable table) {
        List<String> names = table.schema().names();
        return names.stream()
                .filter(name -> table.quoted(name).equals(column))
                .findFirst()
                .or(() -> ordinal(names, column).map(names::get))
                .map(table::quoted)
                .orElseThrow(() -> given.invalid(JdbcParts.COLUMN, "a column of the table " + names));
    }

    /// The place of a name among a table's, which may be in other letters.
    private static Optional<Integer> ordinal(List<String> names, String column) {
        return names.contains(column)
                ? Optional.of(names.indexOf(column))
                : IntStream.range(0, names.size())
                        .boxed()
                        .filter(i -> names.get(i).equalsIgnoreCase(column))
                        .findFirst();
    }

    /// The table with the types that the option says.
    private static JdbcTable typed(ConnectorOptions given, JdbcTable table) {
        StructType types = given.get(CUSTOM_SCHEMA).map(StructType::fromDDL).orElse(new StructType());
        JdbcTable typed = table;
        for (StructField wanted : types) {
            List<String> names = table.schema().names();
            int ordinal = ordinal(names, wanted.name())
                    .orElseThrow(() -> given.invalid(CUSTOM_SCHEMA, "columns of the table " + names));
            if (!JdbcTypes.isReadable(wanted.dataType())) {
                throw given.invalid(CUSTOM_SCHEMA, "types of numbers, texts, bytes, dates, times and truth values");
            }
            typed = typed.with(ordinal, wanted.dataType());
        }
        return typed;
    }

    @Override
    public SinkBatch beginWrite(ConnectorOptions given, SaveMode mode, StructType schema) {
        given.checkKnown(Stream.concat(COMMON.stream(), WRITE.stream()).toList(), "jdbc.");
        if (!given.partitionColumns().isEmpty()) {
            throw new QueryException("UNSUPPORTED_OPERATION", "format(\"jdbc\") has no partitionBy(…).");
        }
        JdbcOptions options = JdbcOptions.of(given);
        Optional<JdbcIsolation> isolation = JdbcIsolation.of(given);
        if (given.number(NUM_PARTITIONS).orElse(1L) < 1) {
            // There is one connection, so no number of them is exceeded.
            throw given.invalid(NUM_PARTITIONS, "at least 1");
        }
        JdbcTarget target = JdbcTarget.of(options);
        String create = create(given, target, schema);
        boolean exists = target.exists();
        if (exists && mode == SaveMode.IGNORE) {
            return new DiscardedBatch();
        }
        if (exists && mode == SaveMode.ERROR_IF_EXISTS) {
            throw new QueryException(
                    "TABLE_OR_VIEW_ALREADY_EXISTS",
                    "format(\"jdbc\"): there is a table " + options.source()
                            + " already. Use mode(\"append\") or mode(\"overwrite\").");
        }
        List<String> before = new ArrayList<>();
        if (exists && mode == SaveMode.OVERWRITE && given.flag("truncate", false)) {
            before.add(emptying(given, options));
        } else if (exists && mode == SaveMode.OVERWRITE) {
            before.add("DROP TABLE " + options.source());
            before.add(create);
            target = target.dropped();
        } else if (!exists) {
            before.add(create);
        }
        int batchSize = JdbcOptions.count(given, "batchsize", 1, DEFAULT_ROWS);
        return new JdbcSink(
                options, schema, batchSize, begun(options, before, isolation), target.insert(schema.names()));
    }

    /// Rows are deleted, not truncated: everyone may, and it can be taken back everywhere.
    private static String emptying(ConnectorOptions given, JdbcOptions options) {
        if (!given.flag(CASCADE_TRUNCATE, false)) {
            return "DELETE FROM " + options.source();
        }
        if (options.url().startsWith("jdbc:postgresql:")) {
            // not those that inherit from it
            return "TRUNCATE TABLE ONLY " + options.source() + " CASCADE";
        }
        if (options.url().startsWith("jdbc:oracle:")) {
            return "TRUNCATE TABLE " + options.source() + " CASCADE";
        }
        throw given.invalid(CASCADE_TRUNCATE, "false, because only PostgreSQL and Oracle can");
    }

    private static String create(ConnectorOptions given, JdbcTarget target, StructType schema) {
        JdbcOptions options = target.options();
        Map<String, String> types = columnTypes(given, schema);
        String columns = schema.fieldList().stream()
                .map(field -> JdbcTarget.quoted(target.quote(), field.name()) + " "
                        + types.getOrDefault(field.name(), JdbcTypes.ddl(field, options.url())))
                .collect(Collectors.joining(", ", " (", ")"));
        return "CREATE TABLE " + options.source() + columns
                + given.get("createTableOptions").map(more -> " " + more).orElse("");
    }

    /// The types that the program says, as the database calls them, by the columns' names.
    private static Map<String, String> columnTypes(ConnectorOptions given, StructType schema) {
        Map<String, String> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String column : COMMA.split(given.get(COLUMN_TYPES, ""))) {
            Matcher parts = COLUMN.matcher(column.strip());
            if (column.isBlank() && types.isEmpty()) {
                continue;
            }
            if (!parts.matches()) {
                throw given.invalid(COLUMN_TYPES, "columns and their types, such as name CHAR(64), note VARCHAR(1024)");
            }
            String name = parts.group(1) == null ? parts.group(2) : parts.group(1);
            if (schema.names().stream().noneMatch(name::equalsIgnoreCase)) {
                throw given.invalid(COLUMN_TYPES, "columns of the rows " + schema.names());
            }
            if (types.put(name, parts.group(3)) != null) {
                throw given.invalid(COLUMN_TYPES, "each column once");
            }
        }
        return types;
    }

    @Override
    public StreamingSink openSink(ConnectorOptions given, StreamWriteRequest request) {
        given.checkKnown(Stream.concat(COMMON.stream(), STREAM.stream()).toList(), "jdbc.");
        JdbcOptions options = JdbcOptions.of(given);
        StructType rows = request.schema();
        boolean changes = request.outputMode() == StreamWriteRequest.OutputKind.APPEND
                && !rows.isEmpty()
                && rows.field(rows.size() - 1).name().equals(CHANGE_TYPE);
        JdbcStreamSink.Kind kind = switch (request.outputMode()) {
            case APPEND -> changes ? JdbcStreamSink.Kind.CHANGES : JdbcStreamSink.Kind.INSERT;
            case UPDATE -> JdbcStreamSink.Kind.UPSERT;
            case COMPLETE -> JdbcStreamSink.Kind.REPLACE;
        };
        StructType columns = changes ? new StructType(rows.fieldList().subList(0, rows.size() - 1)) : rows;
        List<String> keys = keys(given, request, kind, columns);
        JdbcTarget target = JdbcTarget.of(options);
        String create = create(given, target, columns);
        if (!target.exists()) {
            commit(begun(options, List.of(create), Optional.empty()), options);
        }
        JdbcStreamSink sink =
                new JdbcStreamSink(target, request, kind, keys, JdbcOptions.count(given, "batchsize", 1, DEFAULT_ROWS));
        sink.prepare();
        return sink;
    }

    /// What the program names, else what the query knows.
    private static List<String> keys(
            ConnectorOptions given, StreamWriteRequest request, JdbcStreamSink.Kind kind, StructType columns) {
        if (kind == JdbcStreamSink.Kind.INSERT || kind == JdbcStreamSink.Kind.REPLACE) {
            return List.of();
        }
        List<String> keys = given.get("keys")
                .map(names -> Arrays.stream(names.split(",")).map(String::strip).toList())
                .orElse(request.upsertKey());
        if (keys.isEmpty()) {
            throw new QueryException(
                    "MISSING_OPTION",
                    "format(\"jdbc\") needs the option 'keys' to "
                            + (kind == JdbcStreamSink.Kind.UPSERT ? "replace rows" : "apply a changelog")
                            + ": the columns that identify a row of the result, such as option(\"keys\", \"day, user\").");
        }
        for (String key : keys) {
            if (!columns.names().contains(key)) {
                throw given.invalid("keys", "columns of the result " + columns.names());
            }
        }
        return keys;
    }

    private static void commit(Connection connection, JdbcOptions options) {
        try (connection) {
            connection.commit();
        } catch (SQLException failed) {
            throw options.unavailable("can't make the table", failed);
        }
    }

    private static Connection begun(JdbcOptions options, List<String> statements, Optional<JdbcIsolation> isolation) {
        Connection connection = options.connect();
        try {
            if (isolation.isPresent()) {
                isolation.get().begin(connection);
            } else {
                connection.setAutoCommit(false);
            }
            try (Statement statement = options.limited(connection.createStatement())) {
                for (String sql : statements) {
                    JdbcCall.of(statement, () -> statement.execute(sql));
                }
            }
            return connection;
        } catch (SQLException failed) {
            closed(connection, failed);
            throw options.unavailable("can't make the table", failed);
        } catch (RuntimeException cancelled) {
            closed(connection, cancelled);
            throw cancelled;
        }
    }

    /// What has been done so far is undone: some databases commit it when they are left, others refuse to be left.
    private static void closed(Connection connection, Exception because) {
        try (connection) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException alsoFailed) {
            because.addSuppressed(alsoFailed);
        }
    }
}
