package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Origin;
import dev.headrace.plan.Origins;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// One SQL text, and where in it what was read from it stands.
///
/// Errors name line and column and show the line with a caret:
///
/// ```text
/// [UNRESOLVED_COLUMN] 'amout' is not a column of orders(id, amount). Did you mean 'amount'?
/// == SQL, line 1, column 8 ==
/// SELECT amout FROM orders
///        ^^^^^
/// ```
public final class SqlText implements Origins {
    private final String text;
    private final String shown;
    private final Map<Object, Place> places = new IdentityHashMap<>();

    SqlText(String text) {
        this(text, text);
    }

    /// @param shown what errors show lines of, if that is not what is read
    SqlText(String text, String shown) {
        this.text = text;
        this.shown = shown;
    }

    String text() {
        return text;
    }

    /// A part of the text as it is written.
    String written(ParserRuleContext part) {
        return part(text, part.getStart().getStartIndex(), part.getStop().getStopIndex());
    }

    /// A query as it is written, with the clauses that the grammar is not shown.
    String query(ParserRuleContext query) {
        return part(text, query.getStart().getStartIndex(), EmitToken.end(query));
    }

    /// @param start the first character, counted as ANTLR does, by code points
    /// @param stop the last character
    static String part(String text, int start, int stop) {
        return text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, stop + 1));
    }

    /// Remembers where a part of the plan stands; the first place counts.
    <T> T placed(T part, ParserRuleContext context) {
        places.putIfAbsent(part, place(context));
        return part;
    }

    static Place place(ParserRuleContext context) {
        Token start = context.getStart();
        Token stop = context.getStop();
        boolean oneLine =
                stop != null && stop.getLine() == start.getLine() && stop.getStopIndex() >= start.getStartIndex();
        int length = oneLine ? stop.getStopIndex() - start.getStartIndex() + 1 : 1;
        return new Place(start.getLine(), start.getCharPositionInLine() + 1, length);
    }

    /// An error at a place of the text.
    QueryException error(String code, String message, ParserRuleContext at) {
        return error(code, message, place(at));
    }

    QueryException error(String code, String message, Place at) {
        return new QueryException(code, message.strip() + "\n" + pointer(at));
    }

    QueryException unsupported(String what, ParserRuleContext at) {
        return error("UNSUPPORTED_SQL", what, at);
    }

    @Override
    public Origin of(NamedExpr part) {
        @Nullable Place place = places.get(part);
        // Plans live longer than what was read here: they keep the text only.
        String lines = shown;
        return place == null ? Origin.NONE : new Origin(() -> pointer(lines, place));
    }

    /// Does something with what was read from here. Errors, also those of the query's later runs, say where they are.
    public <T> T telling(Supplier<T> use) {
        try {
            return within(use);
        } catch (QueryException failed) {
            throw located(failed);
        }
    }

    /// The error with the place of the part of the query that it is about, if that stands in this text.
    public QueryException located(QueryException error) {
        for (Object part : error.parts()) {
            @Nullable Place place = places.get(part);
            if (place != null) {
                return new QueryException(error.code(), error.text() + "\n" + pointer(place), error);
            }
        }
        return error;
    }

    private String pointer(Place at) {
        return pointer(shown, at);
    }

    private static String pointer(String shown, Place at) {
        List<String> lines = shown.lines().toList();
        String line = at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
        String before = line.substring(0, Math.min(at.column() - 1, line.length()));
        StringBuilder indent = new StringBuilder();
        // Tabs stay, so that the caret stands under its character however wide they are shown.
        before.chars().forEach(c -> indent.append(c == '\t' ? '\t' : ' '));
        int room = Math.max(1, line.length() - before.length());
        return "== SQL, line " + at.line() + ", column " + at.column() + " ==\n" + line + "\n" + indent
                + "^".repeat(Math.min(at.length(), room));
    }
}
