package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.function.CellOrder;
import dev.headrace.pattern.BoundPattern;
import dev.headrace.pattern.MatchCall;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.NullOrder;
import dev.headrace.streaming.AfterMatchSkipStrategy;
import dev.headrace.streaming.Pattern;
import dev.headrace.types.ArrayType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The matches of a pattern in the rows of each key, from [RelationalGroupedDataset#matchPattern].
///
/// In a batch query they are those among all rows. Over a stream a row is looked at when the watermark has passed it,
/// so the matches are the same however the rows come; late rows are left out and counted.
public final class PatternMatches {
    private final DataFrame input;
    private final List<Column> keys;
    private final Pattern pattern;
    private final List<Column> orderBy;

    PatternMatches(DataFrame input, List<Column> keys, Pattern pattern, List<Column> orderBy) {
        this.input = input;
        this.keys = keys;
        this.pattern = pattern;
        this.orderBy = orderBy;
    }

    /// A row for each match: the grouping columns, `match_start` and `match_end` (the event times of its first and last
    /// row; if it ends with `notFollowedBy`, when the time was over), and these columns.
    ///
    /// @param measures expressions over the pattern's variables: `small.amount` is the column in the variable's last
    ///     row, `first(small.amount)` in its first one; `count(small)`, `sum(small.amount)`, `avg`, `min`, `max` and
    ///     `collect_list` go over all of its rows, and the variable itself is the array of them. Null for a variable
    ///     that has no rows.
    /// @throws QueryException `INVALID_PATTERN`, `UNRESOLVED_COLUMN` and what else the expressions are refused for
    public DataFrame select(Column... measures) {
        return matches(false, Arrays.asList(measures));
    }

    /// As [#select], with a row also for each beginning of a match that is not complete when the time of
    /// [Pattern#within] is over; `timed_out`, a column behind `match_end`, says which those are. Their `match_end` is
    /// when the time was over.
    ///
    /// @throws QueryException `INVALID_PATTERN` if the pattern has no `within(…)`
    public DataFrame selectWithTimedOut(Column... measures) {
        if (pattern.time().isEmpty()) {
            throw PatternExpressions.invalid("selectWithTimedOut(…) needs within(…): nothing times out without it.");
        }
        return matches(true, Arrays.asList(measures));
    }

    private DataFrame matches(boolean timedOut, List<Column> measures) {
        Session session = input.session();
        return session.analyzing(() -> {
            Rows rows = rows(measures);
            MatchCall call =
                    new MatchCall(rows.frame().schema(), rows.keys(), rows.time(), rows.order(), bound(rows), timedOut);
            DataFrame found = DataFrame.of(
                    session, new NamedPlan.MapGroups(List.of(rows.frame().identified()), call), rows.frame());
            PatternExpressions expressions = new PatternExpressions(variables(), found.schema(), "select(…)");
            List<Column> columns = new ArrayList<>();
            int given = rows.keys().size() + (timedOut ? 3 : 2);
            found.schema().names().subList(0, given).forEach(name -> columns.add(column(name)));
            for (Column measure : measures) {
                String name = measure.expr().outputName();
                columns.add(new Column(expressions.rewrite(measure.expr())).as(name));
            }
            return found.select(columns.toArray(Column[]::new));
        });
    }

    private static Column column(String name) {
        return new Column(new NamedExpr.Name(List.of(name), OptionalLong.empty()));
    }

    private List<String> variables() {
        return pattern.stages().stream()
                .filter(stage -> !stage.negated())
                .map(Pattern.Stage::name)
                .toList();
    }

    /// The rows that the pattern is looked for in, with the columns that are asked for.
    private record Rows(DataFrame frame, List<Integer> keys, int time, List<MatchCall.Order> order) {}

    private Rows rows(List<Column> measures) {
        PatternExpressions names = new PatternExpressions(variables(), input.schema(), "matchPattern(…)");
        Set<String> needed = new HashSet<>();
        boolean whole = false;
        for (Pattern.Stage stage : pattern.stages()) {
            for (Optional<Column> condition : List.of(stage.condition(), stage.until())) {
                whole |= condition.isPresent() && names.needed(condition.get().expr(), needed);
            }
        }
        for (Column measure : measures) {
            whole |= names.needed(measure.expr(), needed);
        }
        List<Column> columns = new ArrayList<>();
        List<String> columnNames = new ArrayList<>();
        List<Integer> keyColumns = new ArrayList<>();
        for (Column key : keys) {
            keyColumns.add(add(key, key.expr().outputName(), columns, columnNames));
        }
        List<MatchCall.Order> order = new ArrayList<>();
        for (Column by : orderBy) {
            NamedExpr.SortOrder sort = by.expr() instanceof NamedExpr.SortOrder given
                    ? given
                    : new NamedExpr.SortOrder(by.expr(), Direction.ASC, NullOrder.FIRST);
            int column = add(new Column(sort.input()), sort.input().outputName(), columns, columnNames);
            order.add(new MatchCall.Order(column, sort.direction(), sort.nulls()));
        }
        for (StructField field : input.schema().fieldList()) {
            if (whole || needed.contains(field.name().toLowerCase(Locale.ROOT))) {
                add(column(field.name()), field.name(), columns, columnNames);
            }
        }
        DataFrame frame = input.select(columns.toArray(Column[]::new));
        return new Rows(frame, keyColumns, time(frame.schema(), order), order.subList(1, order.size()));
    }

    private static int add(Column column, String name, List<Column> columns, List<String> names) {
        int at = names.indexOf(name.toLowerCase(Locale.ROOT));
        if (at >= 0) {
            return at;
        }
        columns.add(column);
        names.add(name.toLowerCase(Locale.ROOT));
        return names.size() - 1;
    }

    private static int time(StructType rows, List<MatchCall.Order> order) {
        if (order.isEmpty()) {
            throw PatternExpressions.invalid("say what orders the rows, as matchPattern(pattern, col(\"ts\")).");
        }
        MatchCall.Order first = order.getFirst();
        StructField field = rows.field(first.column());
        if (first.direction() != Direction.ASC
                || !(field.dataType() instanceof TimestampType || field.dataType() instanceof TimestampNTZType)) {
            throw PatternExpressions.invalid("the rows are ordered by '" + field.name() + "', which is "
                    + field.dataType().simpleString() + (first.direction() == Direction.ASC ? "" : ", descending")
                    + ". The first column of the order is a timestamp, ascending.");
        }
        for (MatchCall.Order by : order) {
            if (!CellOrder.isOrdered(rows.field(by.column()).dataType())) {
                throw PatternExpressions.invalid(
                        "the rows are ordered by '" + rows.field(by.column()).name() + "', and maps have no order.");
            }
        }
        return first.column();
    }

    private BoundPattern bound(Rows rows) {
        StructType schema = rows.frame().schema();
        for (Pattern.Stage stage : pattern.stages()) {
            if (schema.names().stream().anyMatch(stage.name()::equalsIgnoreCase)) {
                throw PatternExpressions.invalid(
                        "the variable '" + stage.name() + "' has the name of a column. Rename it.");
            }
        }
        StructType scope = schema.add(new StructField(PatternExpressions.PREVIOUS, schema, true));
        for (String variable : variables()) {
            scope = scope.add(new StructField(variable, new ArrayType(schema, false), false));
        }
        PatternExpressions conditions = new PatternExpressions(variables(), scope, "a condition of the pattern");
        List<BoundPattern.Stage> stages = new ArrayList<>();
        List<List<BoundPattern.Guard>> guards = new ArrayList<>();
        List<BoundPattern.Guard> guarding = new ArrayList<>();
        for (Pattern.Stage stage : pattern.stages()) {
            Optional<BoundExpr> condition = bound(conditions, stage.condition());
            if (stage.negated()) {
                guarding.add(new BoundPattern.Guard(condition, stage.contiguity() == Pattern.Contiguity.STRICT));
                continue;
            }
            guards.add(guarding);
            guarding = new ArrayList<>();
            stages.add(new BoundPattern.Stage(
                    stage.name(),
                    contiguity(stage.contiguity()),
                    condition,
                    stage.min(),
                    stage.max(),
                    stage.optional(),
                    stage.greedy(),
                    contiguity(stage.inner()),
                    bound(conditions, stage.until())));
        }
        guards.add(guarding);
        OptionalLong within = pattern.time().isPresent()
                ? OptionalLong.of(pattern.time().get().toNanos() / 1_000)
                : OptionalLong.empty();
        return new BoundPattern(stages, guards, skip(), within);
    }

    private static Optional<BoundExpr> bound(PatternExpressions conditions, Optional<Column> condition) {
        return condition.map(column ->
                Analyzer.bindCondition(conditions.rewrite(column.expr()), conditions.schema(), conditions.place()));
    }

    private static BoundPattern.Contiguity contiguity(Pattern.Contiguity given) {
        return switch (given) {
            case STRICT -> BoundPattern.Contiguity.STRICT;
            case RELAXED -> BoundPattern.Contiguity.RELAXED;
            case ANY -> BoundPattern.Contiguity.ANY;
        };
    }

    private BoundPattern.Skip skip() {
        return switch (pattern.skipStrategy()) {
            case AfterMatchSkipStrategy.NoSkip() -> new BoundPattern.Skip(BoundPattern.Skip.Target.NONE, 0);
            case AfterMatchSkipStrategy.SkipToNext() -> new BoundPattern.Skip(BoundPattern.Skip.Target.NEXT, 0);
            case AfterMatchSkipStrategy.SkipPastLastEvent() ->
                new BoundPattern.Skip(BoundPattern.Skip.Target.PAST_LAST, 0);
            case AfterMatchSkipStrategy.SkipToFirst(String variable) ->
                new BoundPattern.Skip(
                        BoundPattern.Skip.Target.FIRST, variables().indexOf(variable));
            case AfterMatchSkipStrategy.SkipToLast(String variable) ->
                new BoundPattern.Skip(BoundPattern.Skip.Target.LAST, variables().indexOf(variable));
        };
    }
}
