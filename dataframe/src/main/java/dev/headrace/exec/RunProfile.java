package dev.headrace.exec;

import dev.headrace.errors.HeadraceException;
import dev.headrace.plan.Observer;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What each operator of a plan did in one run: how many rows it gave and how long threads worked for it.
///
/// Operators are told apart by identity: two scans of the same table are two. Thread-safe; complete when the run is
/// over.
public final class RunProfile {
    private final Map<PhysicalPlan, OperatorProfile> operators = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<String, Supplier<Metrics>> observed = new ConcurrentHashMap<>();
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

    /// Metrics that an observer gets when the run has ended well.
    ///
    /// @param cells computed now; if that fails, so does the run, when it asks for [#metrics]
    void observed(Observer observer, StructType schema, Supplier<List<@Nullable Object>> cells) {
        try {
            List<@Nullable Object> values = cells.get();
            observed.put(observer.name(), () -> new Metrics(observer, schema, values));
        } catch (HeadraceException failed) {
            observed.put(observer.name(), () -> {
                throw failed;
            });
        }
    }

    /// What `observe` has computed over the rows of the run.
    public record Metrics(Observer observer, StructType schema, List<@Nullable Object> cells) {}

    /// What was observed in a run that has ended, by name.
    ///
    /// @throws HeadraceException if a metric could not be computed
    public Map<String, Metrics> metrics() {
        Map<String, Metrics> metrics = new TreeMap<>();
        observed.forEach((name, found) -> metrics.put(name, found.get()));
        return metrics;
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
