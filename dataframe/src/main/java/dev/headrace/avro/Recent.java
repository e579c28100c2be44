package dev.headrace.avro;

import dev.headrace.chunk.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What was made of the constant arguments of the last calls, so that calls with different schemas in one query do not
/// make it anew for each row. Used by one thread.
final class Recent<T> {
    private static final int MOST = 16;

    private final List<Entry<T>> entries = new ArrayList<>();

    private record Entry<T>(Slice schema, Object other, T made) {}

    /// @param other a further argument
    T of(Slice schema, Object other, Supplier<T> making) {
        for (Entry<T> entry : entries) {
            if (entry.schema.equals(schema) && entry.other.equals(other)) {
                return entry.made;
            }
        }
        T made = making.get();
        if (entries.size() == MOST) {
            entries.removeFirst();
        }
        entries.add(new Entry<>(schema.copy(), other instanceof Slice text ? text.copy() : other, made));
        return made;
    }
}
