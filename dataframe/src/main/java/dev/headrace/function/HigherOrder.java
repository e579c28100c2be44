package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Functions of arrays and maps that call a lambda for each element. An instance is one call in a query: it holds the
/// lambdas. The methods' first list is what the lambdas use of the row.
///
/// @param finish the second lambda of `aggregate`
public record HigherOrder(Lambda lambda, Optional<Lambda> finish) {

    boolean deterministic() {
        return lambda.body().deterministic()
                && finish.stream().allMatch(last -> last.body().deterministic());
    }

    public List<@Nullable Object> transform(EvalContext context, List<?> captured, List<?> array) {
        Lambda.Running running = lambda.start(context, captured);
        List<@Nullable Object> results = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            results.add(running.of(array.get(i), i));
        }
        return results;
    }

    public List<@Nullable Object> filter(EvalContext context, List<?> captured, List<?> array) {
        Lambda.Running running = lambda.start(context, captured);
        List<@Nullable Object> kept = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (running.isTrue(array.get(i), i)) {
                kept.add(array.get(i));
            }
        }
        return kept;
    }

    /// True if the lambda is for an element, else null if it is null for one, else false.
    public @Nullable Boolean exists(EvalContext context, List<?> captured, List<?> array) {
        return any(context, captured, array, true);
    }

    /// False if the lambda is for an element, else null if it is null for one, else true.
    public @Nullable Boolean forall(EvalContext context, List<?> captured, List<?> array) {
        return any(context, captured, array, false);
    }

    private @Nullable Boolean any(EvalContext context, List<?> captured, List<?> array, boolean wanted) {
        Lambda.Running running = lambda.start(context, captured);
        boolean unknown = false;
        for (Object element : array) {
            Object result = running.of(element);
            if (result == null) {
                unknown = true;
            } else if ((Boolean) result == wanted) {
                return wanted;
            }
        }
        return unknown ? null : (Boolean) !wanted;
    }

    public @Nullable Object aggregate(
            EvalContext context, List<?> captured, @Nullable List<?> array, @Nullable Object start) {
        if (array == null) {
            return null;
        }
        Lambda.Running merge = lambda.start(context, captured);
        Object merged = start;
        for (Object element : array) {
            merged = merge.of(merged, element);
        }
        return finish.isEmpty() ? merged : finish.get().start(context, captured).of(merged);
    }

    /// What the lambda makes of a value that it uses several times.
    public @Nullable Object once(EvalContext context, List<?> captured, @Nullable Object value) {
        return lambda.start(context, captured).of(value);
    }

    /// Pairs of elements at the same place; the shorter array is filled up with nulls.
    public List<@Nullable Object> zipWith(EvalContext context, List<?> captured, List<?> a, List<?> b) {
        Lambda.Running running = lambda.start(context, captured);
        List<@Nullable Object> results = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            results.add(running.of(i < a.size() ? a.get(i) : null, i < b.size() ? b.get(i) : null));
        }
        return results;
    }

    /// Sorted by a lambda that gives a negative number, zero or a positive one.
    public List<@Nullable Object> sort(EvalContext context, List<?> captured, List<?> array) {
        Lambda.Running running = lambda.start(context, captured);
        Comparator<@Nullable Object> comparator = (left, right) -> {
            Object result = running.of(left, right);
            if (result == null) {
                throw new DataException(
                        "COMPARATOR_RETURNS_NULL",
                        "array_sort: the comparator gives null for '" + left + "' and '" + right
                                + "'. It must give a negative number, zero or a positive one.");
            }
            return (Integer) result;
        };
        try {
            return ArrayFunctions.sort(array, comparator);
        } catch (IllegalArgumentException contradictory) {
            throw new DataException(
                    "INVALID_COMPARATOR",
                    "array_sort: the comparator contradicts itself. If it puts a before b and b before c, it must put"
                            + " a before c.");
        }
    }

    public Map<Object, @Nullable Object> mapFilter(EvalContext context, List<?> captured, Map<?, ?> map) {
        Lambda.Running running = lambda.start(context, captured);
        Map<Object, @Nullable Object> kept = new java.util.LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (running.isTrue(key, value)) {
                kept.put(key, value);
            }
        });
        return kept;
    }

    public Map<Object, @Nullable Object> transformKeys(EvalContext context, List<?> captured, Map<?, ?> map) {
        Lambda.Running running = lambda.start(context, captured);
        MapFunctions.Builder entries = new MapFunctions.Builder();
        map.forEach((key, value) -> entries.put(running.of(key, value), value));
        return entries.map();
    }

    public Map<Object, @Nullable Object> transformValues(EvalContext context, List<?> captured, Map<?, ?> map) {
        Lambda.Running running = lambda.start(context, captured);
        Map<Object, @Nullable Object> results = new java.util.LinkedHashMap<>();
        map.forEach((key, value) -> results.put(key, running.of(key, value)));
        return results;
    }

    /// The values of each key in both maps, null where a map does not have it.
    public Map<Object, @Nullable Object> mapZipWith(EvalContext context, List<?> captured, Map<?, ?> a, Map<?, ?> b) {
        Lambda.Running running = lambda.start(context, captured);
        Map<Object, @Nullable Object> ofB = new TreeMap<>(CellOrder.INSTANCE);
        int added = 0;
        for (Map.Entry<?, ?> entry : b.entrySet()) {
            Cancellation.checkThread(added++);
            ofB.put(entry.getKey(), entry.getValue());
        }
        Map<Object, @Nullable Object> results = new java.util.LinkedHashMap<>();
        a.forEach((key, value) -> {
            results.put(key, running.of(key, value, ofB.get(key)));
            ofB.remove(key);
        });
        b.forEach((key, value) -> {
            if (ofB.containsKey(key)) {
                results.put(key, running.of(key, null, value));
            }
        });
        return results;
    }
}
