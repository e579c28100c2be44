package dev.headrace;

import dev.headrace.streaming.ListState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list state.
record StateOfList<T>(ProcessorStates.Elements elements, ObjectCells<T> cells) implements ListState<T> {
    @Override
    public boolean exists() {
        return !elements.all().isEmpty();
    }

    @Override
    public Iterator<T> get() {
        List<T> objects = new ArrayList<>();
        for (List<@Nullable Object> element : elements.all()) {
            objects.add(cells.ofCell(element.get(1)));
        }
        return objects.iterator();
    }

    @Override
    public void put(T[] newState) {
        write(List.of(), newState);
    }

    @Override
    public void appendValue(T newState) {
        List<List<@Nullable Object>> all = new ArrayList<>(elements.all());
        all.add(elements.element(null, cells.cell(newState)));
        elements.set(all);
    }

    @Override
    public void appendList(T[] newState) {
        write(elements.all(), newState);
    }

    private void write(List<List<@Nullable Object>> before, T[] more) {
        List<List<@Nullable Object>> all = new ArrayList<>(before);
        for (T object : more) {
            all.add(elements.element(null, cells.cell(object)));
        }
        elements.set(all);
    }

    @Override
    public void clear() {
        elements.set(List.of());
    }
}
