package dev.headrace.demo;

/// A row of the table of clicks.
///
/// @param clickId the click's id
/// @param product the product's name
/// @param cents the price shown
/// @param eventMillis when it happened, in milliseconds since 1970
record ClickRow(long clickId, String product, long cents, long eventMillis) {}
