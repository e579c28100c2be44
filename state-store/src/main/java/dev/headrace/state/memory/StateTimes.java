package dev.headrace.state.memory;

/// What entries without an expiry carry.
final class StateTimes {
    static final long NEVER = Long.MAX_VALUE;

    private StateTimes() {}
}
