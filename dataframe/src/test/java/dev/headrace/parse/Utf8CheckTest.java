package dev.headrace.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {
    @Test
    void textIsUtf8WhereTheJdkTakesItForThat() {
        Random random = new Random(12);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 20)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                bytes = new String(bytes, StandardCharsets.UTF_16).getBytes(StandardCharsets.UTF_8);
            }
            if (bytes.length > 10 && random.nextBoolean()) {
                Arrays.fill(bytes, 0, 9, (byte) 'a');
            }
            byte[] again = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    Arrays.equals(bytes, again),
                    Utf8Check.isUtf8(bytes, 0, bytes.length),
                    HexFormat.of().formatHex(bytes));
        }
    }
}
