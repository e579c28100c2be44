package dev.headrace.exec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What each operator of a plan did in one run: how many rows it gave and how long threads worked for it.
///
/// Operators are told apart by identity: two scans of the same table are two. Thread-safe; complete when the run is
/// over.
public final class RunProfile {
    private final Map<PhysicalPlan, OperatorProfile> operators = Collections.synchronizedMap(new IdentityHashMap<>());
    private final WorkClock driver = new WorkClock(new OperatorProfile());

    /// What an operator did, or, while it runs, has done so far.
    OperatorProfile of(PhysicalPlan operator) {
        return operators.computeIfAbsent(operator, _ -> new OperatorProfile());
    }

    /// How many rows an operator gave to those above it; 0 if it did not run.
    public long rows(PhysicalPlan operator) {
        OperatorProfile profile = operators.get(operator);
        return profile == null ? 0 : profile.rows();
    }

    /// For the thread that opens plans and runs their stages. The operator that it works for owns what the stages give.
    WorkClock driver() {
        return driver;
    }

    /// An operator's line for `explain`: rows, and time over all threads, without that of the operators below it.
    public String describe(PhysicalPlan operator) {
        OperatorProfile profile = operators.get(operator);
        if (profile == null) {
            return operator.describe() + "  (not run)";
        }
        List<String> facts = new ArrayList<>();
        facts.add(String.format(Locale.ROOT, "%,d %s", profile.rows(), profile.rows() == 1 ? "row" : "rows"));
        facts.add(String.format(Locale.ROOT, "%.1f ms", profile.nanos() / 1e6));
        profile.counts().forEach((name, count) -> facts.add(name + " " + String.format(Locale.ROOT, "%,d", count)));
        return operator.describe() + "  (" + String.join(", ", facts) + ")";
    }
}
