package dev.headrace.engine.log;

/// That a batch goes on with the rows of a share of the keys only.
///
/// @param waiting how many rows waited when the batch was planned, as the source counts them
/// @param kept the share of the keys that stay
public record Shed(long waiting, double kept) {}
