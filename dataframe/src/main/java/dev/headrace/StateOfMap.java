package dev.headrace;

import dev.headrace.streaming.MapState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A map state.
record StateOfMap<K, V>(ProcessorStates.Elements elements, ObjectCells<K> keyCells, ObjectCells<V> valueCells)
        implements MapState<K, V> {
    @Override
    public boolean exists() {
        return !elements.all().isEmpty();
    }

    private static int find(List<List<@Nullable Object>> all, Object key) {
        for (int i = 0; i < all.size(); i++) {
            if (key.equals(all.get(i).getFirst())) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable V getValue(K key) {
        List<List<@Nullable Object>> all = elements.all();
        int at = find(all, keyCells.cell(key));
        return at < 0 ? null : valueCells.ofCell(all.get(at).get(1));
    }

    @Override
    public boolean containsKey(K key) {
        return find(elements.all(), keyCells.cell(key)) >= 0;
    }

    @Override
    public void updateValue(K key, V value) {
        List<List<@Nullable Object>> all = new ArrayList<>(elements.all());
        Object cell = keyCells.cell(key);
        List<@Nullable Object> element = elements.element(cell, valueCells.cell(value));
        int at = find(all, cell);
        if (at < 0) {
            all.add(element);
        } else {
            all.set(at, element);
        }
        elements.set(all);
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        List<Map.Entry<K, V>> entries = new ArrayList<>();
        for (List<@Nullable Object> element : elements.all()) {
            entries.add(Map.entry(keyCells.ofCell(element.get(0)), valueCells.ofCell(element.get(1))));
        }
        return entries.iterator();
    }

    @Override
    public Iterator<K> keys() {
        List<K> keys = new ArrayList<>();
        iterator().forEachRemaining(entry -> keys.add(entry.getKey()));
        return keys.iterator();
    }

    @Override
    public Iterator<V> values() {
        List<V> values = new ArrayList<>();
        iterator().forEachRemaining(entry -> values.add(entry.getValue()));
        return values.iterator();
    }

    @Override
    public void removeKey(K key) {
        List<List<@Nullable Object>> all = new ArrayList<>(elements.all());
        int at = find(all, keyCells.cell(key));
        if (at >= 0) {
            all.remove(at);
            elements.set(all);
        }
    }

    @Override
    public void clear() {
        elements.set(List.of());
    }
}
