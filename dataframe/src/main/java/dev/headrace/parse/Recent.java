package dev.headrace.parse;

import dev.headrace.chunk.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What was made of the constant arguments of the last calls of a function, so that calls with different ones in one
/// query don't make it anew for each row. Used by one thread.
public final class Recent<T> {
    private static final int MOST = 16;

    private final List<Entry<T>> entries = new ArrayList<>();

    private record Entry<T>(Slice schema, List<Object> others, T made) {}

    /// @param schema a text, or that of a type
    /// @param others further arguments
    public T of(Slice schema, List<Object> others, Supplier<T> making) {
        for (Entry<T> entry : entries) {
            if (entry.schema.equals(schema) && entry.others.equals(others)) {
                return entry.made;
            }
        }
        T made = making.get();
        if (entries.size() == MOST) {
            entries.removeFirst();
        }
        List<Object> kept = others.stream()
                .map(other -> other instanceof Slice text ? text.copy() : other)
                .toList();
        entries.add(new Entry<>(schema.copy(), kept, made));
        return made;
    }
}
