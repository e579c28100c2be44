package dev.headrace.sql;

import static dev.headrace.sql.ExpressionReader.call;
import static dev.headrace.sql.ExpressionReader.string;

import dev.headrace.function.SessionFunctions;
import dev.headrace.plan.ExtractField;
import dev.headrace.plan.IntervalText;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.Any_valueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CollateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CurrentLikeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DatetimeUnitContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExtractContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FirstContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LastContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OverlayContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PositionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimaryExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SemiStructuredExtractContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StructContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubstringContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TimestampaddContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TimestampdiffContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TrimContext;
import org.jspecify.annotations.Nullable;

/// Reads function calls, and the syntax that SQL has for some functions of its own: `EXTRACT(year FROM d)`.
final class FunctionReader {
    /// The functions that IGNORE NULLS is for.
    private static final Set<String> LOOK_AT_NULLS =
            Set.of("any_value", "first", "first_value", "lag", "last", "last_value", "lead", "nth_value");

    private static final Set<String> TIME_WINDOWS = Set.of("window", "session_window");

    private final Reading reading;

    FunctionReader(Reading reading) {
        this.reading = reading;
    }

    NamedExpr read(PrimaryExpressionContext context) {
        ExpressionReader read = reading.expressions();
        return switch (context) {
            case FunctionCallContext function -> function(function);
            case CurrentLikeContext current -> call(current.name.getText().toLowerCase(Locale.ROOT));
            case StructContext struct ->
                new NamedExpr.Call(
                        "struct", struct.argument.stream().map(read::named).toList(), false);
            case FirstContext first -> ignoringNulls("first", first.expression(), first.IGNORE() != null);
            case LastContext last -> ignoringNulls("last", last.expression(), last.IGNORE() != null);
            case Any_valueContext any -> ignoringNulls("any_value", any.expression(), any.IGNORE() != null);
            case PositionContext position -> call("position", read.value(position.substr), read.value(position.str));
            case ExtractContext extract ->
                extract(reading.names().plain(extract.field), read.value(extract.source), extract);
            case SubstringContext substring ->
                substring.len == null
                        ? call("substring", read.value(substring.str), read.value(substring.pos))
                        : call(
                                "substring",
                                read.value(substring.str),
                                read.value(substring.pos),
                                read.value(substring.len));
            case TrimContext trim -> trim(trim);
            case OverlayContext overlay -> overlay(overlay);
            case TimestampaddContext add -> add(add);
            case TimestampdiffContext diff -> diff(diff);
            case CollateContext collate ->
                throw reading.text()
                        .unsupported("Collations are not supported: texts are compared by their bytes.", collate);
            case SemiStructuredExtractContext extract -> variantPath(extract);
            default -> throw reading.text().unsupported("'" + context.getText() + "' is not supported.", context);
        };
    }

    /// `column:items[0].id` of a variant.
    private NamedExpr variantPath(SemiStructuredExtractContext extract) {
        StringBuilder path = new StringBuilder("$");
        SqlBaseParser.JsonPathFirstPartContext first = extract.path.jsonPathFirstPart();
        step(path, ".", first.jsonPathIdentifier(), first);
        for (SqlBaseParser.JsonPathPartsContext part : extract.path.jsonPathParts()) {
            step(path, "", part.jsonPathIdentifier(), part);
        }
        NamedExpr steps = new NamedExpr.Literal(Scalar.of(path.toString()));
        return call("variant_get", reading.expressions().primary(extract.col), steps);
    }

    /// A step as it is written, but for a name in backquotes, which is a field's as it stands there.
    private void step(
            StringBuilder path,
            String dot,
            SqlBaseParser.@Nullable JsonPathIdentifierContext name,
            ParserRuleContext written) {
        String text = reading.text().written(written);
        int quote = text.indexOf('`');
        if (name == null || quote < 0) {
            path.append(name == null ? "" : dot).append(text);
            return;
        }
        String field = text.substring(quote + 1, text.length() - 1).replace("``", "`");
        path.append(field.contains("\"") ? "['" + field + "']" : "[\"" + field + "\"]");
    }

    private NamedExpr ignoringNulls(String function, ExpressionContext value, boolean ignore) {
        NamedExpr argument = reading.expressions().expression(value);
        return ignore ? call(function, argument, new NamedExpr.Literal(Scalar.TRUE)) : call(function, argument);
    }

    private NamedExpr function(FunctionCallContext context) {
        if (context.functionName().identFunc != null && context.argument.size() == 1) {
            return ExpressionReader.name(
                    reading.names().of(context.argument.getFirst().expression()));
        }
        String name = name(context.functionName());
        List<NamedExpr> arguments = NamedArguments.of(reading, name, context.argument, context).stream()
                .map(argument -> argument(name, argument))
                .toList();
        boolean distinct =
                context.setQuantifier() != null && context.setQuantifier().DISTINCT() != null;
        boolean ignoreNulls = context.nullsOption != null && context.nullsOption.getType() == SqlBaseParser.IGNORE;
        if (context.WITHIN() != null) {
            arguments = ordered(name, arguments, context);
        }
        NamedExpr call = reading.placed(named(name, arguments, distinct, context), context);
        if (context.where != null) {
            call = new NamedExpr.Filtered(call, reading.expressions().condition(context.where));
        }
        if (ignoreNulls && !LOOK_AT_NULLS.contains(name.toLowerCase(Locale.ROOT))) {
            throw reading.text()
                    .error(
                            "IGNORE_NULLS_NOT_ALLOWED",
                            "IGNORE NULLS is not for " + name + ". It is for "
                                    + String.join(", ", new TreeSet<>(LOOK_AT_NULLS)) + ".",
                            context);
        }
        if (context.OVER() != null) {
            return reading.windows().over(call, ignoreNulls, context.windowSpec());
        }
        if (ignoreNulls && call instanceof NamedExpr.Call plain) {
            List<NamedExpr> more = new ArrayList<>(plain.arguments());
            more.add(new NamedExpr.Literal(Scalar.TRUE));
            return new NamedExpr.Call(name, more, distinct);
        }
        return call;
    }

    /// The arguments of an aggregate function with those of WITHIN GROUP (ORDER BY …): the keys, and whether
    /// descending.
    private List<NamedExpr> ordered(String name, List<NamedExpr> arguments, FunctionCallContext context) {
        List<NamedExpr> keys = new ArrayList<>();
        for (SqlBaseParser.SortItemContext item : context.sortItem()) {
            keys.add(reading.expressions().expression(item.expression()));
            keys.add(new NamedExpr.Literal(Scalar.of(item.DESC() != null)));
        }
        return switch (name) {
            case "percentile_cont", "percentile_disc" -> List.of(keys.getFirst(), arguments.getFirst(), keys.get(1));
            case "mode" -> List.of(keys.getFirst(), new NamedExpr.Literal(Scalar.TRUE), keys.get(1));
            case "listagg", "string_agg" -> {
                List<NamedExpr> all = new ArrayList<>(arguments);
                if (all.size() == 1) {
                    all.add(new NamedExpr.Literal(Scalar.NULL));
                }
                all.addAll(keys);
                yield all;
            }
            default ->
                throw reading.text()
                        .error("INVALID_WITHIN_GROUP_EXPRESSION", "'" + name + "' takes no WITHIN GROUP.", context);
        };
    }

    private NamedExpr named(String name, List<NamedExpr> arguments, boolean distinct, ParserRuleContext at) {
        if (name.equals("count")
                && !distinct
                && arguments.size() == 1
                && arguments.getFirst() instanceof NamedExpr.Star(List<String> qualifier)
                && qualifier.isEmpty()) {
            return call("count", new NamedExpr.Literal(Scalar.of(1)));
        }
        if ((name.equals("date_part") || name.equals("datepart"))
                && arguments.size() == 2
                && arguments.getFirst() instanceof NamedExpr.Literal(Scalar field)) {
            return extract(field.toString(), arguments.get(1), at);
        }
        return new NamedExpr.Call(name, arguments, distinct);
    }

    /// Durations of time windows may be written as intervals.
    private static NamedExpr argument(String function, NamedExpr argument) {
        return TIME_WINDOWS.contains(function)
                        && argument instanceof NamedExpr.Interval(int months, int days, long micros, var _)
                        && months == 0
                ? string(IntervalText.of(days * 86_400_000_000L + micros))
                : argument;
    }

    String name(FunctionNameContext context) {
        if (context.expression() != null) {
            return SessionFunctions.name(reading.names().of(context.expression()));
        }
        if (context.qualifiedName() == null) {
            return SessionFunctions.name(List.of(context.getText()));
        }
        return SessionFunctions.name(reading.names().of(context.qualifiedName()));
    }

    private NamedExpr extract(String field, NamedExpr source, ParserRuleContext at) {
        return ExtractField.of(field, source)
                .orElseThrow(() -> reading.text()
                        .error(
                                "INVALID_EXTRACT_FIELD",
                                "'" + field + "' can't be extracted. Fields: " + ExtractField.NAMES + ".",
                                at));
    }

    private NamedExpr trim(TrimContext context) {
        String function = "trim";
        if (context.trimOption != null) {
            function = switch (context.trimOption.getType()) {
                case SqlBaseParser.LEADING -> "ltrim";
                case SqlBaseParser.TRAILING -> "rtrim";
                default -> "trim";
            };
        }
        NamedExpr source = reading.expressions().value(context.srcStr);
        return context.trimStr == null
                ? call(function, source)
                : call(function, reading.expressions().value(context.trimStr), source);
    }

    private NamedExpr overlay(OverlayContext context) {
        List<NamedExpr> arguments = new ArrayList<>();
        arguments.add(reading.expressions().value(context.input));
        arguments.add(reading.expressions().value(context.replace));
        arguments.add(reading.expressions().value(context.position));
        if (context.length != null) {
            arguments.add(reading.expressions().value(context.length));
        }
        return new NamedExpr.Call("overlay", arguments, false);
    }

    private NamedExpr add(TimestampaddContext context) {
        return call(
                "timestampadd",
                string(unit(context.unit, context)),
                reading.expressions().value(context.unitsAmount),
                reading.expressions().value(context.timestamp));
    }

    private NamedExpr diff(TimestampdiffContext context) {
        return call(
                "timestampdiff",
                string(unit(context.unit, context)),
                reading.expressions().value(context.startTimestamp),
                reading.expressions().value(context.endTimestamp));
    }

    private String unit(@org.jspecify.annotations.Nullable DatetimeUnitContext unit, ParserRuleContext at) {
        if (unit == null) {
            throw reading.text()
                    .error("INVALID_UNIT", "The unit is written without quotes, as in dateadd(DAY, 1, d).", at);
        }
        return unit.getText().toUpperCase(Locale.ROOT);
    }
}
