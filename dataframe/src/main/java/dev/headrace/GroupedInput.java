package dev.headrace;

import dev.headrace.api.java.function.MapFunction;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of an input as objects with a key.
///
/// @param frame gives the rows
/// @param key the key of a row
/// @param value what functions see of a row
record GroupedInput<K, V>(DataFrame frame, Rows<K> key, Rows<V> value, ObjectCells<K> keys) {

    /// What becomes of a row.
    interface Rows<T> {
        T of(List<@Nullable Object> row);
    }

    static <T, K> GroupedInput<K, T> of(
            DataFrame frame, ObjectCells<T> rows, MapFunction<T, K> key, ObjectCells<K> keys) {
        return new GroupedInput<>(frame, new Mapped<>("groupByKey", rows::object, key), rows::object, keys);
    }

    /// What a function of the program makes of an object.
    record Mapped<T, R>(String method, Rows<T> objects, MapFunction<T, R> function) implements Rows<R> {
        @Override
        public R of(List<@Nullable Object> row) {
            T object = objects.of(row);
            return UserCode.call(method, "of a row", () -> function.call(object));
        }
    }

    List<@Nullable Object> keyOf(List<@Nullable Object> row) {
        return keys.row(key.of(row));
    }

    /// The rows' objects, made while they are read.
    Iterator<V> objects(Iterator<List<@Nullable Object>> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public V next() {
                return value.of(rows.next());
            }
        };
    }
}
