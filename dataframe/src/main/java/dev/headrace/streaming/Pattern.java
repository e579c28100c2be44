package dev.headrace.streaming;

import dev.headrace.Column;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.IntervalText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A pattern of rows that follow each other: what `groupBy(…).matchPattern(…)` looks for in the rows of each key.
///
/// ```java
/// Pattern.begin("small").where(col("amount").lt(1)).timesOrMore(3)
///         .followedBy("large").where(col("amount").gt(500))
///         .within("10 minutes");
/// ```
///
/// A pattern is a sequence of *variables*. Each takes one row, or several, for which its condition is true. A condition
/// sees the columns of the row; `small.amount` is the column in the last row that a variable has taken so far,
/// `prev.amount` in the last row that the match has taken; `first(small.amount)`, `sum(small.amount)` and other
/// aggregates are over all rows that the variable has taken so far. Immutable; methods give another pattern.
public final class Pattern {
    private static final int MAX_STAGES = 60;
    private static final Set<String> RESERVED = Set.of("prev", "match_start", "match_end", "timed_out");

    private final List<Stage> stages;
    private final AfterMatchSkipStrategy skip;
    private final Optional<Duration> within;

    /// What may come between a row and the one before it in the match.
    public enum Contiguity {
        /// Nothing.
        STRICT,
        /// Rows that do not match.
        RELAXED,
        /// Any rows: also such as match.
        ANY
    }

    /// One variable.
    ///
    /// @param contiguity to the row before its first one
    /// @param negated whether no such row may come
    /// @param condition absent: any row
    /// @param min,max how many rows it takes
    /// @param optional whether it may take none instead
    /// @param greedy whether it takes rows as long as they match, when the next variable could take them as well
    /// @param inner contiguity of its second and later rows
    /// @param until it takes no row for which this is true, and none after it
    public record Stage(
            String name,
            Contiguity contiguity,
            boolean negated,
            Optional<Column> condition,
            int min,
            int max,
            boolean optional,
            boolean greedy,
            Contiguity inner,
            Optional<Column> until) {
        Stage where(Column and) {
            return with(Optional.of(condition.map(c -> c.and(and)).orElse(and)));
        }

        Stage or(Column or) {
            return with(condition.map(c -> c.or(or)));
        }

        private Stage with(Optional<Column> changed) {
            return new Stage(name, contiguity, negated, changed, min, max, optional, greedy, inner, until);
        }

        Stage times(int from, int to) {
            return new Stage(name, contiguity, negated, condition, from, to, optional, greedy, inner, until);
        }

        Stage asOptional() {
            return new Stage(name, contiguity, negated, condition, min, max, true, greedy, inner, until);
        }

        Stage asGreedy() {
            return new Stage(name, contiguity, negated, condition, min, max, optional, true, inner, until);
        }

        Stage inner(Contiguity changed) {
            return new Stage(name, contiguity, negated, condition, min, max, optional, greedy, changed, until);
        }

        Stage until(Column stop) {
            return new Stage(
                    name, contiguity, negated, condition, min, max, optional, greedy, inner, Optional.of(stop));
        }

        boolean repeats() {
            return max > 1;
        }
    }

    private Pattern(List<Stage> stages, AfterMatchSkipStrategy skip, Optional<Duration> within) {
        this.stages = List.copyOf(stages);
        this.skip = skip;
        this.within = within;
    }

    /// A pattern that begins with a row of this variable, and gives every match.
    ///
    /// @throws QueryException `INVALID_PATTERN` if the name is reserved
    public static Pattern begin(String variable) {
        return begin(variable, AfterMatchSkipStrategy.noSkip());
    }

    /// A pattern that begins with a row of this variable.
    public static Pattern begin(String variable, AfterMatchSkipStrategy skip) {
        return new Pattern(List.of(), skip, Optional.empty()).then(variable, Contiguity.ANY, false);
    }

    /// The condition of the variable that was named last; with an earlier one, both must be true.
    public Pattern where(Column condition) {
        return last(last().where(condition));
    }

    /// Another condition of the variable that was named last: one of them must be true.
    ///
    /// @throws QueryException `INVALID_PATTERN` if it has none
    public Pattern or(Column condition) {
        if (last().condition().isEmpty()) {
            throw invalid(
                    "or(…) of '" + last().name() + "' comes before where(…): without a condition any row is taken.");
        }
        return last(last().or(condition));
    }

    /// Then the very next row must be of this variable.
    public Pattern next(String variable) {
        return then(variable, Contiguity.STRICT, false);
    }

    /// Then the next row that matches, however many do not in between.
    public Pattern followedBy(String variable) {
        return then(variable, Contiguity.RELAXED, false);
    }

    /// Then any later row that matches: each gives a match of its own.
    public Pattern followedByAny(String variable) {
        return then(variable, Contiguity.ANY, false);
    }

    /// Then the very next row must not be such a one.
    public Pattern notNext(String variable) {
        return then(variable, Contiguity.STRICT, true);
    }

    /// Then no such row comes before the next variable's, or, at the pattern's end, before the time of [#within] is
    /// over.
    public Pattern notFollowedBy(String variable) {
        return then(variable, Contiguity.RELAXED, true);
    }

    /// One or more rows.
    public Pattern oneOrMore() {
        return times("oneOrMore()", 1, Integer.MAX_VALUE);
    }

    /// Exactly so many rows.
    ///
    /// @throws QueryException `INVALID_PATTERN` if it is not positive
    public Pattern times(int count) {
        return times("times(" + count + ")", count, count);
    }

    /// From so many rows to so many.
    public Pattern times(int from, int to) {
        return times("times(" + from + ", " + to + ")", from, to);
    }

    /// So many rows or more.
    public Pattern timesOrMore(int count) {
        return times("timesOrMore(" + count + ")", count, Integer.MAX_VALUE);
    }

    private Pattern times(String call, int from, int to) {
        positive(call);
        if (from < 1 || to < from) {
            throw invalid(call + " of '" + last().name() + "': a variable takes at least one row; if it may take none, "
                    + "say optional() as well.");
        }
        return last(last().times(from, to));
    }

    /// The variable may also take no row.
    public Pattern optional() {
        positive("optional()");
        return last(last().asOptional());
    }

    /// A row that both this variable and a later one could take is taken by this one. Without effect for the last
    /// variable.
    ///
    /// @throws QueryException `INVALID_PATTERN` if it takes one row only
    public Pattern greedy() {
        repeated("greedy()");
        return last(last().asGreedy());
    }

    /// Its rows follow each other with nothing in between.
    public Pattern consecutive() {
        repeated("consecutive()");
        return last(last().inner(Contiguity.STRICT));
    }

    /// Its rows may have others in between that match: each choice of rows is a match.
    public Pattern allowCombinations() {
        repeated("allowCombinations()");
        return last(last().inner(Contiguity.ANY));
    }

    /// The variable takes no row for which this is true, and none after it.
    public Pattern until(Column condition) {
        repeated("until(…)");
        return last(last().until(condition));
    }

    /// How long a match may take: all of its rows come less than that after its first one.
    ///
    /// @throws QueryException `INVALID_INTERVAL`, or `INVALID_PATTERN` if it is not positive
    public Pattern within(String interval) {
        return within(Duration.of(IntervalText.micros(interval), java.time.temporal.ChronoUnit.MICROS));
    }

    /// How long a match may take: all of its rows come less than that after its first one.
    public Pattern within(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw invalid("within(" + time + "): the time must be positive.");
        }
        return new Pattern(stages, skip, Optional.of(time));
    }

    /// The variables in order, the negated ones among them.
    ///
    /// @throws QueryException `INVALID_PATTERN` if the pattern ends with what can't be known there, or skips to what it
    ///     does not have
    public List<Stage> stages() {
        if (last().negated() && (last().contiguity() == Contiguity.STRICT || within.isEmpty())) {
            throw invalid(
                    last().contiguity() == Contiguity.STRICT
                            ? "a pattern can't end with notNext(\"" + last().name()
                                    + "\"): end it with notFollowedBy(…) and within(…)."
                            : "a pattern that ends with notFollowedBy(\"" + last().name()
                                    + "\") needs within(…), which says when it is known that no such row comes.");
        }
        Optional<String> target = switch (skip) {
            case AfterMatchSkipStrategy.SkipToFirst(String variable) -> Optional.of(variable);
            case AfterMatchSkipStrategy.SkipToLast(String variable) -> Optional.of(variable);
            case AfterMatchSkipStrategy _ -> Optional.empty();
        };
        if (target.isPresent()
                && stages.stream().noneMatch(s -> !s.negated() && s.name().equals(target.get()))) {
            throw invalid("it skips to '" + target.get() + "', which is none of its variables "
                    + stages.stream().filter(s -> !s.negated()).map(Stage::name).toList() + ".");
        }
        return stages;
    }

    public AfterMatchSkipStrategy skipStrategy() {
        return skip;
    }

    /// How long a match may take, if that is limited.
    public Optional<Duration> time() {
        return within;
    }

    private Pattern then(String variable, Contiguity contiguity, boolean negated) {
        Set<String> names = new HashSet<>(RESERVED);
        stages.forEach(stage -> names.add(stage.name().toLowerCase(Locale.ROOT)));
        if (variable.isBlank() || variable.contains(".") || names.contains(variable.toLowerCase(Locale.ROOT))) {
            throw invalid(
                    "'" + variable + "' can't be the name of a variable: it must be a word of its own, not one of "
                            + names.stream().sorted().toList() + ".");
        }
        if (stages.size() == MAX_STAGES) {
            throw invalid("it has more than " + MAX_STAGES + " variables. Use times(n) where a variable repeats.");
        }
        List<Stage> more = new ArrayList<>(stages);
        more.add(new Stage(
                variable,
                contiguity,
                negated,
                Optional.empty(),
                1,
                1,
                false,
                false,
                Contiguity.RELAXED,
                Optional.empty()));
        return new Pattern(more, skip, within);
    }

    private Stage last() {
        return stages.getLast();
    }

    private Pattern last(Stage changed) {
        List<Stage> all = new ArrayList<>(stages);
        all.set(all.size() - 1, changed);
        return new Pattern(all, skip, within);
    }

    private void positive(String call) {
        if (last().negated()) {
            throw invalid(call + " can't follow notNext or notFollowedBy('" + last().name() + "').");
        }
    }

    private void repeated(String call) {
        positive(call);
        if (!last().repeats()) {
            throw invalid(
                    call + " of '" + last().name() + "': it takes one row only. Say oneOrMore() or times(…) before.");
        }
    }

    private static QueryException invalid(String what) {
        return new QueryException("INVALID_PATTERN", "The pattern can't be matched: " + what);
    }
}
