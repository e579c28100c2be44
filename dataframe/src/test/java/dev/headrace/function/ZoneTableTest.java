package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ZoneTableTest {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void theTablesOfTwoZonesThatAreAskedInTurnsAreMadeOnce() {
        ZoneTable first = ZoneTable.of(SEOUL);
        assertEquals(3600, ZoneTable.of(BERLIN).offsetAt(0));
        assertSame(first, ZoneTable.of(SEOUL));
    }
}
