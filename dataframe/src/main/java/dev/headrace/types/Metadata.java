package dev.headrace.types;

import java.util.Map;

/// Facts about a column beside its type: string keys with JSON values (`String`, `Long`, `Double`, `Boolean`, lists and
/// maps of these). Immutable.
public record Metadata(Map<String, Object> entries) {
    private static final Metadata EMPTY = new Metadata(Map.of());

    public Metadata {
        entries = Map.copyOf(entries);
    }

    public static Metadata empty() {
        return EMPTY;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }
}
