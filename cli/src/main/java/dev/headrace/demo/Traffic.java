package dev.headrace.demo;

import java.time.Duration;
import java.time.Instant;

/// What the shop's traffic looks like. The same settings give the same events, however fast they are sent.
///
/// The shop's clock is driven by the events: it moves on by a fixed step with each click, not with the time of day.
///
/// @param seed where all randomness comes from
/// @param start the shop's time at the first event
/// @param clicksPerSecond sent per second of real time; 0 for none
/// @param orderChangesPerSecond sent per second of real time
/// @param shopSecondsPerSecond how much faster than real time the shop's clock runs
record Traffic(long seed, Instant start, int clicksPerSecond, int orderChangesPerSecond, int shopSecondsPerSecond) {
    static final Duration MAX_DISORDER = Duration.ofMinutes(1);
    static final Duration MIN_LATENESS = Duration.ofMinutes(10);
    static final Duration MAX_LATENESS = Duration.ofMinutes(30);

    Traffic {
        if (clicksPerSecond < 0 || orderChangesPerSecond < 1 || shopSecondsPerSecond < 1) {
            throw new IllegalArgumentException("Rates are positive, not " + clicksPerSecond + " clicks, "
                    + orderChangesPerSecond + " order changes and " + shopSecondsPerSecond + " shop seconds a second.");
        }
    }

    /// A shop in which a minute passes each second, one order change for ten clicks.
    static Traffic ofRate(int clicksPerSecond) {
        return of(clicksPerSecond, Math.max(1, clicksPerSecond / 10));
    }

    /// The same shop without its clicks.
    static Traffic ofOrders(int changesPerSecond) {
        return of(0, changesPerSecond);
    }

    private static Traffic of(int clicksPerSecond, int orderChangesPerSecond) {
        return new Traffic(
                20_260_105L, Instant.parse("2026-01-05T09:00:00Z"), clicksPerSecond, orderChangesPerSecond, 60);
    }

    /// The shop's time when it sends a click, in milliseconds since 1970.
    long clickMillis(long clickId) {
        return shopMillis(clickId, clicksPerSecond);
    }

    /// The shop's time when it sends an order change, in milliseconds since 1970.
    long orderMillis(long change) {
        return shopMillis(change, orderChangesPerSecond);
    }

    private long shopMillis(long event, int perSecond) {
        return start.toEpochMilli() + event * shopSecondsPerSecond * 1_000L / perSecond;
    }
}
