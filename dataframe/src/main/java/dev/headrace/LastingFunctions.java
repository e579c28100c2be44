package dev.headrace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.SqlFunction;
import dev.headrace.sql.Parameters;
import dev.headrace.sql.SqlParser;
import dev.headrace.sql.Statement;
import dev.headrace.types.DataType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The functions in SQL that outlive sessions. They are noted as their text, in their databases, with the database that
/// was the current one. Thread-safe.
final class LastingFunctions {
    /// The database of names that say none, in the text of a function or view that is being read.
    private static final ScopedValue<String> WITHIN = ScopedValue.newInstance();

    /// What stands before functions that are in no database: the library's, and the session's own.
    private static final Set<String> OF_NO_DATABASE =
            Set.of("builtin", "system.builtin", TemporaryViews.OF_SESSION, "system." + TemporaryViews.OF_SESSION);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Session session;
    private final Map<TableName, Known> known = new ConcurrentHashMap<>();

    /// A function as it was read last.
    private record Known(String note, SqlFunction function) {}

    LastingFunctions(Session session) {
        this.session = session;
    }

    String currentDatabase() {
        return session.tables().currentDatabase();
    }

    /// Runs what reads the text of something that outlives sessions.
    ///
    /// @param database the current one when it was made
    static <T> T within(String database, Supplier<T> reading) {
        return ScopedValue.where(WITHIN, database).call(reading::get);
    }

    private static String called(TableName name) {
        return (name.database() + "." + name.name()).toLowerCase(Locale.ROOT);
    }

    private TableCatalog notes(TableName name) {
        return session.tables().databases().tables(name.database());
    }

    boolean exists(TableName name) {
        return notes(name).hasFunction(name.name());
    }

    /// What a call goes to by a written name: with the database if that is said, or was the current one when the text
    /// was written. A function that is said to be in a database is that or none, but for the library's in `default`.
    String named(List<String> written) {
        List<String> parts = Databases.withoutCatalog(written);
        String last = parts.getLast().toLowerCase(Locale.ROOT);
        boolean ofLibrary = FunctionRegistry.isKnown(last);
        if (parts.size() == 1) {
            TableName name = new TableName(WITHIN.orElse(Databases.DEFAULT), last);
            return WITHIN.isBound() && !ofLibrary && exists(name) ? called(name) : last;
        }
        String before = String.join(".", parts.subList(0, parts.size() - 1)).toLowerCase(Locale.ROOT);
        TableName name = new TableName(before, last);
        boolean elsewhere = OF_NO_DATABASE.contains(before) || before.equals(Databases.DEFAULT) && ofLibrary;
        return elsewhere && !exists(name) ? last : called(name);
    }

    /// @param function as [#named] gives it
    Optional<SqlFunction> find(String function) {
        int dot = function.lastIndexOf('.');
        if (dot < 0 && FunctionRegistry.isKnown(function)) {
            return Optional.empty();
        }
        TableName name =
                new TableName(dot < 0 ? currentDatabase() : function.substring(0, dot), function.substring(dot + 1));
        return notes(name).function(name.name()).map(note -> function(name, note));
    }

    private SqlFunction function(TableName name, String note) {
        Known read = known.get(name);
        if (read != null && read.note().equals(note)) {
            return read.function();
        }
        SqlFunction function = session.analyzing(() -> read(name, note));
        known.put(name, new Known(note, function));
        return function;
    }

    private SqlFunction read(TableName name, String note) {
        try {
            JsonNode json = JSON.readTree(note);
            String type = json.required("type").asText();
            Statement.FunctionText text = new Statement.FunctionText(
                    json.required("parameters").asText(),
                    Optional.of(type),
                    json.required("body").asText(),
                    Optional.ofNullable(json.get("comment")).map(JsonNode::asText));
            Statement.CreateFunction read =
                    parsed(text, json.required("database").asText());
            return new SqlFunction(
                    called(name),
                    read.parameters(),
                    read.type().orElseThrow(),
                    read.body(),
                    text.body(),
                    text.comment());
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            throw new CheckpointException(
                    "CATALOG_DAMAGED",
                    "The note of the function '" + name.shown() + "' does not say what it is (" + damaged.getMessage()
                            + "). Drop the function, and create it again.",
                    damaged);
        }
    }

    private Statement.CreateFunction parsed(Statement.FunctionText text, String database) {
        String sql = "CREATE TEMPORARY FUNCTION f(" + text.parameters() + ")"
                + text.type().map(type -> " RETURNS " + type).orElse("") + " RETURN " + text.body();
        Statement statement = within(
                database,
                () -> SqlParser.statement(
                                sql,
                                SessionTables.NONE,
                                Parameters.NONE,
                                session.conf().zone())
                        .value());
        return (Statement.CreateFunction) statement;
    }

    Set<String> names(String database) {
        return session.tables().databases().tables(database).functions();
    }

    /// @throws QueryException for what is wrong with it, `SCHEMA_NOT_FOUND`
    void create(TableName name, Statement.FunctionText text) {
        session.tables().requireDatabase(name);
        String database = currentDatabase();
        SqlFunction function = session.analyzing(() -> session.variables().outlivedBy("function", true, () -> {
            Statement.CreateFunction read = parsed(text, database);
            checkLasting(name, read.body());
            return SqlFunction.of(
                    called(name), read.parameters(), read.type(), read.body(), text.body(), text.comment());
        }));
        DataType type = function.type();
        ObjectNode json = JSON.createObjectNode()
                .put("name", name.name().toLowerCase(Locale.ROOT))
                .put("parameters", text.parameters())
                .put("type", type.sql())
                .put("body", text.body())
                .put("database", database);
        text.comment().ifPresent(comment -> json.put("comment", comment));
        notes(name).putFunction(name.name(), json.toPrettyString());
    }

    /// What lasts can't be made of what goes with the session.
    private void checkLasting(TableName name, NamedExpr expr) {
        if (expr instanceof NamedExpr.Call call && session.functions().isOfSession(call.function())) {
            throw new QueryException(
                            "INVALID_TEMP_OBJ_REFERENCE",
                            "The function '" + name.shown() + "' that outlives the session can't call '"
                                    + call.function() + "', which does not. Write CREATE TEMPORARY FUNCTION.")
                    .within(expr);
        }
        expr.operands().forEach(operand -> checkLasting(name, operand));
    }

    /// @return whether there was one
    boolean remove(TableName name) {
        return notes(name).removeFunction(name.name());
    }
}
