package dev.headrace;

import dev.headrace.streaming.ValueState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value state: at most one element.
record StateOfValue<T>(ProcessorStates.Elements elements, ObjectCells<T> cells) implements ValueState<T> {
    @Override
    public boolean exists() {
        return !elements.all().isEmpty();
    }

    @Override
    public @Nullable T get() {
        return exists() ? cells.ofCell(elements.all().getFirst().get(1)) : null;
    }

    @Override
    public void update(T newState) {
        elements.set(List.of(elements.element(null, cells.cell(newState))));
    }

    @Override
    public void clear() {
        elements.set(List.of());
    }
}
