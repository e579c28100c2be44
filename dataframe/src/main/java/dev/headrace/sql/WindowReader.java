package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.WindowFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FrameBoundContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedWindowContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowDefContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowFrameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowRefContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowSpecContext;

/// Reads `OVER (…)`, and the `WINDOW` clause whose names it may use.
final class WindowReader {
    private final Reading reading;
    private Map<String, WindowDefContext> definitions = Map.of();

    WindowReader(Reading reading) {
        this.reading = reading;
    }

    /// Sets the windows that have names in the query that is read now.
    ///
    /// @return those that had names before
    Map<String, WindowDefContext> enter(WindowClauseContext... clauses) {
        Map<String, WindowDefContext> before = definitions;
        Map<String, WindowDefContext> now = new HashMap<>();
        for (WindowClauseContext clause : clauses) {
            if (clause != null) {
                clause.namedWindow().forEach(window -> define(window, now));
            }
        }
        definitions = now;
        return before;
    }

    void leave(Map<String, WindowDefContext> before) {
        definitions = before;
    }

    private void define(NamedWindowContext window, Map<String, WindowDefContext> into) {
        String name = reading.names().of(window.name).toLowerCase(Locale.ROOT);
        WindowDefContext definition = switch (window.windowSpec()) {
            case WindowDefContext def -> def;
            case WindowRefContext ref -> find(ref, into);
            default -> throw reading.text().unsupported("This window is not supported.", window);
        };
        into.put(name, definition);
    }

    private WindowDefContext find(WindowRefContext reference, Map<String, WindowDefContext> known) {
        String name = reading.names().of(reference.name);
        WindowDefContext found = known.get(name.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw reading.text()
                    .error(
                            "MISSING_WINDOW_SPECIFICATION",
                            "There is no window '" + name + "'. Define it with WINDOW " + name + " AS (…).",
                            reference);
        }
        return found;
    }

    NamedExpr over(NamedExpr function, boolean ignoreNulls, WindowSpecContext spec) {
        WindowDefContext definition = switch (spec) {
            case WindowDefContext def -> def;
            case WindowRefContext ref -> find(ref, definitions);
            default -> throw reading.text().unsupported("This window is not supported.", spec);
        };
        List<NamedExpr> partition = reading.expressions().expressions(definition.partition);
        List<NamedExpr> order = definition.sortItem().stream()
                .map(reading.expressions()::sorted)
                .toList();
        Optional<WindowFrame<NamedExpr>> frame =
                Optional.ofNullable(definition.windowFrame()).map(this::frame);
        return new NamedExpr.Over(function, ignoreNulls, partition, order, frame);
    }

    private WindowFrame<NamedExpr> frame(WindowFrameContext context) {
        WindowFrame.Bound<NamedExpr> start = bound(context.start);
        WindowFrame.Bound<NamedExpr> end =
                context.end == null ? new WindowFrame.Bound.CurrentRow<>() : bound(context.end);
        return new WindowFrame<>(
                context.frameType.getType() == SqlBaseParser.ROWS ? WindowFrame.Unit.ROWS : WindowFrame.Unit.RANGE,
                start,
                end);
    }

    private WindowFrame.Bound<NamedExpr> bound(FrameBoundContext context) {
        boolean following = context.boundType.getType() == SqlBaseParser.FOLLOWING;
        if (context.UNBOUNDED() != null) {
            return following
                    ? new WindowFrame.Bound.UnboundedFollowing<>()
                    : new WindowFrame.Bound.UnboundedPreceding<>();
        }
        if (context.CURRENT() != null) {
            return new WindowFrame.Bound.CurrentRow<>();
        }
        NamedExpr distance = reading.expressions().expression(context.expression());
        return following ? new WindowFrame.Bound.Following<>(distance) : new WindowFrame.Bound.Preceding<>(distance);
    }
}
