package dev.headrace.streaming;

/// Which other matches are given up when a match has been found. A match begins with its first row and ends with its
/// last one.
public sealed interface AfterMatchSkipStrategy {
    /// Every match is given.
    record NoSkip() implements AfterMatchSkipStrategy {}

    /// No other match that begins with the same row.
    record SkipToNext() implements AfterMatchSkipStrategy {}

    /// No other match that begins with any row from the first to the last of the match.
    record SkipPastLastEvent() implements AfterMatchSkipStrategy {}

    /// No other match that begins with the match's first row or later, but before the first row of a variable.
    record SkipToFirst(String variable) implements AfterMatchSkipStrategy {}

    /// No other match that begins with the match's first row or later, but before the last row of a variable.
    record SkipToLast(String variable) implements AfterMatchSkipStrategy {}

    /// Every match is given; what holds if nothing is said.
    static AfterMatchSkipStrategy noSkip() {
        return new NoSkip();
    }

    /// See [SkipToNext].
    static AfterMatchSkipStrategy skipToNext() {
        return new SkipToNext();
    }

    /// See [SkipPastLastEvent].
    static AfterMatchSkipStrategy skipPastLastEvent() {
        return new SkipPastLastEvent();
    }

    /// See [SkipToFirst]. A match without a row of that variable skips nothing.
    static AfterMatchSkipStrategy skipToFirst(String variable) {
        return new SkipToFirst(variable);
    }

    /// See [SkipToLast]. A match without a row of that variable skips nothing.
    static AfterMatchSkipStrategy skipToLast(String variable) {
        return new SkipToLast(variable);
    }
}
