package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ResetConfigurationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ResetQuotedConfigurationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetConfigurationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetQuotedConfigurationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetResetStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetTimeZoneContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetVariableContext;

/// Reads SET and RESET, whose keys and values the grammar takes as they are.
final class SettingReader {
    private final Reading reading;

    SettingReader(Reading reading) {
        this.reading = reading;
    }

    Statement setting(SetResetStatementContext context) {
        return switch (context) {
            case SetTimeZoneContext zone -> timeZone(zone);
            case SetVariableContext variables -> new VariableReader(reading).set(variables);
            case SetConfigurationContext _, SetQuotedConfigurationContext _ -> set(rest(context, "SET"), context);
            case ResetConfigurationContext _, ResetQuotedConfigurationContext _ ->
                new Statement.Reset(nonEmpty(plain(rest(context, "RESET"))));
            default ->
                throw reading.text()
                        .unsupported("Only SET key = value, SET VARIABLE and SET TIME ZONE are supported.", context);
        };
    }

    private Statement timeZone(SetTimeZoneContext context) {
        if (context.interval() != null) {
            return new Statement.Set(Optional.of("spark.sql.session.timeZone"), Optional.of(offset(context)));
        }
        if (context.timezone() == null || context.timezone().stringLit() == null) {
            throw reading.text()
                    .unsupported("SET TIME ZONE takes the name of a time zone, as in SET TIME ZONE 'UTC'.", context);
        }
        return new Statement.Set(
                Optional.of("spark.sql.session.timeZone"),
                Optional.of(reading.literals().string(context.timezone().stringLit())));
    }

    /// As in `SET TIME ZONE INTERVAL '02:30' HOUR TO MINUTE`.
    private String offset(SetTimeZoneContext context) {
        NamedExpr.Interval interval =
                new IntervalReader(reading.text(), reading.literals()).interval(context.interval());
        Duration offset = Duration.ofDays(interval.days()).plus(interval.micros(), ChronoUnit.MICROS);
        if (interval.months() != 0 || offset.abs().compareTo(Duration.ofHours(18)) > 0 || offset.getNano() != 0) {
            throw reading.text()
                    .error(
                            "INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE",
                            "A time zone is whole seconds and at most 18 hours away from UTC, on either side.",
                            context.interval());
        }
        return ZoneOffset.ofTotalSeconds((int) offset.toSeconds()).getId();
    }

    private Statement set(String rest, ParserRuleContext at) {
        int equals = rest.indexOf('=');
        String written = (equals < 0 ? rest : rest.substring(0, equals)).strip();
        String key = plain(written);
        if (key.equals(written) && written.chars().anyMatch(Character::isWhitespace)) {
            throw reading.text()
                    .error(
                            "INVALID_SET_SYNTAX",
                            "'" + key
                                    + "' is not the key of a setting. Write SET key = value, with backquotes around a key"
                                    + " that has blanks in it, or SET VARIABLE name = value.",
                            at);
        }
        if (key.equals("-v")) {
            return new Statement.Set(Optional.empty(), Optional.empty());
        }
        return new Statement.Set(
                nonEmpty(key), equals < 0 ? Optional.empty() : Optional.of(plain(rest.substring(equals + 1))));
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String plain(String text) {
        String stripped = text.strip();
        boolean quoted = stripped.length() >= 2 && stripped.startsWith("`") && stripped.endsWith("`");
        return quoted ? stripped.substring(1, stripped.length() - 1).replace("``", "`") : stripped;
    }

    /// What was written after the keyword, without a semicolon at the end.
    private String rest(ParserRuleContext context, String keyword) {
        int start = context.getStart().getStartIndex() + keyword.length();
        int stop = context.getStop().getStopIndex() + 1;
        String text = reading.text().text();
        int from = text.offsetByCodePoints(0, Math.min(start, stop));
        int to = text.offsetByCodePoints(0, stop);
        return text.substring(Math.min(from, to), to);
    }
}
