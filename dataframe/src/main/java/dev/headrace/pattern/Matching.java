package dev.headrace.pattern;

import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The search for a pattern in the rows of one key, which come in their order.
///
/// A run has a set of stages that may take the next row. For each row a run splits: into a run for each stage that
/// takes the row, and one that ignores it, for which only those stages stay that may be waited for. What a stage may
/// ignore is its contiguity: nothing, rows that do not match, or any. So the runs depend on the sequence of rows alone.
final class Matching {
    private final BoundPattern pattern;
    private final int timeColumn;
    private final EvalContext context;
    private final Matches matches;
    private List<List<@Nullable Object>> rows;
    private List<Run> runs;

    /// Takes what is found.
    interface Matches {
        /// @param byStage for each stage the rows that it has taken
        /// @param end when the match is known, in microseconds
        void found(List<List<List<@Nullable Object>>> byStage, long start, long end, boolean timedOut);
    }

    /// @param rows those that the runs refer to
    Matching(
            BoundPattern pattern,
            int timeColumn,
            EvalContext context,
            List<List<@Nullable Object>> rows,
            List<Run> runs,
            Matches matches) {
        this.pattern = pattern;
        this.timeColumn = timeColumn;
        this.context = context;
        this.rows = new ArrayList<>(rows);
        this.runs = runs;
        this.matches = matches;
    }

    /// The next row.
    void take(List<@Nullable Object> row) {
        timeOut(time(row));
        int index = rows.size();
        rows.add(row);
        List<Run> next = new ArrayList<>();
        List<Run> complete = new ArrayList<>();
        for (Run run : runs) {
            split(run, index, next, complete);
        }
        split(Run.beginning(pattern), index, next, complete);
        next.removeIf(run -> run.stage() == Run.NOWHERE);
        runs = next;
        complete.sort(Comparator.comparingInt(Run::first));
        give(complete, run -> time(rows.get(run.last())));
    }

    private interface EndTime {
        long of(Run run);
    }

    /// Gives matches in the order of their beginnings, but for those that an earlier one skips.
    private void give(List<Run> complete, EndTime end) {
        List<Run> left = new ArrayList<>(complete);
        while (!left.isEmpty()) {
            Run match = left.removeFirst();
            give(match, end.of(match), false);
            skip(match, left);
            skip(match, runs);
        }
    }

    private void give(Run run, long end, boolean timedOut) {
        List<List<List<@Nullable Object>>> byStage = new ArrayList<>();
        for (int stage = 0; stage < pattern.end(); stage++) {
            byStage.add(taken(run, stage));
        }
        matches.found(byStage, time(rows.get(run.first())), end, timedOut);
    }

    private void skip(Run match, List<Run> others) {
        BoundPattern.Skip skip = pattern.skip();
        int to = switch (skip.target()) {
            case NONE -> match.first();
            case NEXT -> match.first() + 1;
            case PAST_LAST -> match.last() + 1;
            case FIRST -> rowOf(match, skip.stage(), true);
            case LAST -> rowOf(match, skip.stage(), false);
        };
        others.removeIf(run -> run.first() >= match.first() && run.first() < to);
    }

    private static int rowOf(Run match, int stage, boolean first) {
        int found = match.first();
        for (int i = 0; i < match.rows().length; i++) {
            if (match.stages()[i] == stage) {
                found = match.rows()[i];
                if (first) {
                    return found;
                }
            }
        }
        return found;
    }

    /// Ends the runs that may take no rows of this time or later.
    void timeOut(long micros) {
        if (pattern.withinMicros().isEmpty()) {
            return;
        }
        Set<Long> deadlines = new TreeSet<>();
        runs.forEach(run -> deadlines.add(deadline(run)));
        for (long deadline : deadlines) {
            if (deadline > micros) {
                return;
            }
            List<Run> complete = new ArrayList<>();
            List<Run> partial = new ArrayList<>();
            for (Run run : runs) {
                if (deadline(run) == deadline) {
                    (run.isAlive(pattern.end()) ? complete : partial).add(run);
                }
            }
            runs.removeIf(run -> deadline(run) == deadline);
            give(complete, _ -> deadline);
            partial.forEach(run -> give(run, deadline, true));
        }
    }

    private long deadline(Run run) {
        return Math.addExact(time(rows.get(run.first())), pattern.withinMicros().orElse(0));
    }

    /// When the next run ends, in microseconds.
    Optional<Long> nextDeadline() {
        return pattern.withinMicros().isEmpty()
                ? Optional.empty()
                : runs.stream().map(this::deadline).min(Comparator.naturalOrder());
    }

    private void split(Run run, int index, List<Run> next, List<Run> complete) {
        long waiting = 0;
        int place = next.size();
        for (int target = Math.max(0, run.stage()); target <= pattern.end(); target++) {
            if (!run.isAlive(target) || isGuarded(run, target, index)) {
                continue;
            }
            if (target == pattern.end()) {
                waiting |= 1L << target;
                continue;
            }
            BoundPattern.Stage stage = pattern.stages().get(target);
            boolean again = target == run.stage();
            boolean stopped = stage.until().isPresent() && holds(stage.until(), run, index);
            boolean takes = !stopped && holds(stage.condition(), run, index);
            if (takes) {
                Run more = run.taking(target, index, pattern);
                if (more.alive() != 0) {
                    next.add(more);
                }
                if (pattern.isMatch(target, more.count())) {
                    complete.add(more);
                }
                if (stage.greedy()) {
                    break;
                }
            }
            boolean waits = switch (again ? stage.inner() : stage.entry()) {
                case STRICT -> false;
                case RELAXED -> !takes;
                case ANY -> true;
            };
            if (waits && !(again && stopped)) {
                waiting |= 1L << target;
            }
        }
        if (waiting != 0) {
            // The run that has been there before comes first.
            next.add(place, run.ignoring(waiting));
        }
    }

    /// Whether the row is one that must not come before the target.
    private boolean isGuarded(Run run, int target, int index) {
        if (run.stage() == Run.NOWHERE || target == run.stage()) {
            return false;
        }
        for (int before = run.stage() + 1; before <= target; before++) {
            for (BoundPattern.Guard guard : pattern.guards().get(before)) {
                if ((run.fresh() || !guard.next()) && holds(guard.condition(), run, index)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holds(Optional<BoundExpr> condition, Run run, int index) {
        if (condition.isEmpty()) {
            return true;
        }
        List<@Nullable Object> row = rows.get(index);
        int width = row.size();
        return Interpreter.isTrue(
                condition.get(),
                ordinal -> {
                    if (ordinal < width) {
                        return row.get(ordinal);
                    }
                    return ordinal > width
                            ? taken(run, ordinal - width - 1)
                            : run.stage() == Run.NOWHERE ? null : rows.get(run.last());
                },
                context);
    }

    private List<List<@Nullable Object>> taken(Run run, int stage) {
        List<List<@Nullable Object>> taken = new ArrayList<>();
        for (int i = 0; i < run.rows().length; i++) {
            if (run.stages()[i] == stage) {
                taken.add(rows.get(run.rows()[i]));
            }
        }
        return taken;
    }

    private long time(List<@Nullable Object> row) {
        return row.get(timeColumn) instanceof Long micros ? micros : Long.MIN_VALUE;
    }

    /// Forgets the rows that no run refers to.
    void compact() {
        Set<Integer> used = new LinkedHashSet<>();
        runs.forEach(run -> {
            for (int row : run.rows()) {
                used.add(row);
            }
        });
        int[] places = new int[rows.size()];
        List<List<@Nullable Object>> kept = new ArrayList<>();
        for (int row = 0; row < places.length; row++) {
            if (used.contains(row)) {
                places[row] = kept.size();
                kept.add(rows.get(row));
            }
        }
        rows = kept;
        runs = new ArrayList<>(runs.stream()
                .map(run -> run.withRows(java.util.Arrays.stream(run.rows())
                        .map(row -> places[row])
                        .toArray()))
                .toList());
    }

    List<List<@Nullable Object>> rows() {
        return rows;
    }

    List<Run> runs() {
        return runs;
    }
}
