package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Origin;
import dev.headrace.plan.Origins;
import dev.headrace.sql.SqlParser;
import dev.headrace.sql.SqlText;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Expressions in SQL texts, for `expr`, `selectExpr` and `filter("…")`.
final class SqlExpressions {
    private SqlExpressions() {}

    /// Parses texts, and does something with the expressions whose errors then say where in the text they are.
    static DataFrame with(Session session, List<String> texts, Function<List<NamedExpr>, DataFrame> action) {
        List<NamedExpr> exprs = new ArrayList<>();
        List<SqlText> parsedTexts = new ArrayList<>();
        for (String text : texts) {
            SqlParser.Parsed<NamedExpr> parsed = parsed(session, text);
            exprs.add(parsed.value());
            parsedTexts.add(parsed.text());
        }
        try {
            Origins origins = part -> parsedTexts.stream()
                    .map(text -> text.of(part))
                    .filter(Origin::isKnown)
                    .findFirst()
                    .orElse(Origin.NONE);
            return origins.within(() -> action.apply(exprs));
        } catch (QueryException failed) {
            QueryException located = failed;
            for (SqlText text : parsedTexts) {
                located = located == failed ? text.located(failed) : located;
            }
            throw located;
        }
    }

    static NamedExpr parse(String text) {
        return Session.ifActive()
                .map(session -> parsed(session, text))
                .orElseGet(() -> SqlParser.expression(text, SessionTables.NONE, zone()))
                .value();
    }

    /// With the tables and the time zone of a session, whichever is active.
    static NamedExpr parse(Session session, String text) {
        return parsed(session, text).value();
    }

    private static SqlParser.Parsed<NamedExpr> parsed(Session session, String text) {
        return session.analyzing(() ->
                SqlParser.expression(text, session.tables(), session.conf().zone()));
    }

    private static ZoneId zone() {
        return ZoneOffset.UTC;
    }
}
