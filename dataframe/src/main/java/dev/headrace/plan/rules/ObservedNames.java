package dev.headrace.plan.rules;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.LogicalPlan;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The metrics of a query go by their names. The same observed rows may be in it twice, as in a join with themselves.
final class ObservedNames {
    private ObservedNames() {}

    /// @throws QueryException `DUPLICATED_METRICS_NAME`
    static void check(LogicalPlan plan) {
        check(plan, new HashMap<>());
    }

    private static void check(LogicalPlan plan, Map<String, LogicalPlan> known) {
        if (plan instanceof LogicalPlan.Observe observe) {
            String name = observe.observer().name();
            @Nullable LogicalPlan other = known.putIfAbsent(name, observe);
            if (other != null && !other.equals(observe)) {
                throw new QueryException(
                        "DUPLICATED_METRICS_NAME",
                        "observe(\"" + name
                                + "\", …): other rows of the query are observed under this name, too. Choose another one.");
            }
        }
        plan.inputs().forEach(input -> check(input, known));
    }
}
