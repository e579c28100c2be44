package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.demo.OrderChange.Op;
import dev.headrace.demo.OrderChange.Order;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderBookTest {
    private final Traffic traffic = Traffic.ofRate(10_000);

    @Test
    void everyChangeStartsFromTheRowThatTheChangeBeforeItLeft() {
        OrderBook book = new OrderBook(traffic);
        Map<Long, Order> rows = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            OrderChange change = book.next();
            assertEquals(Optional.ofNullable(rows.get(change.orderId())), change.before());
            change.after().ifPresentOrElse(row -> rows.put(row.id(), row), () -> rows.remove(change.orderId()));
        }
        assertTrue(rows.size() > 5_000, "orders left: " + rows.size());
    }

    @Test
    void lsnAndTimeNeverGoBack() {
        OrderBook book = new OrderBook(traffic);
        OrderChange last = book.next();
        for (int i = 0; i < 10_000; i++) {
            OrderChange change = book.next();
            assertTrue(change.lsn() > last.lsn(), change.toString());
            assertTrue(change.millis() >= last.millis(), change.toString());
            last = change;
        }
    }

    @Test
    void allKindsOfChangeAndAllStatusesOccur() {
        OrderBook book = new OrderBook(traffic);
        Map<Op, Integer> ops = new EnumMap<>(Op.class);
        Map<OrderStatus, Integer> statuses = new EnumMap<>(OrderStatus.class);
        for (int i = 0; i < 20_000; i++) {
            OrderChange change = book.next();
            ops.merge(change.op(), 1, Integer::sum);
            statuses.merge(change.status(), 1, Integer::sum);
        }
        assertEquals(Op.values().length, ops.size());
        assertEquals(OrderStatus.values().length, statuses.size());
        assertTrue(ops.get(Op.DELETE) > 400, ops.toString());
    }

    @Test
    void theSameSeedGivesTheSameChanges() {
        OrderBook first = new OrderBook(traffic);
        OrderBook second = new OrderBook(traffic);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(first.next(), second.next());
        }
    }

    @Test
    void theJsonIsADebeziumEnvelope() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        OrderBook book = new OrderBook(traffic);
        for (int i = 0; i < 20_000; i++) {
            OrderChange change = book.next();
            JsonNode json = mapper.readTree(change.json());
            assertEquals(change.op().letter(), json.get("op").textValue());
            assertEquals(change.lsn(), json.get("source").get("lsn").longValue());
            assertEquals(change.millis(), json.get("ts_ms").longValue());
            assertEquals(change.before().isEmpty(), json.get("before").isNull());
            assertEquals(change.after().isEmpty(), json.get("after").isNull());
            JsonNode row = json.get(change.op() == Op.DELETE ? "before" : "after");
            assertEquals(change.orderId(), row.get("id").longValue());
            assertEquals(change.status().text(), row.get("status").textValue());
            assertEquals(
                    change.orderId(), mapper.readTree(change.key()).get("id").longValue());
        }
    }
}
