package dev.headrace.streaming;

import dev.headrace.Encoder;
import java.util.Iterator;

/// The state and timers of a [StatefulProcessor]. States are asked for in [StatefulProcessor#init], each under a name
/// of its own; what is read and written through them afterwards is the state of the key that the processor is called
/// for.
///
/// Errors are [dev.headrace.errors.QueryException]s.
public interface StatefulProcessorHandle {
    <T> ValueState<T> getValueState(String stateName, Encoder<T> encoder, TTLConfig ttlConfig);

    <T> ListState<T> getListState(String stateName, Encoder<T> encoder, TTLConfig ttlConfig);

    <K, V> MapState<K, V> getMapState(
            String stateName, Encoder<K> keyEncoder, Encoder<V> valueEncoder, TTLConfig ttlConfig);

    /// Sets a timer for the key. It goes off in the first batch whose clock or watermark is not earlier, once; setting
    /// it again for the same time changes nothing.
    void registerTimer(long expiryTimestampMs);

    /// Takes a timer of the key back; one that is not set is fine.
    void deleteTimer(long expiryTimestampMs);

    /// The timers of the key that are set, the earliest first.
    Iterator<Long> listTimers();
}
