package dev.headrace.function.sketch;

/// About how much of the heap the sketches of an aggregation have.
final class HeapUse {
    private HeapUse() {}

    /// @param least of a sketch of one value
    /// @param valueBytes that were taken in by all
    /// @param most of one sketch, however many values it has seen
    static long of(long groups, long least, long valueBytes, long most) {
        return Math.min(groups * least + 3 * valueBytes, groups * most);
    }
}
