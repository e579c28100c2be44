package dev.headrace.plan;

import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;

/// How many rows a plan gives, where that is known before any is read: what tables keep in footers and logs, and what
/// needs no table. No estimate: [RowEstimate] makes those.
public final class KnownRows {
    private KnownRows() {}

    /// The rows; empty if they have to be read to be counted, or rows below are observed, which have to be read.
    public static OptionalLong of(LogicalPlan plan) {
        return isObserved(plan) ? OptionalLong.empty() : known(plan);
    }

    private static boolean isObserved(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Observe || plan.inputs().stream().anyMatch(KnownRows::isObserved);
    }

    private static OptionalLong known(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Scan scan ->
                scan.request().filters().isEmpty() ? scan.table().exactRowCount() : OptionalLong.empty();
            case LogicalPlan.LocalRelation relation ->
                OptionalLong.of(relation.rows().size());
            case LogicalPlan.Range range -> numbers(range);
            case LogicalPlan.Project(LogicalPlan input, var _) -> known(input);
            case LogicalPlan.Sort(LogicalPlan input, var _) -> known(input);
            case LogicalPlan.Window window -> known(window.input());
            case LogicalPlan.Limit(LogicalPlan input, long count, long offset) -> {
                OptionalLong all = known(input);
                yield all.isPresent()
                        ? OptionalLong.of(Math.clamp(all.getAsLong() - offset, 0, count))
                        : OptionalLong.empty();
            }
            case LogicalPlan.Union(List<LogicalPlan> inputs) -> sum(inputs);
            case LogicalPlan.Aggregate aggregate ->
                aggregate.keys().isEmpty() ? OptionalLong.of(1) : OptionalLong.empty();
            case LogicalPlan.AsOfJoin join when join.type() == JoinType.LEFT_OUTER -> known(join.left());
            case LogicalPlan.Filter _,
                    LogicalPlan.AsOfJoin _,
                    LogicalPlan.LookupJoin _,
                    LogicalPlan.Join _,
                    LogicalPlan.Explode _,
                    LogicalPlan.Deduplicate _,
                    LogicalPlan.MapGroups _,
                    LogicalPlan.Shed _,
                    LogicalPlan.Observe _,
                    LogicalPlan.Watermark _ -> OptionalLong.empty();
        };
    }

    /// Bounds may be so far apart that their difference is no long.
    private static OptionalLong numbers(LogicalPlan.Range range) {
        BigInteger step = BigInteger.valueOf(range.step());
        BigInteger[] whole = BigInteger.valueOf(range.end())
                .subtract(BigInteger.valueOf(range.start()))
                .divideAndRemainder(step);
        BigInteger rows = whole[1].signum() == 0 ? whole[0] : whole[0].add(BigInteger.ONE);
        boolean forward = Long.signum(range.step()) == Long.compare(range.end(), range.start());
        if (!forward) {
            return OptionalLong.of(0);
        }
        return rows.bitLength() < Long.SIZE ? OptionalLong.of(rows.longValue()) : OptionalLong.empty();
    }

    private static OptionalLong sum(List<LogicalPlan> inputs) {
        long sum = 0;
        for (LogicalPlan input : inputs) {
            OptionalLong rows = known(input);
            if (rows.isEmpty()) {
                return rows;
            }
            if (rows.getAsLong() > Long.MAX_VALUE - sum) {
                return OptionalLong.empty();
            }
            sum += rows.getAsLong();
        }
        return OptionalLong.of(sum);
    }
}
