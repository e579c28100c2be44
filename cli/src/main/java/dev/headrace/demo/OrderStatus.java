package dev.headrace.demo;

import java.util.Locale;

/// The states of an order.
enum OrderStatus {
    CREATED,
    PAID,
    SHIPPED,
    DELIVERED,
    CANCELLED;

    /// As it stands in the events.
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
