package dev.headrace.connector;

/// What a source no longer has of what a batch should have read of it.
///
/// @param part of the source, such as `orders-3`
/// @param unit what is counted
/// @param first the first that is gone
/// @param last the last that is gone, together with all in between
public record Gap(String part, Unit unit, long first, long last) {
    /// What a source numbers.
    public enum Unit {
        /// Each of at most one row.
        OFFSETS,
        /// Each of any number of rows.
        VERSIONS
    }

    public Gap {
        if (last < first) {
            throw new IllegalArgumentException("a gap from " + first + " to " + last);
        }
    }

    /// How many are gone.
    public long count() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return part + ": " + unit.name().toLowerCase(java.util.Locale.ROOT) + " " + first + " to " + last;
    }
}
