package dev.headrace.state.memory;

/// Which of several things that follow each other are worth merging, so that each is merged a logarithmic number of
/// times and few are left.
final class Tiers {
    private static final int FAN_IN = 8;

    private Tiers() {}

    /// How many of the last ones to merge: the longest tail of which each is no larger than all after it together, if
    /// that is long enough; 0 otherwise.
    ///
    /// @param sizes the newest last
    static int tail(long[] sizes) {
        long after = 0;
        int first = sizes.length;
        while (first > 0 && (first == sizes.length || sizes[first - 1] <= after)) {
            after += sizes[--first];
        }
        int count = sizes.length - first;
        return count < FAN_IN ? 0 : count;
    }
}
