package dev.headrace.demo;

import dev.headrace.demo.OrderChange.Order;
import java.util.OptionalLong;

/// A row of the shop's orders table, from one change of it to the next.
///
/// @param from the lsn of the change that made it
/// @param to the lsn of the change that ended it; nothing for a row that is there now
record OrderVersion(long id, String customer, String status, int totalCents, long from, OptionalLong to) {

    /// The row as a change has left it.
    static OrderVersion of(Order order, long from, OptionalLong to) {
        return new OrderVersion(
                order.id(), "u" + order.customer(), order.status().text(), order.totalCents(), from, to);
    }
}
