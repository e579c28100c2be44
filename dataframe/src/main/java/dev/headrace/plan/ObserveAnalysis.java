package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Analyzes `observe`: the aggregates, and what is computed of them.
final class ObserveAnalysis {
    private ObserveAnalysis() {}

    static Resolved of(Analyzer analyzer, Resolved input, List<NamedExpr> metrics, Observer observer) {
        LogicalPlan rows = input.plan();
        String place = "observe(\"" + observer.name() + "\", …)";
        checkName(rows, place, observer);
        LogicalPlan selected = Selection.aggregate(analyzer, input, List.of(), metrics, Optional.empty())
                .plan();
        List<OutputColumn> results = Decorrelation.identity(selected);
        if (selected instanceof LogicalPlan.Project(LogicalPlan below, List<OutputColumn> columns)) {
            selected = below;
            results = columns;
        }
        if (!(selected
                        instanceof
                        LogicalPlan.Aggregate(
                                LogicalPlan below,
                                List<OutputColumn> _,
                                List<LogicalPlan.Aggregate.Aggregation> aggregates,
                                Optional<Firing> _))
                || !below.equals(rows)) {
            throw invalid(
                    place, "Window functions and subqueries can't be observed. Compute them with select(…) before.");
        }
        for (LogicalPlan.Aggregate.Aggregation aggregation : aggregates) {
            if (aggregation.call().distinct()) {
                throw invalid(
                        place,
                        aggregation.call().text()
                                + " would need all its values at once. Use approx_count_distinct, or compute it with"
                                + " agg(…).");
            }
        }
        checkDistinct(results, place);
        return Resolved.of(new LogicalPlan.Observe(rows, aggregates, results, observer), input.scope());
    }

    private static void checkDistinct(List<OutputColumn> results, String place) {
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (OutputColumn result : results) {
            if (!names.add(result.name())) {
                throw invalid(place, "Two metrics are called '" + result.name() + "'. Give each a name: as(…).");
            }
        }
    }

    private static void checkName(LogicalPlan plan, String place, Observer observer) {
        if (plan instanceof LogicalPlan.Observe below && below.observer().name().equals(observer.name())) {
            throw new QueryException(
                    "DUPLICATED_METRICS_NAME",
                    place + ": the rows are observed under this name already. Choose another one.");
        }
        plan.inputs().forEach(input -> checkName(input, place, observer));
    }

    private static QueryException invalid(String place, String what) {
        return new QueryException("INVALID_OBSERVED_METRICS", place + ": " + what);
    }
}
