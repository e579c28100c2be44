package dev.headrace.benchmarks.nexmark;

import dev.headrace.types.StructType;
import java.util.List;
import java.util.SplittableRandom;

/// The events of the auction site, made from their numbers alone, so that any part of them can be made again.
///
/// Of fifty events one is a person, three are auctions and the rest are bids, as in the benchmark's definition
/// (NEXMark, Tucker et al. 2002, in the form that Apache Beam gave it). Half of the bids go to the auction that was
/// opened last, so keys are skewed.
///
/// @param microsBetween how far apart the times of two events are
record NexmarkEvents(long microsBetween) {
    static final StructType PERSON =
            StructType.fromDDL("id bigint, name string, emailAddress string, creditCard string,"
                    + " city string, state string, dateTime timestamp, extra string");
    static final StructType AUCTION = StructType.fromDDL("id bigint, itemName string, description string,"
            + " initialBid bigint, reserve bigint, dateTime timestamp, expires timestamp, seller bigint, category bigint,"
            + " extra string");
    static final StructType BID = StructType.fromDDL("auction bigint, bidder bigint, price bigint, channel string,"
            + " url string, dateTime timestamp, extra string");

    /// 2026-01-31 10:00:00 UTC.
    private static final long BEGINNING_MICROS = 1_769_853_600_000_000L;

    private static final int ROUND = 50;
    private static final int AUCTIONS_IN_ROUND = 3;
    private static final long ACTIVE_PEOPLE = 1_000;
    private static final long OPEN_AUCTIONS = 100;
    private static final List<String> FIRST_NAMES = List.of("Ann", "Ben", "Eva", "Kim", "Leo", "Mia", "Sam", "Tim");
    private static final List<String> LAST_NAMES = List.of("Abel", "Berg", "Cole", "Diaz", "Eng", "Fox", "Hill", "Ito");
    private static final List<String> CITIES = List.of("Phoenix", "Portland", "Boise", "Redding", "Bend", "Seattle");
    private static final List<String> STATES = List.of("AZ", "OR", "ID", "CA", "OR", "WA");
    private static final List<String> CHANNELS = List.of("Apple", "Google", "Facebook", "Baidu");

    sealed interface Event {}

    record Person(
            long id,
            String name,
            String emailAddress,
            String creditCard,
            String city,
            String state,
            long dateTime,
            String extra)
            implements Event {}

    record Auction(
            long id,
            String itemName,
            String description,
            long initialBid,
            long reserve,
            long dateTime,
            long expires,
            long seller,
            long category,
            String extra)
            implements Event {}

    record Bid(long auction, long bidder, long price, String channel, String url, long dateTime, String extra)
            implements Event {}

    /// @param number from 0
    Event event(long number) {
        SplittableRandom random = new SplittableRandom(number * 0x9E3779B97F4A7C15L + 1);
        long time = BEGINNING_MICROS + number * microsBetween;
        long round = number / ROUND;
        int place = (int) (number % ROUND);
        if (place == 0) {
            return person(round, time, random);
        }
        if (place <= AUCTIONS_IN_ROUND) {
            return auction(round * AUCTIONS_IN_ROUND + place - 1, round, time, random);
        }
        return bid((round + 1) * AUCTIONS_IN_ROUND - 1, round, time, random);
    }

    private static Person person(long id, long time, SplittableRandom random) {
        String first = pick(FIRST_NAMES, random);
        String last = pick(LAST_NAMES, random);
        int place = random.nextInt(CITIES.size());
        return new Person(
                id,
                first + " " + last,
                first + "." + last + random.nextInt(1_000) + "@example.com",
                Long.toString(1_000_000_000_000_000L + random.nextLong(9_000_000_000_000_000L)),
                CITIES.get(place),
                STATES.get(place),
                time,
                letters(random, 40));
    }

    private Auction auction(long id, long round, long time, SplittableRandom random) {
        long initialBid = price(random);
        return new Auction(
                id,
                "item " + letters(random, 8),
                letters(random, 60),
                initialBid,
                initialBid + price(random),
                time,
                time + microsBetween * (ROUND + random.nextInt(20 * ROUND)),
                someone(round, random),
                10 + random.nextInt(5),
                letters(random, 40));
    }

    private static Bid bid(long newestAuction, long round, long time, SplittableRandom random) {
        long oldest = Math.max(0, newestAuction - OPEN_AUCTIONS);
        long auction = random.nextBoolean() ? newestAuction : oldest + random.nextLong(newestAuction - oldest + 1);
        boolean known = random.nextBoolean();
        int channel = random.nextInt(known ? CHANNELS.size() : 10_000);
        String path = "https://www.example.com/" + letters(random, 4) + "/" + letters(random, 4) + "/item.htm?query=1";
        return new Bid(
                auction,
                someone(round, random),
                price(random),
                known ? CHANNELS.get(channel) : "channel-" + channel,
                known ? path : path + "&channel_id=" + channel,
                time,
                letters(random, 30));
    }

    /// One of the newest people.
    private static long someone(long round, SplittableRandom random) {
        long oldest = Math.max(0, round - ACTIVE_PEOPLE);
        return oldest + random.nextLong(round - oldest + 1);
    }

    /// From 100 to 10 million, each order of magnitude as often as the others.
    private static long price(SplittableRandom random) {
        return Math.round(Math.pow(10, random.nextDouble() * 5) * 100);
    }

    private static String pick(List<String> values, SplittableRandom random) {
        return values.get(random.nextInt(values.size()));
    }

    private static String letters(SplittableRandom random, int count) {
        char[] letters = new char[count];
        for (int i = 0; i < count; i++) {
            letters[i] = (char) ('a' + random.nextInt(26));
        }
        return new String(letters);
    }
}
