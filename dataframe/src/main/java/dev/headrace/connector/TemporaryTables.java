package dev.headrace.connector;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/// The tables that a session knows by name, such as what the `memory` sink collects. Names go without regard to case.
/// Thread-safe.
public final class TemporaryTables {
    private final Map<String, BatchTable> byName = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

    /// Sets the table of this name.
    public void put(String name, BatchTable table) {
        byName.put(name, table);
    }

    /// @return whether there was such a table
    public boolean remove(String name) {
        return byName.remove(name) != null;
    }

    public Optional<BatchTable> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Set<String> names() {
        return byName.keySet();
    }
}
