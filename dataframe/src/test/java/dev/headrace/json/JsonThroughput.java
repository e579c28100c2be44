package dev.headrace.json;

import dev.headrace.types.StructType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;

/// Prints how fast payloads are decoded on one thread, in the processor's time. Not a test: run it as a program, as
/// `docs/decisions/0035-json-parser.md` says.
final class JsonThroughput {
    private static final int EVENTS = 100_000;
    private static final int ROUNDS = 30;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private JsonThroughput() {}

    public static void main(String[] args) {
        String only = args.length > 0 ? args[0] : "";
        byte[][] bids = bids();
        byte[][] flat = numbers();
        run(
                only,
                "bid, all 7 fields",
                bids,
                "auction bigint, bidder bigint, price bigint, channel string, url string, "
                        + "dateTime timestamp, extra string");
        run(only, "bid, 3 fields", bids, "auction bigint, price bigint, dateTime timestamp");
        run(only, "bid, 1 field", bids, "price bigint");
        run(only, "bid, no field", bids, "");
        run(
                only,
                "order, all fields",
                orders(),
                "id bigint, customer struct<name: string, city: string>, "
                        + "items array<struct<sku: string, quantity: int, price: decimal(10,2)>>, paid boolean, ts timestamp");
        run(only, "order, 2 nested fields", orders(), "id bigint, customer struct<city: string>");
        run(only, "numbers, all 8", flat, "a double, b double, c double, d double, e bigint, f bigint, g int, h int");
    }

    private static void run(String only, String name, byte[][] payloads, String ddl) {
        if (!name.contains(only)) {
            return;
        }
        long bytes = 0;
        for (byte[] payload : payloads) {
            bytes += payload.length;
        }
        double best = Double.MAX_VALUE;
        try (RootAllocator allocator = new RootAllocator();
                JsonDecoder decoder = new JsonDecoder(StructType.fromDDL(ddl), Map.of(), ZoneOffset.UTC, allocator)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = CPU.getCurrentThreadCpuTime();
                for (int i = 0; i < payloads.length; i++) {
                    decoder.decode(payloads[i], 0, payloads[i].length);
                    if (decoder.rows() == 8192 || i == payloads.length - 1) {
                        decoder.finish("value").close();
                    }
                }
                best = Math.min(best, (CPU.getCurrentThreadCpuTime() - start) / 1e9);
            }
            if (decoder.malformedRows() > 0) {
                throw new IllegalStateException(decoder.malformedRows() + " malformed");
            }
        }
        System.out.printf(
                "%-28s %5.0f bytes/event  %7.0f MB/s  %6.2f million events/s%n",
                name, (double) bytes / payloads.length, bytes / best / 1e6, payloads.length / best / 1e6);
    }

    static byte[][] bids() {
        Random random = new Random(1);
        byte[][] payloads = new byte[EVENTS][];
        for (int i = 0; i < EVENTS; i++) {
            payloads[i] = ("{\"auction\":" + (1000 + random.nextInt(100_000)) + ",\"bidder\":"
                            + random.nextInt(1_000_000)
                            + ",\"price\":" + random.nextInt(100_000_000) + ",\"channel\":\"channel-"
                            + random.nextInt(10_000)
                            + "\",\"url\":\"https://www.nexmark.com/" + text(random, 12)
                            + "/item.htm?query=1&channel_id="
                            + random.nextInt(1_000_000_000) + "\",\"dateTime\":\"2026-11-" + (10 + random.nextInt(20))
                            + "T12:34:5" + random.nextInt(10) + "." + (100 + random.nextInt(900)) + "Z\",\"extra\":\""
                            + text(random, 50) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        return payloads;
    }

    private static byte[][] orders() {
        Random random = new Random(2);
        byte[][] payloads = new byte[EVENTS][];
        for (int i = 0; i < EVENTS; i++) {
            StringBuilder items = new StringBuilder();
            int count = 1 + random.nextInt(4);
            for (int j = 0; j < count; j++) {
                items.append(j == 0 ? "" : ", ")
                        .append("{\"sku\": \"SKU-")
                        .append(random.nextInt(10_000))
                        .append("\", \"quantity\": ")
                        .append(1 + random.nextInt(9))
                        .append(", \"price\": ")
                        .append(random.nextInt(1000))
                        .append('.')
                        .append(10 + random.nextInt(90))
                        .append('}');
            }
            payloads[i] = ("{\"id\": " + i + ", \"customer\": {\"name\": \"" + text(random, 10) + " \\\""
                            + text(random, 5)
                            + "\\\"\", \"city\": \"Z\u00fcrich\"}, \"items\": [" + items + "], \"paid\": "
                            + random.nextBoolean() + ", \"ts\": \"2026-11-20 10:20:30\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        return payloads;
    }

    private static byte[][] numbers() {
        Random random = new Random(3);
        byte[][] payloads = new byte[EVENTS][];
        for (int i = 0; i < EVENTS; i++) {
            payloads[i] = ("{\"a\":" + random.nextDouble() + ",\"b\":" + random.nextInt(100_000) / 100.0 + ",\"c\":"
                            + random.nextGaussian() * 1e9 + ",\"d\":" + random.nextInt(1000) + ",\"e\":"
                            + random.nextLong() + ",\"f\":" + random.nextInt() + ",\"g\":" + random.nextInt(100)
                            + ",\"h\":"
                            + random.nextInt(100_000) + "}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        return payloads;
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
