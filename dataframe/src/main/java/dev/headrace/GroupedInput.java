package dev.headrace;

import dev.headrace.api.java.function.MapFunction;
import java.util.ArrayList;
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

    List<V> objects(List<List<@Nullable Object>> rows) {
        List<V> objects = new ArrayList<>(rows.size());
        for (List<@Nullable Object> row : rows) {
            objects.add(value.of(row));
        }
        return objects;
    }
}
