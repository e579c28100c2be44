package dev.headrace.streaming;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A map per key; see [StatefulProcessorHandle#getMapState]. It is read and written as a whole. Used within calls of
/// the processor only.
public interface MapState<K, V> {
    boolean exists();

    /// The value, or null if there is none.
    @Nullable V getValue(K key);

    boolean containsKey(K key);

    void updateValue(K key, V value);

    /// The entries as they are now, in the order in which their keys came.
    Iterator<Map.Entry<K, V>> iterator();

    Iterator<K> keys();

    Iterator<V> values();

    void removeKey(K key);

    void clear();
}
