package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Functions of maps. Two keys are equal as [CellOrder] says.
public final class MapFunctions {
    private MapFunctions() {}

    /// @param entries keys and values in turns
    public static Map<Object, @Nullable Object> make(List<?> entries) {
        Builder builder = new Builder();
        for (int i = 0; i < entries.size(); i += 2) {
            builder.put(entries.get(i), entries.get(i + 1));
        }
        return builder.map();
    }

    /// Refuses null keys and keys that occur twice.
    static final class Builder {
        private final Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        private final TreeSet<Object> keys = new TreeSet<>(CellOrder.INSTANCE);

        void put(@Nullable Object key, @Nullable Object value) {
            Cancellation.checkThread(map.size());
            if (key == null) {
                throw new DataException("NULL_MAP_KEY", "A key of a map is null. Leave out such entries.");
            }
            if (!keys.add(key)) {
                throw new DataException(
                        "DUPLICATED_MAP_KEY",
                        "The key '" + key + "' occurs twice in a map. Leave out one of the entries.");
            }
            map.put(key, value);
        }

        Map<Object, @Nullable Object> map() {
            return map;
        }
    }

    /// The value with the entries of all maps in it by their keys, so that values which are equal are made of the same
    /// bytes.
    public static Object inOrder(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> ordered = new LinkedHashMap<>();
                map.entrySet().stream()
                        .sorted(ArrayFunctions.asking((a, b) -> CellOrder.compareCells(a.getKey(), b.getKey())))
                        .forEach(entry -> ordered.put(entry.getKey(), partInOrder(entry.getValue())));
                yield ordered;
            }
            case List<?> list -> {
                List<@Nullable Object> parts = new ArrayList<>(list.size());
                for (Object part : list) {
                    Cancellation.checkThread(parts.size());
                    parts.add(partInOrder(part));
                }
                yield parts;
            }
            default -> value;
        };
    }

    private static @Nullable Object partInOrder(@Nullable Object part) {
        return part == null ? null : inOrder(part);
    }

    public static int size(Map<?, ?> map) {
        return map.size();
    }

    /// The value of a key, null if there is none.
    public static @Nullable Object get(Map<?, ?> map, Object key) {
        int looked = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Cancellation.checkThread(looked++);
            if (CellOrder.equalCells(entry.getKey(), key)) {
                return entry.getValue();
            }
        }
        return null;
    }

    public static boolean containsKey(Map<?, ?> map, Object key) {
        int looked = 0;
        for (Object known : map.keySet()) {
            Cancellation.checkThread(looked++);
            if (CellOrder.equalCells(known, key)) {
                return true;
            }
        }
        return false;
    }

    public static List<@Nullable Object> keys(Map<?, ?> map) {
        return new ArrayList<>(map.keySet());
    }

    public static List<@Nullable Object> values(Map<?, ?> map) {
        return new ArrayList<>(map.values());
    }

    public static Map<Object, @Nullable Object> fromArrays(List<?> keys, List<?> values) {
        if (keys.size() != values.size()) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    "map_from_arrays: there are " + keys.size() + " keys and " + values.size() + " values.");
        }
        Builder builder = new Builder();
        for (int i = 0; i < keys.size(); i++) {
            builder.put(keys.get(i), values.get(i));
        }
        return builder.map();
    }

    public static Map<Object, @Nullable Object> concat(Map<?, ?> a, Map<?, ?> b) {
        Builder builder = new Builder();
        a.forEach(builder::put);
        b.forEach(builder::put);
        return builder.map();
    }

    public static List<@Nullable Object> entries(Map<?, ?> map) {
        List<@Nullable Object> entries = new ArrayList<>();
        map.forEach((key, value) -> {
            Cancellation.checkThread(entries.size());
            List<@Nullable Object> entry = new ArrayList<>();
            entry.add(key);
            entry.add(value);
            entries.add(entry);
        });
        return entries;
    }

    /// Null if an entry is.
    public static @Nullable Map<Object, @Nullable Object> fromEntries(List<?> entries) {
        Builder builder = new Builder();
        for (Object entry : entries) {
            if (!(entry instanceof List<?> pair)) {
                return null;
            }
            builder.put(pair.get(0), pair.get(1));
        }
        return builder.map();
    }

    public static Map<Object, @Nullable Object> ofText(Slice text) {
        return ofText(text, Slice.utf8(","));
    }

    public static Map<Object, @Nullable Object> ofText(Slice text, Slice pairs) {
        return ofText(text, pairs, Slice.utf8(":"));
    }

    /// With nothing between them, the key is the first character.
    private static List<?> keyAndValue(Slice entry, Slice values) {
        if (!values.isEmpty() || entry.isEmpty()) {
            return RegexFunctions.split(entry, values, 2);
        }
        int key = Utf8.advance(entry, 0, 1);
        return List.of(entry.subslice(0, key), entry.subslice(key, entry.length() - key));
    }

    /// The keys and values in a text; the value is null where a key stands alone.
    ///
    /// @param pairs the regular expression between entries
    /// @param values the one between a key and its value
    public static Map<Object, @Nullable Object> ofText(Slice text, Slice pairs, Slice values) {
        Builder builder = new Builder();
        for (Object entry : RegexFunctions.split(text, pairs, -1)) {
            List<?> parts = keyAndValue((Slice) Objects.requireNonNull(entry), values);
            builder.put(parts.get(0), parts.size() > 1 ? parts.get(1) : null);
        }
        return builder.map();
    }
}
