package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ClickTest {
    private final Traffic traffic = Traffic.ofRate(20_000);

    @Test
    void theSameSeedGivesTheSameClicks() {
        assertEquals(Click.of(traffic, 4711), Click.of(Traffic.ofRate(20_000), 4711));
    }

    @Test
    void aMinuteOfTheShopPassesEachSecond() {
        assertEquals(60_000, traffic.clickMillis(40_000) - traffic.clickMillis(20_000));
        assertEquals(traffic.clickMillis(20_000), traffic.orderMillis(2_000));
    }

    @Test
    void oneClickInAHundredIsLateAndTheOthersAreAtMostAMinuteOutOfOrder() {
        long late = LongStream.range(0, 100_000)
                .mapToObj(id -> Click.of(traffic, id))
                .peek(click -> {
                    long delay = traffic.clickMillis(click.id()) - click.eventMillis();
                    long least = click.late() ? Traffic.MIN_LATENESS.toMillis() : 0;
                    long most = (click.late() ? Traffic.MAX_LATENESS : Traffic.MAX_DISORDER).toMillis();
                    assertTrue(delay >= least && delay < most, click.toString());
                })
                .filter(Click::late)
                .count();
        assertEquals(1_000, late, 150);
    }

    @Test
    void theJsonHoldsTheClickAndItsPriceInBothForms() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        for (long id = 0; id < 2_000; id++) {
            Click click = Click.of(traffic, id);
            JsonNode json = mapper.readTree(click.json());
            assertEquals(click.id(), json.get("click_id").longValue());
            assertEquals(click.key(), json.get("user_id").textValue());
            assertEquals(
                    Product.ALL.get(click.product()).name(), json.get("product").textValue());
            assertEquals(click.cents(), json.get("cents").intValue());
            assertEquals(click.cents(), Math.round(json.get("price").doubleValue() * 100));
            assertEquals(
                    click.eventMillis(),
                    Instant.parse(json.get("ts").textValue()).toEpochMilli());
        }
    }

    @Test
    void everyProductIsClickedAndTheFavouriteMost() {
        long[] clicks = new long[Product.ALL.size()];
        LongStream.range(0, 50_000).forEach(id -> clicks[Click.of(traffic, id).product()]++);
        for (int product = 0; product < clicks.length; product++) {
            assertTrue(clicks[product] > 0, Product.ALL.get(product).name());
            assertTrue(clicks[product] <= clicks[0], Product.ALL.get(product).name());
        }
    }
}
