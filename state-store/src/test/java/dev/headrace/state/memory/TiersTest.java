package dev.headrace.state.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TiersTest {
    @Test
    void aLargeOldPartIsLeftAloneUntilAsMuchHasCome() {
        assertEquals(0, Tiers.tail(new long[] {1_000, 1, 1, 1, 1, 1, 1, 1}));
        assertEquals(8, Tiers.tail(new long[] {1_000, 1, 1, 1, 1, 1, 1, 1, 1}));
        assertEquals(9, Tiers.tail(new long[] {8, 1, 1, 1, 1, 1, 1, 1, 1}));
    }

    @Test
    void eachPartIsMergedALogarithmicNumberOfTimesAndFewAreLeft() {
        List<Long> sizes = new ArrayList<>();
        long moved = 0;
        int most = 0;
        int parts = 100_000;
        for (int i = 0; i < parts; i++) {
            sizes.add(1L);
            int tail = Tiers.tail(sizes.stream().mapToLong(Long::longValue).toArray());
            List<Long> last = sizes.subList(sizes.size() - tail, sizes.size());
            long merged = last.stream().mapToLong(Long::longValue).sum();
            last.clear();
            if (merged > 0) {
                sizes.add(merged);
                moved += merged;
            }
            most = Math.max(most, sizes.size());
        }
        assertTrue(moved < parts * 17L, moved + " moved");
        assertTrue(most < 30, most + " parts");
    }
}
