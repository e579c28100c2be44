package dev.headrace.types;

/// A date and time of day without zone, held as microseconds since 1970-01-01 00:00:00.
public record TimestampNTZType() implements DataType {
    @Override
    public String simpleString() {
        return "timestamp_ntz";
    }

    @Override
    public String toString() {
        return "TimestampNTZType";
    }
}
