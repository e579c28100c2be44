package dev.headrace.benchmarks.landing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Debezium's messages about one table, as JSON, the same in each run: six of ten insert a row, the others update one
/// of the last 200,000, a twentieth of all delete one of them.
final class ChangeFeed {
    static final String COLUMNS = "id bigint, customer string, amount double, status string";

    /// A message about the row with a key.
    record Message(long key, String json) {}

    private static final int RECENT = 200_000;

    private final Random random = new Random(1);
    private long keys;
    private long bytes;
    private int lsn = 1_000_000;

    /// The first key that no row has had.
    long nextKey() {
        return keys;
    }

    /// Goes on as if there were rows with all keys below `next`.
    void passTo(long next) {
        keys = next;
    }

    /// How many bytes all messages had, which are ASCII.
    long bytes() {
        return bytes;
    }

    List<Message> next(int count) {
        List<Message> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(20);
            boolean insert = kind < 12 || keys == 0;
            long id = insert ? keys++ : Math.max(0, keys - 1 - random.nextInt(RECENT));
            String op = insert ? "c" : kind == 19 ? "d" : "u";
            String message = message(op, id, lsn++);
            bytes += message.length();
            messages.add(new Message(id, message));
        }
        return messages;
    }

    private static String message(String op, long id, int lsn) {
        String row = "{\"id\":" + id + ",\"customer\":\"customer-" + id % 10_007 + "\",\"amount\":" + lsn % 997
                + ".25,\"status\":\"status-" + lsn % 7 + "\"}";
        String key = "{\"id\":" + id + ",\"customer\":null,\"amount\":null,\"status\":null}";
        return "{\"before\":" + (op.equals("d") ? key : null) + ",\"after\":" + (op.equals("d") ? null : row)
                + ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"name\":\"shop\","
                + "\"ts_ms\":1700000000000,\"snapshot\":\"false\",\"db\":\"shop\",\"schema\":\"public\","
                + "\"table\":\"orders\",\"txId\":7,\"lsn\":" + lsn + ",\"xmin\":null},"
                + "\"transaction\":null,\"op\":\"" + op + "\",\"ts_ms\":1700000000001}";
    }
}
