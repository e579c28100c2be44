package dev.headrace.demo;

/// A row of the table of revenue per product and window.
///
/// @param product the product's name
/// @param startMillis when the window begins, in milliseconds since 1970
/// @param endMillis when it ends
/// @param clicks how many clicks it holds
/// @param cents the sum of their prices
record WindowRow(String product, long startMillis, long endMillis, long clicks, long cents) {}
