package dev.headrace.pattern;

import dev.headrace.plan.BoundExpr;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A pattern whose conditions are bound.
///
/// Conditions are over the columns of a row, then `prev`, the last row that the match has taken, as a struct, then for
/// each stage the rows that it has taken, as an array of structs.
///
/// @param stages what takes rows, in order
/// @param guards for each stage, and for the end, what must not come before it
/// @param withinMicros rows come less than that after the match's first one
public record BoundPattern(List<Stage> stages, List<List<Guard>> guards, Skip skip, OptionalLong withinMicros) {
    public BoundPattern {
        stages = List.copyOf(stages);
        guards = guards.stream().map(List::copyOf).toList();
    }

    /// What may come between a row and the one before it in the match.
    public enum Contiguity {
        STRICT,
        RELAXED,
        ANY
    }

    /// A variable.
    ///
    /// @param entry contiguity of its first row
    /// @param condition absent: any row
    /// @param min how many rows it takes at least, if it takes any
    /// @param inner contiguity of its later rows
    /// @param until it takes no row for which this is true, and none after it
    public record Stage(
            String name,
            Contiguity entry,
            Optional<BoundExpr> condition,
            int min,
            int max,
            boolean optional,
            boolean greedy,
            Contiguity inner,
            Optional<BoundExpr> until) {}

    /// A row that must not come.
    ///
    /// @param next whether only the very next row is meant
    public record Guard(Optional<BoundExpr> condition, boolean next) {}

    /// What a match makes be skipped.
    ///
    /// @param stage of [Target#FIRST] and [Target#LAST]
    public record Skip(Target target, int stage) {
        /// Up to where.
        public enum Target {
            NONE,
            NEXT,
            PAST_LAST,
            FIRST,
            LAST
        }
    }

    /// The end, as the target of a run that waits for nothing to come.
    int end() {
        return stages.size();
    }

    boolean endIsGuarded() {
        return !guards.get(end()).isEmpty();
    }

    /// Where a run can go that has taken `count` rows at a stage, as bits by stage; the stage itself if it takes more.
    long targets(int stage, int count) {
        long targets = count < stages.get(stage).max() ? 1L << stage : 0;
        return count >= stages.get(stage).min() ? targets | after(stage) : targets;
    }

    /// The stages that can come after a stage, up to the first that must; the end only if it is guarded.
    long after(int stage) {
        long targets = 0;
        for (int next = stage + 1; next < end(); next++) {
            targets |= 1L << next;
            if (!stages.get(next).optional()) {
                return targets;
            }
        }
        return endIsGuarded() ? targets | 1L << end() : targets;
    }

    /// Whether a run that has taken `count` rows at a stage is a match.
    boolean isMatch(int stage, int count) {
        return !endIsGuarded()
                && count >= stages.get(stage).min()
                && stages.subList(stage + 1, end()).stream().allMatch(Stage::optional);
    }
}
