package dev.headrace.streaming;

/// A timer that has gone off.
public interface ExpiredTimerInfo {
    /// For when it was set, in milliseconds since the epoch.
    long getExpiryTimeInMs();
}
