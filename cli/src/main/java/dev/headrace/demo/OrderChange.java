package dev.headrace.demo;

import java.util.Optional;

/// One change of a row of the shop's orders table, as change data capture reports it.
///
/// @param lsn the change's place in the database's log; later changes have larger ones
/// @param op what happened
/// @param before the row as it was; nothing for an insert
/// @param after the row as it is; nothing for a delete
/// @param millis when, in the shop's milliseconds since 1970
record OrderChange(long lsn, Op op, Optional<Order> before, Optional<Order> after, long millis) {

    /// The kinds of change, with Debezium's letters.
    enum Op {
        CREATE("c"),
        UPDATE("u"),
        DELETE("d");

        private final String letter;

        Op(String letter) {
            this.letter = letter;
        }

        String letter() {
            return letter;
        }
    }

    /// A row of the orders table.
    record Order(long id, int customer, OrderStatus status, int totalCents) {

        Order with(OrderStatus next) {
            return new Order(id, customer, next, totalCents);
        }

        private String json() {
            return "{\"id\":" + id + ",\"customer\":\"u" + customer + "\",\"status\":\"" + status.text()
                    + "\",\"total_cents\":" + totalCents + "}";
        }
    }

    OrderChange {
        if (before.isPresent() == (op == Op.CREATE) || after.isPresent() == (op == Op.DELETE)) {
            throw new IllegalArgumentException(op + " from " + before + " to " + after);
        }
    }

    long orderId() {
        return after.or(() -> before).orElseThrow().id();
    }

    /// The status that the order has now, or the one it had when it was deleted.
    OrderStatus status() {
        return after.or(() -> before).orElseThrow().status();
    }

    /// The Kafka key, as Debezium writes it: an order's changes stay in one partition, in order.
    String key() {
        return "{\"id\":" + orderId() + "}";
    }

    /// The Kafka value: Debezium's envelope, without a schema. A delete is followed by a tombstone, which is not this.
    String json() {
        return new StringBuilder(420)
                .append("{\"before\":")
                .append(before.map(Order::json).orElse("null"))
                .append(",\"after\":")
                .append(after.map(Order::json).orElse("null"))
                .append(",\"source\":{\"connector\":\"postgresql\",\"name\":\"shop\",\"snapshot\":\"false\"")
                .append(",\"db\":\"shop\",\"schema\":\"public\",\"table\":\"orders\",\"ts_ms\":")
                .append(millis)
                .append(",\"lsn\":")
                .append(lsn)
                .append("},\"op\":\"")
                .append(op.letter())
                .append("\",\"ts_ms\":")
                .append(millis)
                .append("}")
                .toString();
    }
}
