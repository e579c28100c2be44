package dev.headrace.engine.log;

import java.util.UUID;

/// The identity of one run of a query: from its start to its stop or crash.
public record RunId(UUID value) {

    public static RunId random() {
        return new RunId(UUID.randomUUID());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
