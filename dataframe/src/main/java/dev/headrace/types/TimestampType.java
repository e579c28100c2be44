package dev.headrace.types;

/// An instant with microseconds, held as microseconds since 1970-01-01T00:00:00Z; shown in the session time zone.
public record TimestampType() implements DataType {
    @Override
    public String simpleString() {
        return "timestamp";
    }

    @Override
    public String toString() {
        return "TimestampType";
    }
}
