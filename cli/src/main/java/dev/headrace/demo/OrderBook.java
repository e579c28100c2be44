package dev.headrace.demo;

import dev.headrace.demo.OrderChange.Op;
import dev.headrace.demo.OrderChange.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// The shop's orders table, changed at random: orders are created, paid, shipped and delivered, some are cancelled, and
/// some are deleted. Deterministic for a [Traffic]. Used by one thread.
final class OrderBook {
    private static final int CUSTOMERS = 10_000;
    private static final int USUALLY_OPEN = 3_000;
    private static final int MAX_CLOSED = 50_000;
    private static final long FIRST_LSN = 24_000_000L;
    private static final int MAX_LOG_RECORD = 200;

    private final Traffic traffic;
    private final SplittableRandom random;
    private final List<Order> open = new ArrayList<>();
    private final List<Order> closed = new ArrayList<>();
    private long changes;
    private long lsn = FIRST_LSN;
    private long nextId = 1;

    OrderBook(Traffic traffic) {
        this.traffic = traffic;
        this.random = new SplittableRandom(traffic.seed());
    }

    /// Makes the next change.
    OrderChange next() {
        // An order sees about three more changes after its creation: at one in four, as many are closed as are created.
        int creationPerCent = open.size() < USUALLY_OPEN ? 50 : 24;
        int chance = random.nextInt(100);
        if (open.isEmpty() || chance < creationPerCent) {
            return create();
        }
        if (chance < creationPerCent + 3 && !closed.isEmpty()) {
            return delete(closed);
        }
        return chance < creationPerCent + 4 ? delete(open) : advance();
    }

    private OrderChange create() {
        int totalCents = 500 + random.nextInt(50_000);
        Order order = new Order(nextId++, random.nextInt(CUSTOMERS), OrderStatus.CREATED, totalCents);
        open.add(order);
        return change(Op.CREATE, Optional.empty(), Optional.of(order));
    }

    private OrderChange delete(List<Order> orders) {
        Order order = takeAny(orders);
        return change(Op.DELETE, Optional.of(order), Optional.empty());
    }

    private OrderChange advance() {
        Order before = takeAny(open);
        boolean cancelled = before.status() != OrderStatus.SHIPPED && random.nextInt(100) < 10;
        OrderStatus next = switch (before.status()) {
            case CREATED -> cancelled ? OrderStatus.CANCELLED : OrderStatus.PAID;
            case PAID -> cancelled ? OrderStatus.CANCELLED : OrderStatus.SHIPPED;
            case SHIPPED -> OrderStatus.DELIVERED;
            case DELIVERED, CANCELLED -> throw new IllegalStateException(before + " is not open.");
        };
        Order after = before.with(next);
        if (next == OrderStatus.PAID || next == OrderStatus.SHIPPED) {
            open.add(after);
        } else if (closed.size() < MAX_CLOSED) {
            closed.add(after);
        }
        return change(Op.UPDATE, Optional.of(before), Optional.of(after));
    }

    private Order takeAny(List<Order> orders) {
        int place = random.nextInt(orders.size());
        Order taken = orders.get(place);
        orders.set(place, orders.getLast());
        orders.removeLast();
        return taken;
    }

    private OrderChange change(Op op, Optional<Order> before, Optional<Order> after) {
        lsn += 1 + random.nextInt(MAX_LOG_RECORD);
        return new OrderChange(lsn, op, before, after, traffic.orderMillis(changes++));
    }
}
