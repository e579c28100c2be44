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

    private record Entry<T>(Slice schema, Object second, Object third, T made) {}

    /// @param schema a text, or that of a type
    /// @param second another argument
    public T of(Slice schema, Object second, Supplier<T> making) {
        return of(schema, second, "", making);
    }

    /// @param schema a text, or that of a type
    /// @param second another argument
    /// @param third and another one
    public T of(Slice schema, Object second, Object third, Supplier<T> making) {
        for (Entry<T> entry : entries) {
            if (entry.schema.equals(schema) && entry.second.equals(second) && entry.third.equals(third)) {
                return entry.made;
            }
        }
        T made = making.get();
        if (entries.size() == MOST) {
            entries.removeFirst();
        }
        entries.add(new Entry<>(schema.copy(), kept(second), kept(third), made));
        return made;
    }

    private static Object kept(Object argument) {
        return argument instanceof Slice text ? text.copy() : argument;
    }
}
