package dev.headrace.demo;

import dev.headrace.demo.OrderChange.Op;

/// An event that Kafka has acknowledged, and where Kafka put it.
sealed interface LedgerEntry {

    /// The event's partition of its topic.
    int partition();

    /// The event's offset in its partition.
    long offset();

    /// A click in topic [ShopGenerator#CLICKS].
    ///
    /// @param clickId unique, counted from 0
    /// @param product a place in [Product#ALL]
    /// @param cents the price shown
    /// @param eventMillis when it happened
    /// @param late whether it was sent far beyond the disorder of the others
    record ClickSent(int partition, long offset, long clickId, int product, int cents, long eventMillis, boolean late)
            implements LedgerEntry {}

    /// A change in topic [ShopGenerator#ORDERS]. A tombstone takes an offset, but is no change and has no entry.
    ///
    /// @param orderId the key
    /// @param op what happened
    /// @param status the order's status after it, or before it for a delete
    /// @param lsn larger for later changes
    record OrderChangeSent(int partition, long offset, long orderId, Op op, OrderStatus status, long lsn)
            implements LedgerEntry {}
}
