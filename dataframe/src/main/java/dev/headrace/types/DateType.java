package dev.headrace.types;

/// A day of the proleptic Gregorian calendar, held as days since 1970-01-01.
public record DateType() implements DataType {
    @Override
    public String simpleString() {
        return "date";
    }

    @Override
    public String toString() {
        return "DateType";
    }
}
