package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Observer;
import dev.headrace.types.StructType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Takes the metrics that [DataFrame#observe] computes, from the first action that ends well. For one DataFrame.
/// Thread-safe.
///
/// ```java
/// Observation seen = new Observation("seen");
/// orders.observe(seen, count(lit(1)).as("rows"), max("amount").as("most")).write().parquet("/data/orders");
/// long rows = (Long) seen.get().get("rows");
/// ```
public final class Observation {
    private final String name;
    private final AtomicReference<@Nullable Observer> observer = new AtomicReference<>();
    private final CompletableFuture<Map<String, @Nullable Object>> metrics = new CompletableFuture<>();

    /// With a name that no other one has.
    public Observation() {
        this(UUID.randomUUID().toString());
    }

    /// @throws IllegalArgumentException if the name is empty
    public Observation(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("The name of an observation must not be empty.");
        }
        this.name = name;
    }

    public String name() {
        return name;
    }

    /// The metrics by name, with values of the classes that [Row] gives. Waits for the first action on the observed
    /// DataFrame, or on one that is made of it, to end well.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits
    public Map<String, @Nullable Object> get() throws InterruptedException {
        try {
            return metrics.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// See [#get].
    public Map<String, @Nullable Object> getAsJava() throws InterruptedException {
        return get();
    }

    /// @throws QueryException `OBSERVATION_USED` the second time
    Observer over(DataFrame frame) {
        JavaValues values = frame.session().javaValues();
        Observer taking = new Observer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void observed(StructType schema, List<@Nullable Object> cells) {
                Map<String, @Nullable Object> byName = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    byName.put(
                            schema.field(i).name(),
                            values.toJava(cells.get(i), schema.field(i).dataType()));
                }
                metrics.complete(Collections.unmodifiableMap(byName));
            }
        };
        if (!observer.compareAndSet(null, taking)) {
            throw new QueryException(
                    "OBSERVATION_USED",
                    "The observation '" + name + "' is of another DataFrame already. Make a new Observation for each.");
        }
        return taking;
    }
}
