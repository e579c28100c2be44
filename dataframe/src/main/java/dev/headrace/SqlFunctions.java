package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.SqlFunction;
import dev.headrace.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Statements about functions.
final class SqlFunctions {
    private final Session session;

    SqlFunctions(Session session) {
        this.session = session;
    }

    // ---- Of the session

    void create(Statement.CreateFunction create) {
        String name = create.name();
        boolean ofLibrary = FunctionRegistry.isKnown(name);
        if (ofLibrary || session.functions().isOfSession(name) && !create.replace()) {
            throw new QueryException(
                    "ROUTINE_ALREADY_EXISTS",
                    "CREATE FUNCTION: there is a function '" + name + "' already. Choose another name"
                            + (ofLibrary ? "." : ", or write CREATE OR REPLACE TEMPORARY FUNCTION."));
        }
        SqlFunction function = session.analyzing(() -> SqlFunction.of(
                name, create.parameters(), create.type(), create.body(), create.written(), create.comment()));
        session.functions().remove(name);
        session.functions().define(function);
    }

    void drop(Statement.DropFunction drop) {
        if (!session.functions().remove(drop.name()) && !drop.ifExists()) {
            throw new QueryException(
                    "ROUTINE_NOT_FOUND",
                    ("DROP TEMPORARY FUNCTION: there is no function '" + drop.name()
                                    + "' of this session. Write IF EXISTS if there need not be one. "
                                    + Suggestion.didYouMean(
                                            drop.name(), session.functions().names()))
                            .strip());
        }
    }

    // ---- Lasting ones

    void create(Statement.CreateLastingFunction create) {
        LastingFunctions functions = session.functions().lasting();
        TableName name = session.tables().lasting(create.name());
        boolean ofLibrary = create.name().size() == 1 && FunctionRegistry.isKnown(name.name());
        if (!ofLibrary && create.ifNotExists() && functions.exists(name)) {
            return;
        }
        if (ofLibrary || functions.exists(name) && !create.replace()) {
            throw new QueryException(
                    "ROUTINE_ALREADY_EXISTS",
                    "CREATE FUNCTION: there is a function '" + name.shown() + "' already. Choose another name"
                            + (ofLibrary ? "." : ", or write CREATE OR REPLACE FUNCTION."));
        }
        functions.create(name, create.text());
    }

    void drop(Statement.DropLastingFunction drop) {
        LastingFunctions functions = session.functions().lasting();
        TableName name = session.tables().lasting(drop.name());
        if (!functions.remove(name) && !drop.ifExists()) {
            boolean temporary = drop.name().size() == 1 && session.functions().isOfSession(name.name());
            throw new QueryException(
                    "ROUTINE_NOT_FOUND",
                    ("DROP FUNCTION: there is no function '" + name.shown() + "' that outlives the session. "
                                    + (temporary
                                            ? "Write DROP TEMPORARY FUNCTION for the session's own."
                                            : "Write IF EXISTS if there need not be one. "
                                                    + Suggestion.didYouMean(
                                                            name.name(), functions.names(name.database()))))
                            .strip());
        }
    }

    // ---- Looking at functions

    List<String> shown(Statement.ShowFunctions show) {
        String database = new SqlDatabases(session).named(show.database());
        Set<String> names = new TreeSet<>();
        if (show.scope() != Statement.ShowFunctions.Scope.USER) {
            names.addAll(FunctionRegistry.names());
        }
        if (show.scope() != Statement.ShowFunctions.Scope.SYSTEM) {
            names.addAll(session.functions().names());
        }
        names.removeIf(name -> !SqlStatements.matches(show.pattern(), name));
        if (show.scope() != Statement.ShowFunctions.Scope.SYSTEM) {
            session.functions().lasting().names(database).stream()
                    .filter(name -> SqlStatements.matches(show.pattern(), name))
                    .forEach(name -> names.add(Databases.CATALOG + "." + database + "." + name));
        }
        return List.copyOf(names);
    }

    List<String> described(String name) {
        try {
            return session.functions()
                    .findDefined(name)
                    .map(SqlFunctions::described)
                    .orElseGet(() -> FunctionRegistry.describe(name));
        } catch (QueryException unknown) {
            throw unknown.within(name);
        }
    }

    private static List<String> described(SqlFunction function) {
        List<String> lines = new ArrayList<>();
        lines.add("Function: " + function.name());
        lines.add("Usage: " + function.signature());
        lines.add("Body: " + function.written());
        function.comment().ifPresent(comment -> lines.add("Description: " + comment));
        return lines;
    }
}
