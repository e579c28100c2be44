package dev.headrace.plan;

import java.util.ArrayList;
import java.util.List;

/// Takes out of a disjunction what all its branches demand: `a AND b OR a AND c` is `a AND (b OR c)`.
public final class SharedConditions {
    private SharedConditions() {}

    /// Everywhere in a condition that consists of `AND` and `OR`.
    static BoundExpr takenOut(BoundExpr condition) {
        return switch (condition) {
            case BoundExpr.And(BoundExpr left, BoundExpr right) -> new BoundExpr.And(takenOut(left), takenOut(right));
            case BoundExpr.Or(BoundExpr left, BoundExpr right) ->
                ofOr(new BoundExpr.Or(takenOut(left), takenOut(right)));
            default -> condition;
        };
    }

    /// Of this disjunction's two branches; the disjunction itself if they share nothing.
    public static BoundExpr ofOr(BoundExpr.Or or) {
        List<BoundExpr> lefts = new ArrayList<>(Decorrelation.conjuncts(or.left()));
        List<BoundExpr> rights = new ArrayList<>(Decorrelation.conjuncts(or.right()));
        List<BoundExpr> shared = new ArrayList<>(lefts);
        shared.removeIf(part -> !part.deterministic() || !rights.contains(part));
        if (shared.isEmpty()) {
            return or;
        }
        lefts.removeAll(shared);
        rights.removeAll(shared);
        if (!lefts.isEmpty() && !rights.isEmpty()) {
            shared.add(new BoundExpr.Or(all(lefts), all(rights)));
        }
        return all(shared);
    }

    private static BoundExpr all(List<BoundExpr> parts) {
        return Chains.<BoundExpr>combined(parts, BoundExpr.And::new).orElseThrow();
    }
}
