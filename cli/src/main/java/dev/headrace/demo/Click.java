package dev.headrace.demo;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// One click in the shop.
///
/// @param id unique, counted from 0
/// @param user which of the shop's users
/// @param product a place in [Product#ALL]
/// @param cents the price shown
/// @param eventMillis when it happened, in the shop's milliseconds since 1970
/// @param late whether it is sent at least [Traffic#MIN_LATENESS] after it happened; the others are sent within
///     [Traffic#MAX_DISORDER]
record Click(long id, int user, int product, int cents, long eventMillis, boolean late) {
    private static final int USERS = 10_000;
    private static final int LATE_PER_CENT = 1;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// The click with this id. It depends on nothing else, so clicks can be made in any order.
    static Click of(Traffic traffic, long id) {
        long random = mixed(traffic.seed() + mixed(id));
        int user = (int) Long.remainderUnsigned(mixed(random + 1), USERS);
        int product = Product.drawn(mixed(random + 2));
        int discount = (int) Long.remainderUnsigned(mixed(random + 3), 20);
        int cents = Product.ALL.get(product).cents() * (100 - discount) / 100;
        boolean late = Long.remainderUnsigned(mixed(random + 4), 100) < LATE_PER_CENT;
        long delay = late ? lateness(mixed(random + 5)) : disorder(mixed(random + 5));
        return new Click(id, user, product, cents, traffic.clickMillis(id) - delay, late);
    }

    private static long lateness(long random) {
        long range = Traffic.MAX_LATENESS.minus(Traffic.MIN_LATENESS).toMillis();
        return Traffic.MIN_LATENESS.toMillis() + Long.remainderUnsigned(random, range);
    }

    /// Four of five clicks are sent within five seconds.
    private static long disorder(long random) {
        boolean prompt = random % 5 != 0;
        return Long.remainderUnsigned(mixed(random), prompt ? 5_000 : Traffic.MAX_DISORDER.toMillis());
    }

    /// The finalizer of the SplitMix64 generator: a well-mixed bijection of 64-bit numbers.
    private static long mixed(long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// The Kafka key: a user's clicks stay in one partition.
    String key() {
        return "u" + user;
    }

    /// The Kafka value. The price stands there twice: as a decimal number, and in cents for exact sums.
    String json() {
        return new StringBuilder(160)
                .append("{\"click_id\":")
                .append(id)
                .append(",\"user_id\":\"u")
                .append(user)
                .append("\",\"product\":\"")
                .append(Product.ALL.get(product).name())
                .append("\",\"price\":")
                .append(cents / 100)
                .append(cents % 100 < 10 ? ".0" : ".")
                .append(cents % 100)
                .append(",\"cents\":")
                .append(cents)
                .append(",\"ts\":\"")
                .append(TIME.format(Instant.ofEpochMilli(eventMillis)))
                .append("\"}")
                .toString();
    }
}
