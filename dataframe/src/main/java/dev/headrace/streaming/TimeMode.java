package dev.headrace.streaming;

/// By which clock the timers of a [StatefulProcessor] go off.
public enum TimeMode {
    /// No timers.
    None,
    /// By the clock of the batches.
    ProcessingTime,
    /// By the watermark.
    EventTime;

    public static TimeMode None() {
        return None;
    }

    public static TimeMode ProcessingTime() {
        return ProcessingTime;
    }

    public static TimeMode EventTime() {
        return EventTime;
    }
}
