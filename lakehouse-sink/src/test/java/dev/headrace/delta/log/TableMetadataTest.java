package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableMetadataTest {
    @Test
    void theLogIsKeptForThirtyDaysUnlessThePropertiesSayOtherwise() {
        assertEquals(Optional.of(Duration.ofDays(30)), retention(Map.of()));
        assertEquals(Optional.of(Duration.ofDays(7)), retention("interval 7 days"));
        assertEquals(Optional.of(Duration.ofHours(36)), retention("INTERVAL 1 day 12 HOURS"));
        assertEquals(Optional.of(Duration.ofDays(14)), retention("2 weeks"));
    }

    @Test
    void aRetentionThatIsNotUnderstoodKeepsTheLog() {
        assertEquals(Optional.empty(), retention("interval 1 month"));
        assertEquals(Optional.empty(), retention("soon"));
        assertEquals(Optional.empty(), retention("interval 3"));
        assertEquals(Optional.empty(), retention(Map.of("delta.enableExpiredLogCleanup", "false")));
    }

    private static Optional<Duration> retention(String text) {
        return retention(Map.of("delta.logRetentionDuration", text));
    }

    private static Optional<Duration> retention(Map<String, String> properties) {
        return Commits.metadata().withConfiguration(new HashMap<>(properties)).logRetention();
    }
}
