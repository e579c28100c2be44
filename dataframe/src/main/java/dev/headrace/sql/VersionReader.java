package dev.headrace.sql;

import dev.headrace.chunk.Slice;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TemporalClauseContext;

/// Reads what a query says of a table's versions: `VERSION AS OF`, `TIMESTAMP AS OF`, `table_changes(…)`.
final class VersionReader {
    private static final String CHANGES = "table_changes";
    private static final String CHANGES_BY_PATH = "table_changes_by_path";

    private final Reading reading;

    VersionReader(Reading reading) {
        this.reading = reading;
    }

    /// The clause as options of a read.
    Map<String, String> options(TemporalClauseContext context) {
        if (context.version() != null) {
            String version = context.version().INTEGER_VALUE() != null
                    ? context.version().INTEGER_VALUE().getText()
                    : reading.literals().string(context.version().stringLit());
            return Map.of("versionAsOf", version);
        }
        NamedExpr time = reading.expressions().value(context.timestamp);
        return Map.of("timestampAsOf", text(time, "TIMESTAMP AS OF takes a constant.", context));
    }

    static boolean isChanges(String function) {
        return Set.of(CHANGES, CHANGES_BY_PATH).contains(function);
    }

    /// @param table the table's name, or a format and a path
    /// @param options of a read of what was changed
    record Changes(List<String> table, Map<String, String> options) {}

    /// `table_changes('name', from, to)`, whose bounds are versions or times; both inclusive, the second may be absent.
    Changes changes(String function, List<NamedExpr> arguments, ParserRuleContext at) {
        String usage = function + "(…) takes a table, then the first version or time, then, if not all, the last one.";
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw reading.text().error("INVALID_TABLE_CHANGES", usage, at);
        }
        String name = text(arguments.getFirst(), usage, at);
        List<String> table = function.equals(CHANGES) ? name(name) : List.of("delta", name);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("readChangeFeed", "true");
        put(options, "starting", arguments.get(1), usage, at);
        if (arguments.size() == 3) {
            put(options, "ending", arguments.get(2), usage, at);
        }
        return new Changes(table, options);
    }

    private void put(Map<String, String> options, String which, NamedExpr bound, String usage, ParserRuleContext at) {
        boolean isVersion = bound instanceof NamedExpr.Literal(Scalar value) && value.value() instanceof Number;
        options.put(which + (isVersion ? "Version" : "Timestamp"), text(bound, usage, at));
    }

    private String text(NamedExpr constant, String usage, ParserRuleContext at) {
        if (constant instanceof NamedExpr.Literal(Scalar value) && value.value() != null) {
            return value.value() instanceof Slice text ? text.toString() : value.toString();
        }
        throw reading.text().error("INVALID_TABLE_CHANGES", usage, at);
    }

    /// The parts of a name, between dots that are not within backquotes.
    private static List<String> name(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            boolean end = i == text.length() || (text.charAt(i) == '.' && !quoted);
            if (end) {
                String part = text.substring(from, i);
                parts.add(part.startsWith("`") && part.length() > 1 ? part.substring(1, part.length() - 1) : part);
                from = i + 1;
            } else if (text.charAt(i) == '`') {
                quoted = !quoted;
            }
        }
        return parts;
    }
}
