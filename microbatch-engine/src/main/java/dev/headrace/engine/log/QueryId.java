package dev.headrace.engine.log;

import java.util.UUID;

/// The identity of a query over all its restarts; it lives in the checkpoint, and sinks know their commits by it.
public record QueryId(UUID value) {

    public static QueryId random() {
        return new QueryId(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
