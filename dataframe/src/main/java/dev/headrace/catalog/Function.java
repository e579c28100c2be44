package dev.headrace.catalog;

/// A function that SQL knows, from [dev.headrace.Catalog#getFunction].
///
/// @param isTemporary true: functions are the library's, or live as long as the session
public record Function(String name, boolean isTemporary) {}
