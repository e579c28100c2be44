package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Explode;
import dev.headrace.plan.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a condition on rows that have been repeated with numbers, as those of ROLLUP, CUBE and GROUPING SETS are, asks
/// of the rows themselves.
///
/// @param numbers those for which it may hold
/// @param rests for each of them what is left to ask, all of which must hold
record NumberedCondition(List<BoundExpr> numbers, List<List<BoundExpr>> rests) {
    private static final BoundExpr TRUE = new BoundExpr.Literal(Scalar.TRUE);

    /// Empty if the condition does not look at a number.
    static Optional<NumberedCondition> of(LogicalPlan input, BoundExpr condition) {
        if (!(input instanceof Explode repeated) || repeated.withPosition() || !condition.deterministic()) {
            return Optional.empty();
        }
        int width = repeated.input().schema().size();
        List<BoundExpr> all = GroupingSets.numbers(repeated);
        if (all.isEmpty() || !Columns.usedBy(condition).get(width)) {
            return Optional.empty();
        }
        List<BoundExpr> numbers = new ArrayList<>();
        List<List<BoundExpr>> rests = new ArrayList<>();
        for (BoundExpr number : all) {
            List<BoundExpr> parts = Conjuncts.of(condition).stream()
                    .map(part -> GroupingSets.valueOf(part, width, number))
                    .filter(part -> !part.equals(TRUE))
                    .toList();
            // False or null.
            if (parts.stream().noneMatch(BoundExpr.Literal.class::isInstance)) {
                numbers.add(number);
                rests.add(parts);
            }
        }
        return Optional.of(new NumberedCondition(numbers, rests));
    }

    /// Whether it asks the same for all numbers.
    boolean isOne() {
        return rests.stream().distinct().count() <= 1;
    }
}
