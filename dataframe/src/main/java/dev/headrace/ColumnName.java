package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Reads column names as `col("…")` takes them: `id`, `orders.id`, `` `a.b`.c ``, `*`, `orders.*`.
final class ColumnName {
    private ColumnName() {}

    /// A name as text that means it, whatever characters it has.
    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    static NamedExpr parse(String text) {
        if (text.equals("*")) {
            return new NamedExpr.Star(List.of());
        }
        if (text.endsWith(".*")) {
            return new NamedExpr.Star(parts(text.substring(0, text.length() - 2)));
        }
        return new NamedExpr.Name(parts(text), OptionalLong.empty());
    }

    /// The parts between the dots; within backquotes a dot is part of the name, and two backquotes are one.
    static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (true) {
            StringBuilder part = new StringBuilder();
            at = text.startsWith("`", at) ? quoted(text, at + 1, part) : plain(text, at, part);
            if (part.isEmpty()) {
                throw invalid(text);
            }
            parts.add(part.toString());
            if (at == text.length()) {
                return parts;
            }
            if (text.charAt(at) != '.') {
                throw invalid(text);
            }
            at++;
        }
    }

    private static int plain(String text, int from, StringBuilder part) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '.') {
            if (text.charAt(at) == '`') {
                throw invalid(text);
            }
            part.append(text.charAt(at++));
        }
        return at;
    }

    /// @return the position behind the closing backquote
    private static int quoted(String text, int from, StringBuilder part) {
        int at = from;
        while (at < text.length()) {
            if (text.charAt(at) != '`') {
                part.append(text.charAt(at++));
            } else if (text.startsWith("``", at)) {
                part.append('`');
                at += 2;
            } else {
                return at + 1;
            }
        }
        throw invalid(text);
    }

    private static QueryException invalid(String text) {
        return new QueryException(
                "INVALID_COLUMN_NAME",
                "'" + text
                        + "' is not a column name. Put backquotes around parts with dots or backquotes in them, as in"
                        + " `a.b`.c.");
    }
}
